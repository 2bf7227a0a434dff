// What is handed on: the report as a page of its own and as Markdown, and files that name nobody.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { artefact, folder, launch, serve } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

let browser, server, files;

before(async () => {
  files = folder();
  server = await serve({ "/": artefact() });
  files.write("signins.ndjson", ndjson(tenant()));
  files.write("hostile.ndjson", ndjson(tenant({ hostile: true })));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

async function report(name) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })).newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  await page.goto(server.url("/"));
  await page.setInputFiles("#choose-files", [files.path(name)]);
  await page.locator("[role=grid] .tr.sel").waitFor({ timeout: 60_000 });
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.locator(".told").nth(1).waitFor();
  await page.locator(".digest").first().waitFor();
  return page;
}

/** The file that a button offers, and its name. */
async function saved(page, name) {
  const button = page.getByRole("button", { name, exact: true });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { text: readFileSync(await download.path(), "utf8"), name: download.suggestedFilename() };
}

async function done(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

test("the report is saved as a page that says the same, runs nothing and loads nothing", async () => {
  const page = await report("hostile.ndjson");
  await page.getByLabel("Name of the case").fill("<b>Case</b> 7");
  const shown = await page.locator(".paper-like h1").innerText();
  const { text, name } = await saved(page, "Save as HTML");
  assert.equal(name, "signin-sleuth-report.html");
  assert.doesNotMatch(text, /<script|<img|onerror=|<button|src=|href=/i);
  files.write("report.html", text);
  const alone = await page.context().newPage();
  const asked = [];
  alone.on("request", (request) => asked.push(request.url()));
  await alone.goto(files.url("report.html"));
  assert.equal(await alone.title(), "<b>Case</b> 7");
  assert.equal(await alone.locator("h1").innerText(), shown);
  assert.equal(await alone.locator(".told").count(), 2);
  assert.equal(await alone.locator(".told h3").first().isVisible(), true);
  assert.equal(await alone.evaluate(() => globalThis.pwned), undefined);
  assert.deepEqual(asked, [files.url("report.html")]);
  await alone.close();
  await done(page);
});

test("the report is saved as Markdown, in which a log's text is only text", async () => {
  const page = await report("hostile.ndjson");
  const { text, name } = await saved(page, "Save as Markdown");
  assert.equal(name, "signin-sleuth-report.md");
  assert.match(text, /^Sign-in review\n\n# Two of 42 sessions were very likely stolen\./);
  for (const head of ["## Sessions", "## Next steps", "## Coverage", "## Files"]) assert.ok(text.includes(`\n${head}\n`), head);
  assert.match(text, /\| hostile\.ndjson \|/);
  assert.match(text, /\\<script\\>globalthis/);
  assert.doesNotMatch(text, /(^|[^\\])<(img|script)/);
  assert.doesNotMatch(text, /[^\\]:\/\//);
  await done(page);
});

test("files that name nobody say of the same person the same", async () => {
  const page = await report("signins.ndjson");
  const plain = await saved(page, "Save as Markdown");
  assert.match(plain.text, /user\.0@example\\?\.com/);
  await page.getByLabel(/^Saved files name nobody/).check();
  const markdown = await saved(page, "Save as Markdown");
  const html = await saved(page, "Save as HTML");
  assert.equal(markdown.name, "signin-sleuth-report-nameless.md");
  await page.keyboard.press("Escape");
  await page.locator("main").focus();
  await page.keyboard.press("w");
  const [json, findings, evidence] = [await saved(page, "Save Report, JSON"), await saved(page, "Save Findings, CSV"), await saved(page, "Save Evidence, CSV")];
  for (const { text, name } of [markdown, html, json, findings, evidence]) {
    assert.match(name, /-nameless\./);
    assert.doesNotMatch(text, /user\.\d|example\.com|NB-4\d\d|198\.51\.100|203\.0\.113/, name);
    assert.match(text, /user-\d/, name);
  }
  // Times and ids are what they were, and JSON is JSON.
  const { sessions } = JSON.parse(json.text);
  assert.equal(sessions.length, 2);
  assert.match(markdown.text, /12 Nov 10:01:31/);
  const stolen = /a0000000-0000-4000-8000-000009000000/;
  const { user } = sessions.find(({ session }) => stolen.test(session));
  assert.match(user.name, /^user-\d+$/);
  assert.ok(findings.text.split("\n").some((line) => stolen.test(line) && line.includes(`${user.name},`)), user.name);
  await done(page);
});
