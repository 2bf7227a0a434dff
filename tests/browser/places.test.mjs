// The places beside the sessions: the tenant in counts, an entity and the way to others, the files, the report.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { artefact, folder, launch, serve } from "./page.mjs";
import { HOSTILE_NAME, ndjson, tenant } from "./tenant.mjs";

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

async function open(name = "signins.ndjson") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.wrong.push(message.text()));
  await page.goto(server.url("/"));
  await page.setInputFiles("#choose-files", [files.path(name)]);
  await page.locator(".sessions h1").waitFor({ timeout: 60_000 });
  return page;
}

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

async function done(page) {
  assert.deepEqual(page.wrong, []);
  // The address names places and fields, never a value: `looks.test.mjs` looks at it.
  assert.match(new URL(page.url()).hash, /^#[a-z]+(\?(key=[0-9a-f]{16}|sort=[a-z-]+|group=[a-z]+|columns=[a-z.]+|facets=[a-z.]+|time|text|&)*)?$/);
  await page.context().close();
}

const headline = (page) => page.locator("main h1").first().innerText();
const view = (page, name) => page.getByRole("navigation", { name: "Views" }).getByRole("button", { name, exact: true });
const cells = (page, row) => page.locator(`.tenant-table tbody tr:nth-child(${row}) td`).allInnerTexts();

test("the tenant is counted in many views, by keyboard, and each row is a way on", async () => {
  const page = await open();
  await press(page, "g", "t");
  await page.locator(".tenant-table tbody tr").first().waitFor();
  assert.equal(await headline(page), "3 applications in 85 sign-ins of 4 users.");
  const first = await cells(page, 1);
  assert.equal(first[0], "Microsoft Office");
  assert.equal(first[2], "83");
  // Another view by its name, filtered to a value and back.
  await view(page, "Place").click();
  await page.getByText("Amsterdam").first().waitFor();
  await press(page, "j", "y");
  await page.locator(".tenant .chip").getByText("Netherlands").waitFor();
  await view(page, "Application").click();
  await page.getByText("3 applications in 4 sign-ins of 2 users.").waitFor();
  await press(page, "Escape");
  await page.getByText("3 applications in 85 sign-ins of 4 users.").waitFor();
  // What is not blocked, and what the exports do not say.
  await view(page, "Device code").click();
  await page.getByText("1 sign-in by device code, and nothing blocked it.").waitFor();
  await view(page, "What each policy did").click();
  await page.getByText("Cannot be told: the exports do not say the policy.").waitFor();
  await done(page);
});

test("from a row to an entity, to another, and back on the trail", async () => {
  const page = await open();
  await press(page, "g", "t");
  await view(page, "Address").click();
  await page.locator(".tenant-table").getByRole("button", { name: "203.0.113.77" }).click();
  await page.getByRole("heading", { name: "203.0.113.77 held two sessions of two users." }).waitFor();
  assert.equal(await page.locator(".short-sessions tbody tr").count(), 2);
  assert.equal(await page.locator(".spans li:not(.axis)").count(), 2);
  await page.locator(".entity-side").getByText("AS14061").waitFor();
  // Chart and table say the same.
  await press(page, "t");
  await page.locator(".twin tbody tr").first().waitFor();
  assert.equal(await page.locator(".twin tbody tr").count(), 2);
  await press(page, "t");
  await page.locator(".spans").getByRole("button", { name: "user.1" }).click();
  await page.getByRole("heading", { name: /^One of 11 sessions of user\.1@example\.com was very likely stolen\.$/ }).waitFor();
  await page.locator(".trail").getByRole("button", { name: "203.0.113.77" }).waitFor();
  // One session of the entity, by keyboard, and back.
  await press(page, "j", "Enter");
  await page.locator(".session h1").waitFor();
  await press(page, "Backspace");
  await page.locator(".trail").getByRole("button", { name: "203.0.113.77" }).click();
  await page.getByRole("heading", { name: "203.0.113.77 held two sessions of two users." }).waitFor();
  await press(page, "v");
  await page.locator(".tenant .chip").getByText("203.0.113.77").waitFor();
  await page.getByText("2 users in 4 sign-ins of 2 users.").waitFor();
  await done(page);
});

test("a session leads to its user, addresses, devices and applications", async () => {
  const page = await open();
  await page.locator("[role=grid] .tr.sel").waitFor();
  await press(page, "Enter");
  await page.locator(".session h1").waitFor();
  await page.locator(".others").getByRole("button", { name: "203.0.113.77", exact: true }).click();
  await page.getByRole("heading", { name: /^203\.0\.113\.77 held two sessions/ }).waitFor();
  await press(page, "Backspace");
  await page.locator(".trail").getByRole("button", { name: /^user\.\d@example\.com$/ }).click();
  await page.getByRole("heading", { name: /very likely stolen\.$/ }).waitFor();
  await page.locator(".entity-all tbody tr").first().waitFor();
  assert.equal(await page.locator(".entity-all tbody tr").count(), 11);
  await done(page);
});

test("the way back leads to where one had scrolled, and the way on to the top", async () => {
  const page = await open();
  const pane = page.locator("main [data-keep-scroll]");
  const scrolled = () => pane.evaluate((pane) => pane.scrollTop);
  await page.locator("[role=grid] .tr.sel").waitFor();
  await press(page, "g", "c");
  await page.locator(".coverage h1").waitFor();
  const far = await pane.evaluate((pane) => {
    pane.scrollTo(0, 1e6);
    return pane.scrollTop;
  });
  assert.ok(far > 500, `${far}`);
  await press(page, "g", "t");
  await page.locator(".tenant h1").waitFor();
  assert.equal(await scrolled(), 0);
  await page.goBack();
  await page.locator(".coverage h1").waitFor();
  assert.equal(await scrolled(), far);
  await done(page);
});

test("a session is come back to where one was in it, and the next one is shown from its top", async () => {
  const page = await open();
  const pane = page.locator("main [data-keep-scroll]");
  const scrolled = () => pane.evaluate((pane) => pane.scrollTop);
  await page.locator("[role=grid] .tr.sel").waitFor();
  await press(page, "Enter");
  await page.locator(".story li").first().waitFor();
  const far = await pane.evaluate((pane) => {
    pane.scrollTo(0, 1e6);
    return pane.scrollTop;
  });
  assert.ok(far > 100, `${far}`);
  await page.locator(".trail .link").nth(1).evaluate((link) => link.click());
  await page.locator(".entity-all tbody tr").first().waitFor();
  assert.equal(await scrolled(), 0);
  await pane.evaluate((pane) => pane.scrollTo(0, 300));
  await page.goBack();
  await page.locator(".story li").first().waitFor();
  assert.equal(await scrolled(), far);
  // Another place where that one stood begins at its top.
  await page.locator(".others .link").first().evaluate((link) => link.click());
  await page.locator(".entity .spans li").first().waitFor();
  assert.equal(await scrolled(), 0);
  await page.goBack();
  await page.locator(".story li").first().waitFor();
  const verdict = await page.locator(".session h1").textContent();
  await press(page, "]");
  await page.waitForFunction((verdict) => document.querySelector(".session h1")?.textContent !== verdict, verdict);
  assert.equal(await scrolled(), 0);
  await done(page);
});

test("texts an attacker chose stay texts in counts and entities", async () => {
  const page = await open("hostile.ndjson");
  await press(page, "g", "t");
  await view(page, "User").click();
  const name = HOSTILE_NAME.replace("\u202e", "U+202E").toLowerCase();
  await page.locator(".tenant-table").getByRole("button", { name: `${name}@example.com` }).click();
  await page.locator(".entity h1").getByText(name).waitFor();
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  assert.equal(await page.locator("main img, main script").count(), 0);
  await done(page);
});

test("a copied table runs nothing in a spreadsheet", async () => {
  const records = tenant();
  for (const { deviceDetail } of records) if (deviceDetail.displayName === "NB-400") deviceDetail.displayName = '=HYPERLINK("http://a.invalid")\tNB';
  files.write("formula.ndjson", ndjson(records));
  const page = await open("formula.ndjson");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await press(page, "g", "t");
  await view(page, "Device").click();
  await page.locator(".tenant-table").getByText("=HYPERLINK").waitFor();
  await page.getByRole("button", { name: "Copy table" }).click();
  await page.getByText("Copied").waitFor();
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).split("\n").map((row) => row.split("\t"));
  assert.ok(copied.every((cells) => cells.length === copied[0].length), "no cell holds a tab");
  const names = copied.map(([name]) => name);
  assert.ok(names.some((name) => name.startsWith("'=HYPERLINK")), `${names}`);
  assert.ok(names.includes("NB-401"), `${names}`);
  await done(page);
});

