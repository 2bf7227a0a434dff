//! `cargo xtask serve`: the page on this machine alone.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::project::Project;
use crate::{build, say};

/// Taken when nobody says otherwise and it is free.
const PORT: u16 = 8080;

/// More bytes of a request are not read.
const REQUEST: u64 = 16 * 1024;

pub(crate) fn serve(project: &Project, mut args: Args) -> Result<()> {
    let (port, as_it_is) = (args.value::<u16>("--port")?, args.flag("--no-build"));
    args.end()?;
    if !as_it_is {
        build::build(project)?;
    }
    let page = project.page();
    if !page.is_file() {
        bail!("{} is not built yet: leave --no-build away", page.display());
    }
    let listener = listen(port)?;
    say::note("serving", &format!("http://{}/ until Ctrl+C", listener.local_addr()?));
    for stream in listener.incoming() {
        let page = page.clone();
        thread::spawn(move || stream.map(|stream| answer(stream, &page)));
    }
    Ok(())
}

fn listen(port: Option<u16>) -> Result<TcpListener> {
    let at = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => at(port).with_context(|| format!("port {port} cannot be used")),
        None => at(PORT).or_else(|_| at(0)).context("no port is free"),
    }
}

/// Answers one request and closes. A browser that went away is nobody's error.
fn answer(mut stream: TcpStream, page: &Path) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut request = BufReader::new((&stream).take(REQUEST));
    let mut first = String::new();
    if request.read_line(&mut first).is_err() {
        return;
    }
    let mut line = String::new();
    while request.read_line(&mut line).is_ok_and(|length| length > 2) {
        line.clear();
    }
    let _ = stream.write_all(&response(&first, page));
}

fn response(request: &str, page: &Path) -> Vec<u8> {
    let mut words = request.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let sum = page.with_extension("html.sha256");
    let (status, kind, body) = match (method, path) {
        ("GET" | "HEAD", "/" | "/index.html" | "/signin-sleuth.html") => file(page, "text/html; charset=utf-8"),
        ("GET" | "HEAD", "/signin-sleuth.html.sha256") => file(&sum, "text/plain; charset=utf-8"),
        ("GET" | "HEAD", _) => ("404 Not Found", "text/plain", b"There is only one page: /\n".to_vec()),
        _ => ("405 Method Not Allowed", "text/plain", b"This only hands out a page.\n".to_vec()),
    };
    let mut response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    if method != "HEAD" {
        response.extend(body);
    }
    response
}

fn file(path: &Path, kind: &'static str) -> (&'static str, &'static str, Vec<u8>) {
    match fs::read(path) {
        Ok(body) => ("200 OK", kind, body),
        Err(_) => ("404 Not Found", "text/plain", b"The page is not built.\n".to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::response;

    fn page() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("sleuth-serve-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let page = folder.join("signin-sleuth.html");
        fs::write(&page, "<!doctype html>\n").unwrap();
        page
    }

    #[test]
    fn hands_out_the_page_and_nothing_else() {
        let page = page();
        let ask = |line: &str| String::from_utf8(response(line, &page)).unwrap();
        let whole = ask("GET / HTTP/1.1\r\n");
        assert!(
            whole.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 16\r\n")
        );
        assert!(whole.ends_with("\r\n\r\n<!doctype html>\n"));
        assert!(ask("HEAD /?a HTTP/1.1\r\n").ends_with("Connection: close\r\n\r\n"));
        assert!(ask("GET /../Cargo.toml HTTP/1.1\r\n").starts_with("HTTP/1.1 404"));
        assert!(ask("POST / HTTP/1.1\r\n").starts_with("HTTP/1.1 405"));
        assert!(ask("").starts_with("HTTP/1.1 405"));
    }
}
