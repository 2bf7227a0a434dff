// How one looks at the sessions: columns, grouping, views, the address; the charts of one session; files of the
// allow list.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { artefact, folder, launch, serve, sha256 } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

let browser, server, files;

before(async () => {
  files = folder();
  server = await serve({ "/": artefact() });
  files.write("signins.ndjson", ndjson(tenant()));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

async function open(hash = "") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.wrong.push(message.text()));
  await page.goto(server.url("/") + hash);
  await page.setInputFiles("#choose-files", [files.path("signins.ndjson")]);
  return page;
}

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const rows = (page) => page.locator("[role=grid] .tr.pick");
const heads = (page) => page.locator("[role=columnheader]").allInnerTexts();
const hash = (page) => new URL(page.url()).hash;

async function done(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

test("columns come and go, from the list and from a facet", async () => {
  const page = await open();
  await rows(page).first().waitFor();
  assert.ok(!(await heads(page)).includes("Other agent"));
  await page.getByRole("button", { name: "Columns" }).click();
  const box = (name) => page.getByRole("dialog").getByLabel(name, { exact: true });
  await box("Other agent").check();
  await box("Owner").uncheck();
  assert.equal(await box("Severity").isDisabled(), true);
  await press(page, "Escape");
  assert.ok((await heads(page)).includes("Other agent") && !(await heads(page)).includes("Owner"));
  assert.match(await rows(page).first().innerText(), /python-requests/);
  await page.getByRole("button", { name: "Column Other network" }).click();
  assert.ok((await heads(page)).includes("Other network"));
  assert.match(await rows(page).first().innerText(), /AS14061/);
  assert.equal(await page.locator("[role=grid]").getAttribute("aria-colcount"), String((await heads(page)).length));
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "As many as fit" }).click();
  await press(page, "Escape");
  assert.ok((await heads(page)).includes("Owner"));
  await done(page);
});

test("what is searched for is marked where it is found, until it is cleared", async () => {
  const page = await open();
  await rows(page).first().waitFor();
  await press(page, "/");
  await page.keyboard.type("USER.1");
  await page.locator(".filters .cnt", { hasText: /^1 session$/ }).waitFor();
  const marked = page.locator("[role=grid] mark");
  await marked.first().waitFor();
  assert.ok((await marked.allInnerTexts()).includes("user.1"));
  const [ground, letters] = await marked.first().evaluate((one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]);
  assert.deepEqual([ground, letters], ["rgb(17, 21, 27)", "rgb(255, 255, 255)"]);
  await press(page, "Escape");
  await rows(page).nth(1).waitFor();
  assert.equal(await marked.count(), 0);
  await done(page);
});

test("sessions stand together by what is asked for, and a view keeps how", async () => {
  const page = await open();
  await page.locator(".tr.group").getByText("A phished device code: two sessions of two users.").waitFor();
  await page.getByLabel("Group").selectOption("network");
  await page.locator(".tr.group", { hasText: "AS14061 DigitalOcean" }).getByText("2 sessions, 2 users").waitFor();
  await page.getByLabel("Group").selectOption("user");
  await page.locator(".tr.group").nth(1).waitFor();
  await press(page, "v");
  await page.getByLabel("Keep what is shown now as").fill("By user");
  await press(page, "Enter", "Escape");
  await page.getByLabel("Group").selectOption("none");
  await page.locator(".tr.group").first().waitFor({ state: "detached" });
  await press(page, "v");
  await page.getByRole("button", { name: "By user", exact: true }).click();
  await page.locator(".tr.group").nth(1).waitFor();
  // A case file keeps it.
  await press(page, "g", "r");
  await page.locator(".told").first().waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save case file" }).click()]);
  const { views } = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.deepEqual(views.map(({ name, group }) => [name, group]), [["By user", "user"]]);
  await done(page);
});