test("marks that no case file has are told before they are lost, and only those", async () => {
  const page = await open();
  await page.locator("[role=grid] .tr.sel").waitFor();
  await press(page, "m");
  await page.getByRole("button", { name: "Clear data" }).click();
  await page.getByText("1 mark or note is not saved.").waitFor();
  await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save case file" }).click()]);
  await page.getByText("is not saved.").waitFor({ state: "detached" });
  await press(page, "Escape");
  await page.locator("[role=grid]").focus();
  await press(page, "j", "b");
  // The browser asks whether one wants to leave.
  const [question] = await Promise.all([page.waitForEvent("dialog"), page.close({ runBeforeUnload: true })]);
  assert.equal(question.type(), "beforeunload");
  await question.dismiss();
  await page.getByRole("button", { name: "Clear data" }).click();
  await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save case file" }).click()]);
  await page.getByText("is not saved.").waitFor({ state: "detached" });
  page.on("dialog", (dialog) => page.wrong.push(dialog.type()));
  await Promise.all([page.waitForEvent("close"), page.close({ runBeforeUnload: true })]);
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("the report tells what was found and marked, and a case file keeps the marks", async () => {
  const page = await open();
  await page.locator("[role=grid] .tr.sel").waitFor();
  await press(page, "m", "n");
  await page.locator("textarea").fill("Confirmed by phone.");
  await press(page, "Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.locator("[role=grid]").focus();
  await press(page, "j", "b", "g", "r");
  await page.locator(".told").first().waitFor();
  assert.equal(await page.locator(".told").count(), 1);
  await page.locator(".told .noted").getByText("Confirmed by phone.").waitFor();
  await page.getByRole("heading", { name: "Marked benign" }).waitFor();
  await page.getByRole("heading", { name: "Next steps" }).waitFor();
  await page.getByLabel("Name of the case").fill("Case 7");
  await page.locator(".paper-like").getByText("Case 7").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save case file" }).click()]);
  const content = readFileSync(await download.path(), "utf8");
  const saved = files.write("case.json", content);
  const { marks, kind } = JSON.parse(content);
  assert.equal(kind, "signin-sleuth-case");
  assert.deepEqual(marks.map(({ verdict }) => verdict).toSorted(), ["benign", "malicious"]);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".report .side").isVisible(), false);
  assert.equal(await page.locator(".told h3").first().isVisible(), true);
  await page.emulateMedia({ media: "screen" });
  assert.deepEqual(page.wrong, []);
  await page.context().close();
  // Beside the same exports, another day.
  const again = await open();
  await press(again, "g", "r");
  await again.locator(".told").nth(1).waitFor();
  await again.setInputFiles("#load-case", [saved]);
  await again.getByText("2 marks taken over.").waitFor();
  await again.locator(".told .noted").getByText("Confirmed by phone.").waitFor();
  assert.equal(await again.locator(".told").count(), 1);
  await again.locator(".paper-like").getByText("Case 7").waitFor();
  await again.setInputFiles("#load-case", [{ name: "other.json", mimeType: "application/json", buffer: Buffer.from("[]") }]);
  await again.getByText("It is no case file. Nothing was changed.").waitFor();
  await done(again);
});

test("what is allow-listed is counted before, put aside in sight, and comes back", async () => {
  const page = await open();
  await page.locator("[role=grid] .tr.sel").waitFor();
  assert.match(await headline(page), /^Two of 42 sessions/);
  await press(page, "a");
  await page.getByText("It would put aside 2 sessions, 2 of them above the line.").waitFor();
  // Of one user alone.
  await page.locator(".allow-of").getByText(/^user\.\d@example\.com$/).click();
  await page.getByText("It would put aside 1 session, above the line.").waitFor();
  await page.getByLabel("Why it is harmless").fill("Our own test.");
  await page.getByRole("button", { name: "Put aside" }).click();
  await page.locator(".sessions h1").getByText("One of 42 sessions was very likely stolen.").waitFor();
  await page.getByText("One session is put aside by your allow list, above the line otherwise.").waitFor();
  await page.locator(".tr.rule").getByText("Put aside by your allow list: 1 session.").waitFor();
  assert.equal(await page.locator(".tr.pick.aside").count(), 1);
  // The report names it.
  await press(page, "g", "r");
  await page.locator(".paper-like").getByText("Our own test.").waitFor();
  await press(page, "u");
  await page.locator(".allow-list").getByText("Hides 1 session, above the line otherwise.").waitFor();
  await page.getByRole("button", { name: "Remove entry 1" }).click();
  await page.getByText(/1 → 2 above the line; .*1 → 0 put aside/).first().waitFor();
  await press(page, "Escape", "g", "s");
  await page.locator(".sessions h1").getByText("Two of 42 sessions were very likely stolen.").waitFor();
  await done(page);
});
