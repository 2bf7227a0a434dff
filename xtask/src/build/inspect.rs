//! What must hold for the finished page, read from the file and not from what made it.

use std::collections::BTreeSet;
use std::env;
use std::io::Read;

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;

use super::document::{gzip, sha256, source};
use super::elements::{Element, elements};
use super::wasm::Core;
use crate::project::Project;
use crate::say;

/// One thing that must hold, and what speaks against it.
pub(crate) struct Finding {
    pub(crate) what: &'static str,
    pub(crate) problems: Vec<String>,
}

/// Directives that must stand in the policy as they are.
const POLICY: &[(&str, &str)] = &[
    ("default-src", "'none'"),
    ("connect-src", "'none'"),
    ("img-src", "data: blob:"),
    ("worker-src", "blob:"),
    ("form-action", "'none'"),
    ("base-uri", "'none'"),
    ("require-trusted-types-for", "'script'"),
];

/// Ways to run a text as a program, and styles that load. (The self-test of the policy tries `import`
/// and its like on hosts that cannot exist, so those words may stand there.)
const FORBIDDEN: &[&str] = &["new Function", "eval(", "@import", "url(http", "url(\"http"];

/// A browser looks for the encoding in this many bytes.
const ENCODING_WITHIN: usize = 1024;

pub(crate) fn inspect(project: &Project, page: &str, core: &Core, sum: &str, size: u64) -> Vec<Finding> {
    let read = elements(page);
    let tags = read.as_deref().unwrap_or_default();
    let module = module(tags).unwrap_or_default();
    let policy = policy(tags);
    let finding = |what, problems| Finding { what, problems };
    vec![
        finding("it is written as a browser writes it", canonical(page, read.as_ref().err())),
        finding("the policy is the first tag of head", policy_first(tags)),
        finding("the policy forbids every connection", directives(&policy)),
        finding("the policy names the hashes of exactly the scripts and the style inside", hashes(tags, &policy)),
        finding("the policy names exactly the trusted types that the scripts make", trusted_types(tags, &policy)),
        finding("no text is run as a program, none is loaded", forbidden(tags)),
        finding("no tag loads anything", loads(tags)),
        finding("only the hosts of wasm-pack.toml are named", hosts(project, tags, page, &module)),
        finding("no folder of the building machine is named", machine(project, page, &module)),
        finding("the module inside is the one that was built", same_module(&module, core)),
        finding("the hash beside it is its hash", same_hash(page, sum)),
        finding("it is within the size budget", budget(size, project.recipe.page.gzipped_at_most)),
    ]
}

/// Bytes of the page as a web server sends it.
pub(crate) fn gzipped(page: &[u8]) -> Result<u64> {
    Ok(gzip(page)?.len() as u64)
}

fn canonical(page: &str, error: Option<&String>) -> Vec<String> {
    let mut problems: Vec<String> = error.into_iter().cloned().collect();
    let mut holds = |good: bool, problem: &str| {
        if !good {
            problems.push(problem.to_owned());
        }
    };
    holds(page.starts_with("<!doctype html>\n<html lang=\"en\"><head>"), "the beginning is another");
    holds(page.ends_with("</script></body></html>\n"), "the end is another than the last script's");
    holds(!page.contains(['\r', '\0']), "it holds a carriage return or a zero byte");
    let encoding = page.find("<meta charset=\"utf-8\">");
    holds(encoding.is_some_and(|at| at < ENCODING_WITHIN), "the encoding is not said within the first 1,024 bytes");
    problems
}

/// The directives of the policy, by name.
fn policy<'page>(tags: &[Element<'page>]) -> Vec<(&'page str, &'page str)> {
    let meta = tags.iter().find(|tag| tag.attribute("http-equiv") == Some("Content-Security-Policy"));
    let content = meta.and_then(|tag| tag.attribute("content")).unwrap_or_default();
    content.split(';').map(str::trim).filter_map(|directive| directive.split_once(' ')).collect()
}

fn value<'page>(policy: &[(&str, &'page str)], name: &str) -> &'page str {
    policy.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| *value)
}

