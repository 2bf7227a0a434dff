// What the browser tests share: the built page, the same page with a test's script in it, a server,
// and a browser.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createListener } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { buildSync } from "esbuild";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const path = process.env.SLEUTH_PAGE ?? join(root, "dist/signin-sleuth.html");

/** The page as it is handed out. */
export const artefact = () => readFileSync(path, "utf8");

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

const source = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page with `tests/browser/harness.ts` in place of its last script, under the same policy. */
export function harness() {
  const bundle = buildSync({
    entryPoints: [join(root, "tests/browser/harness.ts")],
    bundle: true,
    write: false,
    format: "iife",
    minify: true,
    target: "es2023",
    charset: "ascii",
    define: { BUILD: JSON.stringify({ version: "0", commit: "test", rust: "test" }) },
  });
  const script = bundle.outputFiles[0].text.trimEnd();
  const page = artefact();
  const start = page.lastIndexOf("<script>") + "<script>".length;
  const end = page.lastIndexOf("</script>");
  const old = page.slice(start, end);
  return (page.slice(0, start) + script + page.slice(end)).replace(source(old), source(script));
}

/** The same page without its policy: what a build that lost it would be. */
export const withoutPolicy = (page) => page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");

/** Serves texts by path; whatever else is asked for is noted and not found. */
export async function serve(pages) {
  const asked = [];
  const server = createServer((request, response) => {
    const page = pages[request.url];
    if (page === undefined) asked.push(request.url);
    response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
    response.end(page);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { port, asked, url: (path, host = "127.0.0.1") => `http://${host}:${port}${path}`, close };
}

/** Takes every connection that the self-test's attempts would make, and counts them. */
export async function sink() {
  const sink = { connections: 0 };
  const listener = createListener((socket) => {
    sink.connections++;
    socket.on("error", () => {}).destroy();
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const rule = `MAP *.sign-in-sleuth.invalid:* 127.0.0.1:${listener.address().port}`;
  return Object.assign(sink, { rule, close: () => new Promise((resolve) => listener.close(resolve)) });
}

/** A folder for files of a test. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), "sleuth-"));
  return {
    write: (name, content) => (writeFileSync(join(path, name), content), join(path, name)),
    url: (name) => pathToFileURL(join(path, name)).href,
    path: (name) => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A file of a tenant that never was, so large, in such a folder. */
export function generated(files, amount) {
  const out = files.path("sign-ins.ndjson");
  const run = ["run", "--quiet", "--release", "--bin", "signin-sleuth", "--", "generate", "--large", amount, "--out", out];
  execFileSync("cargo", run, { cwd: root, stdio: "inherit" });
  return out;
}

/** A name that leads to this machine and is no secure context, as an internal host without TLS. */
export const INTERNAL = "internal.test";

export const launch = (rules = []) =>
  chromium.launch({
    executablePath: process.env.SLEUTH_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=${[`MAP ${INTERNAL} 127.0.0.1`, ...rules].join(",")}`,
    ],
  });

/** Puts a file input into the page and files into it; they are then `await input.files` there. */
export async function choose(page, ...paths) {
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.id = "test-files";
    document.body.append(input);
  });
  await page.setInputFiles("#test-files", paths);
}