test("the address says where one is and how one looks, and nothing of the case", async () => {
  const page = await open();
  await rows(page).first().waitFor();
  assert.equal(hash(page), "#sessions");
  await page.locator(".facet", { hasText: "Netherlands" }).locator(".only").click();
  await press(page, "/");
  await page.keyboard.type("user.0@");
  await page.getByLabel("Group").selectOption("user");
  await page.waitForFunction(() => location.hash === "#sessions?group=user&facets=country&text");
  await page.locator(".filters .cnt", { hasText: /^1 session$/ }).waitFor();
  await rows(page).first().dblclick();
  await page.locator(".session h1").waitFor();
  await page.waitForFunction(() => /^#session\?key=[0-9a-f]{16}&group=user&facets=country&text$/.test(location.hash));
  const [kept, told] = [hash(page), await page.locator(".session h1").innerText()];
  const key = /key=([0-9a-f]+)/.exec(kept)[1];
  assert.ok(!(await page.evaluate(() => document.body.innerHTML)).includes(key));
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await done(page);
  // Another day, with the same file, it leads to the same session.
  const again = await open(kept);
  await again.locator(".session h1").waitFor({ timeout: 60_000 });
  assert.equal(await again.locator(".session h1").innerText(), told);
  await press(again, "g", "s");
  await rows(again).first().waitFor();
  assert.equal(await again.getByLabel("Group").inputValue(), "user");
  await done(again);
  // One that leads nowhere leads to the sessions.
  const other = await open("#session?key=0000000000000000");
  await rows(other).first().waitFor({ timeout: 60_000 });
  await done(other);
});

test("tokens and the way stand as charts and as tables, and keys go from token to token", async () => {
  const page = await open();
  await rows(page).first().waitFor();
  await rows(page).filter({ hasText: "user.0" }).dblclick();
  const node = page.locator(".lineage .node");
  await node.first().waitFor();
  await page.locator(".passed").getByText("changed hands here").waitFor();
  assert.match(await page.locator(".lineage").innerText(), /Sign-in[\s\S]*Held by[\s\S]*Redeemed for/);
  await node.first().focus();
  const focused = () => page.evaluate(() => document.activeElement.innerText);
  const first = await focused();
  await press(page, "ArrowRight");
  assert.match(await focused(), /^Owner\b/);
  await press(page, "ArrowDown");
  assert.match(await focused(), /^Other\b/);
  await press(page, "ArrowRight");
  assert.match(await focused(), /Microsoft (Azure CLI|Office)/);
  await press(page, "ArrowLeft", "ArrowLeft");
  assert.equal(await focused(), first);
  // A token that a finding rests on chooses the finding.
  const evil = page.locator(".lineage .node.token.other").filter({ has: page.locator(".number") }).first();
  const number = (await evil.locator(".number").innerText()).replace(/\D/g, "");
  await evil.click();
  assert.equal(await page.locator(".findings [aria-current] .number").innerText(), number);
  assert.equal(await page.locator(".lineage .node.on").count(), 1);
  await page.locator(".distance").getByText("usual").waitFor().catch(() => page.locator(".distance").getByText(/within 50 km/).waitFor());
  await press(page, "t");
  const tables = await page.locator(".twin caption").allInnerTexts();
  assert.ok(tables.some((caption) => caption.startsWith("Tokens, devices")), `${tables}`);
  assert.ok((await page.locator(".lineage .twin tbody tr").count()) >= 2);
  await done(page);
});

test("a tunable says what it changes, before and after", async () => {
  const page = await open();
  await rows(page).first().waitFor();
  await rows(page).filter({ hasText: "user.0" }).dblclick();
  await page.locator(".session h1").waitFor();
  await press(page, "u");
  await page.getByLabel("Find a detection or a tunable").fill("foci-pivot");
  const effect = page.locator(".effect");
  await effect.getByText(/^1 finding in 1 session, 1 above the line$/).waitFor();
  await page.getByLabel("max-gap-minutes").fill("1");
  await press(page, "Tab");
  await effect.getByText(/^1 → 0 findings in 1 → 0 sessions, 1 → 0 above the line$/).waitFor();
  await done(page);
});

test("an allow list is saved and loaded, and an odd file is refused", async () => {
  const page = await open();
  await page.locator("[role=grid] .tr.sel").waitFor();
  await press(page, "a");
  await page.getByRole("button", { name: "Put aside" }).click();
  await page.getByText(/put aside by your allow list/).first().waitFor();
  await press(page, "u");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save allow list" }).click()]);
  const content = readFileSync(await download.path(), "utf8");
  const { kind, allowed } = JSON.parse(content);
  assert.deepEqual([kind, allowed.length, allowed[0].all[0].field], ["signin-sleuth-allow-list", 1, "network"]);
  await page.getByRole("button", { name: "Remove entry 1" }).click();
  await page.getByText("Nothing is put aside.").waitFor();
  const load = (name, content) => page.setInputFiles("#load-allow", [{ name, mimeType: "application/json", buffer: Buffer.from(content) }]);
  await load("other.json", "{}");
  await page.getByText("It is no allow list. Nothing was changed.").waitFor();
  await load("allow.json", content);
  await page.locator(".allow-list").getByText("Hides 2 sessions, 2 of them above the line otherwise.").waitFor();
  await done(page);
});

test("the report names each file with its SHA-256", async () => {
  const page = await open();
  await rows(page).first().waitFor();
  await press(page, "g", "r");
  await page.locator(".digest").getByText(sha256(readFileSync(files.path("signins.ndjson")))).waitFor();
  await done(page);
});
