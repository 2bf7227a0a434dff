//! The tags of a page written in canonical form, and the texts between them.

/// A start tag, with the raw text of a `script`, `style`, `title` or `noscript`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element<'page> {
    pub(crate) name: &'page str,
    pub(crate) attributes: Vec<(&'page str, &'page str)>,
    pub(crate) text: &'page str,
}

impl<'page> Element<'page> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&'page str> {
        self.attributes.iter().find(|(given, _)| *given == name).map(|(_, value)| *value)
    }

    /// A script that the browser runs, not a block of data.
    pub(crate) fn runs(&self) -> bool {
        self.name == "script" && self.attribute("type").is_none()
    }
}

const RAW: &[&str] = &["script", "style", "title", "noscript"];

/// Reads all start tags, or says what is not canonical about one.
pub(crate) fn elements(page: &str) -> Result<Vec<Element<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (inside, after) = tag_end(after).ok_or("a tag without an end")?;
        rest = after;
        if inside.starts_with(['/', '!']) {
            continue;
        }
        let name_end = inside.find(' ').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(name_end);
        let mut element = Element { name, attributes: read_attributes(attributes)?, text: "" };
        if RAW.contains(&name) {
            let close = format!("</{name}>");
            let (text, after) = rest.split_once(&close).ok_or_else(|| format!("<{name}> is not closed"))?;
            (element.text, rest) = (text, after);
        }
        found.push(element);
    }
    Ok(found)
}

/// Splits at the `>` that is not inside quotes.
fn tag_end(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = text.find(|character| {
        quoted ^= character == '"';
        character == '>' && !quoted
    })?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn read_attributes(mut text: &str) -> Result<Vec<(&str, &str)>, String> {
    let mut found = Vec::new();
    while !text.is_empty() {
        let wrong = || format!("attributes are not written as name=\"value\": {text}");
        let (name, after) = text.strip_prefix(' ').and_then(|text| text.split_once("=\"")).ok_or_else(wrong)?;
        let (value, after) = after.split_once('"').ok_or_else(wrong)?;
        if name.contains(' ') || value.contains(['<', '>']) {
            return Err(wrong());
        }
        found.push((name, value));
        text = after;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Element, elements};

    #[test]
    fn scripts_keep_their_text() {
        let page = r#"<p class="a b">x</p><script id="s">if (a < b) "</p>"</script>"#;
        let found = elements(page).unwrap();
        assert_eq!(found[0], Element { name: "p", attributes: vec![("class", "a b")], text: "" });
        assert_eq!(found[1].text, r#"if (a < b) "</p>""#);
        assert!(found[1].runs());
    }

    #[test]
    fn what_a_browser_would_write_otherwise_is_refused() {
        for page in ["<p class=a>", "<input disabled>", r#"<a title="<b>">"#, "<script>never closed", "<p"] {
            assert!(elements(page).is_err(), "{page}");
        }
    }
}