fn policy_first(tags: &[Element<'_>]) -> Vec<String> {
    let at = tags.iter().position(|tag| tag.attribute("http-equiv") == Some("Content-Security-Policy"));
    let head = tags.iter().position(|tag| tag.name == "head");
    if at.is_some() && at == head.map(|head| head + 1) { Vec::new() } else { vec!["it is not".to_owned()] }
}

fn directives(policy: &[(&str, &str)]) -> Vec<String> {
    let wrong = POLICY.iter().filter(|(name, wanted)| value(policy, name) != *wanted);
    let mut problems: Vec<String> =
        wrong.map(|(name, wanted)| format!("{name} is {:?}, not {wanted:?}", value(policy, name))).collect();
    let known = |name: &str| {
        POLICY.iter().any(|(given, _)| *given == name) || ["script-src", "style-src", "trusted-types"].contains(&name)
    };
    problems.extend(policy.iter().filter(|(name, _)| !known(name)).map(|(name, _)| format!("{name} is not expected")));
    problems
}

fn hashes(tags: &[Element<'_>], policy: &[(&str, &str)]) -> Vec<String> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let mut scripts: BTreeSet<String> = tags.iter().filter(|tag| tag.runs()).map(|tag| source(tag.text)).collect();
    scripts.insert("'wasm-unsafe-eval'".to_owned());
    let styles: BTreeSet<String> = tags.iter().filter(|tag| tag.name == "style").map(|tag| source(tag.text)).collect();
    let mut problems = Vec::new();
    for (name, wanted) in [("script-src", scripts), ("style-src", styles)] {
        if words(value(policy, name)) != wanted {
            problems.push(format!("{name} is {}, the page holds {wanted:?}", value(policy, name)));
        }
    }
    problems
}

fn scripts<'tags, 'page>(tags: &'tags [Element<'page>]) -> impl Iterator<Item = &'tags Element<'page>> {
    tags.iter().filter(|tag| tag.name == "script" && tag.attribute("id") != Some("sleuth-wasm"))
}

fn trusted_types(tags: &[Element<'_>], policy: &[(&str, &str)]) -> Vec<String> {
    let made: BTreeSet<&str> = scripts(tags)
        .flat_map(|tag| tag.text.split("createPolicy(").skip(1))
        .filter_map(|call| call.strip_prefix(['"', '\'', '`'])?.split(['"', '\'', '`']).next())
        .collect();
    let named: BTreeSet<&str> = value(policy, "trusted-types").split(' ').collect();
    if made == named { Vec::new() } else { vec![format!("the policy names {named:?}, the scripts make {made:?}")] }
}

fn forbidden(tags: &[Element<'_>]) -> Vec<String> {
    let texts = tags.iter().filter(|tag| ["script", "style"].contains(&tag.name));
    let mut problems = Vec::new();
    for text in texts.map(|tag| tag.text) {
        for word in FORBIDDEN {
            if let Some(at) = text.find(word) {
                let end = text.ceil_char_boundary((at + 60).min(text.len()));
                problems.push(format!("{word} in: {}", text.get(at..end).unwrap_or_default()));
            }
        }
    }
    problems
}

fn loads(tags: &[Element<'_>]) -> Vec<String> {
    let attributes = tags.iter().flat_map(|tag| tag.attributes.iter().map(move |attribute| (tag.name, attribute)));
    attributes
        .filter(|(_, (name, value))| {
            ["src", "href", "srcset", "action", "data"].contains(name) && !value.starts_with("data:")
        })
        .map(|(tag, (name, value))| format!("<{tag} {name}=\"{value}\">"))
        .collect()
}

fn hosts(project: &Project, tags: &[Element<'_>], page: &str, module: &[u8]) -> Vec<String> {
    let module = String::from_utf8_lossy(module);
    // Licences of others name what they like.
    let notices = tags.iter().find(|tag| tag.attribute("id") == Some("sleuth-notices")).map_or("", |tag| tag.text);
    let page = page.split_once(notices).filter(|_| !notices.is_empty()).unwrap_or((page, ""));
    let named: BTreeSet<&str> = [page.0, page.1, &module].into_iter().flat_map(named_hosts).collect();
    let allowed =
        |host: &str| host.ends_with(".invalid") || project.recipe.page.hosts.iter().any(|known| known == host);
    named.into_iter().filter(|host| !allowed(host)).map(str::to_owned).collect()
}

/// Hosts behind `http://` and `https://`.
fn named_hosts(text: &str) -> impl Iterator<Item = &str> {
    let is_host = |character: char| character.is_ascii_alphanumeric() || ".-:".contains(character);
    ["http://", "https://"].into_iter().flat_map(move |scheme| {
        text.split(scheme).skip(1).filter_map(move |after| {
            let end = after.find(|character| !is_host(character)).unwrap_or(after.len());
            after.get(..end).filter(|host| !host.is_empty())
        })
    })
}

fn machine(project: &Project, page: &str, module: &[u8]) -> Vec<String> {
    let module = String::from_utf8_lossy(module);
    let folders = [Some(project.root.clone()), Some(project.target.clone()), env::home_dir()];
    let folders = folders.into_iter().flatten().map(|folder| format!("{}/", folder.display()));
    folders.filter(|folder| folder.len() > 3 && (page.contains(folder) || module.contains(folder))).collect()
}

fn module(tags: &[Element<'_>]) -> Option<Vec<u8>> {
    let text = tags.iter().find(|tag| tag.attribute("id") == Some("sleuth-wasm"))?.text;
    let mut module = Vec::new();
    GzDecoder::new(STANDARD.decode(text).ok()?.as_slice()).read_to_end(&mut module).ok()?;
    Some(module)
}

fn same_module(module: &[u8], core: &Core) -> Vec<String> {
    match std::fs::read(&core.module) {
        Ok(built) if built == module && module.starts_with(b"\0asm") => Vec::new(),
        _ => vec!["it is another, or none".to_owned()],
    }
}

fn same_hash(page: &str, sum: &str) -> Vec<String> {
    let wanted = format!("{}  signin-sleuth.html\n", sha256(page.as_bytes()));
    if sum == wanted { Vec::new() } else { vec![format!("it says {:?}, not {:?}", sum.trim_end(), wanted.trim_end())] }
}

fn budget(size: u64, most: u64) -> Vec<String> {
    if size <= most { Vec::new() } else { vec![format!("{} gzipped, {} allowed", say::bytes(size), say::bytes(most))] }
}

#[cfg(test)]
#[path = "inspect_tests.rs"]
mod tests;
