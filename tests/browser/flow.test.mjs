// The whole flow on the built page, over http and from a file: by keyboard alone, and by mouse.

import assert from "node:assert/strict";
import { mkdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { withWorkerAfter } from "./module.mjs";
import { artefact, folder, INTERNAL, launch, serve } from "./page.mjs";
import { HOSTILE_AGENT, HOSTILE_NAME, ndjson, tenant } from "./tenant.mjs";

/** Keeps a worker busy for a while before it says its first word, as a loaded machine does. */
const SLOW = "for (const until = performance.now() + 3500; performance.now() < until; );";

let browser, server, files;
const places = {};

before(async () => {
  files = folder();
  const page = artefact();
  files.write("page.html", page);
  server = await serve({ "/": page, "/slow": withWorkerAfter(page, SLOW), "/no-workers": page.replace("worker-src blob:", "worker-src 'none'") });
  places.http = server.url("/");
  places.file = files.url("page.html");
  const two = tenant();
  files.write("signins.ndjson", ndjson(two));
  files.write("half.ndjson", ndjson(two.filter((record) => record.isInteractive)));
  files.write("quiet.ndjson", ndjson(tenant({ attacks: 0 })));
  files.write("hostile.ndjson", ndjson(tenant({ hostile: true })));
  files.write("many.ndjson", ndjson(tenant({ attacks: 1_200, users: 60 })));
  files.write("letter.docx", "PK\u0003\u0004 nothing that anybody would call a sign-in");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

/** A page at a place, with everything it must not do watched. */
async function open(url = places.http, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.wrong.push(message.text()));
  page.on("request", (request) => {
    if (/^(https?|wss?):/.test(request.url()) && request.url() !== url) page.wrong.push(request.url());
  });
  await page.goto(url);
  await page.getByRole("button", { name: /Choose files/ }).waitFor();
  return page;
}

const choose = (page, ...names) => page.setInputFiles("#choose-files", names.map((name) => files.path(name)));

async function read(page, ...names) {
  await choose(page, ...names);
  await page.locator(".sessions h1").waitFor({ timeout: 60_000 });
}

const headline = (page) => page.locator("main h1").first().innerText();
const rows = (page) => page.locator("[role=grid] .tr.pick");

/** A screenshot where `SLEUTH_SCREENSHOTS` names a folder for them. */
async function picture(page, name) {
  const where = process.env.SLEUTH_SCREENSHOTS;
  if (!where) return;
  mkdirSync(where, { recursive: true });
  await page.screenshot({ path: join(where, `${name}.png`) });
}

for (const scheme of ["http", "file"]) {
  describe(`from ${scheme}`, () => {
    test("by keyboard alone: sample, sessions, one session, record, tuning, export, coverage, clear", async () => {
      const page = await open(places[scheme]);
      const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
      await page.waitForFunction(() => document.querySelector(".drop .btn")?.getAttribute("aria-disabled") === "false");
      await picture(page, `start-${scheme}`);
      await press("s");
      await rows(page).first().waitFor({ timeout: 60_000 });
      assert.match(await headline(page), /sessions? (was|were) very likely stolen\./);
      await picture(page, `sessions-${scheme}`);

      await press("j");
      const second = await page.locator("[role=grid]").getAttribute("aria-activedescendant");
      assert.equal(second, "row-1");
      await press("k", "Enter");
      await page.locator(".session h1").waitFor();
      await page.locator(".lanes svg").waitFor();
      assert.match(await page.locator(".session h1").innerText(), /\. On \d/);
      assert.ok((await page.locator(".diff tbody tr").count()) >= 9);
      assert.ok((await page.locator(".story li").count()) > 0);
      await picture(page, `session-${scheme}`);

      await press("j", "e");
      const drawer = page.locator(".drawer pre");
      await drawer.waitFor();
      assert.match(await drawer.innerText(), /"createdDateTime"|"activityDateTime"/);
      await picture(page, `raw-${scheme}`);
      await press("Escape");
      await drawer.waitFor({ state: "detached" });

      await press("m");
      assert.equal(await page.getByRole("button", { name: /Malicious/ }).getAttribute("aria-pressed"), "true");
      await press("t");
      await page.locator(".twin table").first().waitFor();
      await press("t", "]");
      await page.getByText(/^2 of \d/).waitFor();
      await press("Backspace");
      await rows(page).first().waitFor();

      await press("u");
      const gap = page.getByLabel("max-gap-minutes");
      await gap.waitFor();
      await gap.focus();
      await press("Control+A");
      await page.keyboard.type("0");
      await press("Tab");
      await page.getByText(/→ \d+ above the line|as before/).first().waitFor();
      await press("Escape");

      await press("w");
      const save = page.getByRole("button", { name: "Save Report, JSON" });
      await save.focus();
      const [download] = await Promise.all([page.waitForEvent("download"), press("Enter")]);
      assert.equal(download.suggestedFilename(), "signin-sleuth-report.json");
      await press("Escape");

      await press("g", "c");
      await page.locator(".coverage h1").waitFor();
      await page.locator(".inputs tbody tr").first().waitFor();
      assert.match(await headline(page), /questions? (is|are) open|answer all that Sleuth asks/);
      await picture(page, `coverage-${scheme}`);
      await press("g", "s");
      await rows(page).first().waitFor();

      await press("?");
      await page.getByRole("dialog").getByText("Single letters work").waitFor();
      await press("Escape", "w");
      await page.getByRole("button", { name: "Clear everything" }).focus();
      await press("Enter");
      await page.getByRole("button", { name: "Clear", exact: true }).focus();
      await press("Enter");
      await page.getByRole("button", { name: /Choose files/ }).waitFor();
      assert.equal(await page.getByText("No files read yet").count(), 1);
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    });

    test("by mouse: files, facets, chips, brush, peek, one session, copied query", async () => {
      const page = await open(places[scheme]);
      await read(page, "signins.ndjson", "letter.docx");
      assert.match(await headline(page), /^Two of 42 sessions were very likely stolen\./);
      assert.equal(await rows(page).count(), 2);

      await page.locator(".facet", { hasText: "Netherlands" }).hover();
      await page.getByRole("button", { name: "Not Netherlands" }).click();
      await page.getByText("No session matches these filters").waitFor();
      await page.getByRole("button", { name: "Remove it" }).click();
      await rows(page).nth(1).waitFor();

      const strip = await page.locator(".strip .brush").boundingBox();
      await page.mouse.move(strip.x + 20, strip.y + 60);
      await page.mouse.down();
      await page.mouse.move(strip.x + 200, strip.y + 60, { steps: 4 });
      await page.mouse.up();
      await page.getByText("No session matches these filters").waitFor();
      await page.getByRole("button", { name: /^Remove filter time/ }).click();
      await rows(page).nth(1).waitFor();

      await rows(page).nth(1).dblclick();
      await page.locator(".session h1").waitFor();
      await page.locator(".evidence-list .link").first().click();
      await page.locator(".drawer pre").waitFor();
      await page.locator(".drawer").getByRole("button", { name: /Close/ }).click();
      await page.getByRole("button", { name: /Copy KQL/ }).click();
      await page.getByText("Copied").waitFor();
      await page.getByRole("navigation", { name: "Trail" }).getByRole("button", { name: "Sessions" }).click();

      await page.getByRole("button", { name: "Coverage" }).click();
      await page.locator(".inputs tbody").getByText("letter.docx").waitFor();
      assert.equal(await page.locator(".inputs tbody").getByText("Not read").count(), 1);
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    });
  });
}

test("text of a log is only ever text, and its hidden letters are spelled out", async () => {
  const page = await open();
  await read(page, "hostile.ndjson");
  await rows(page).first().waitFor();
  const row = rows(page).filter({ hasText: "<script>" });
  await row.dblclick();
  await page.locator(".session h1").waitFor();
  const seen = await page.locator(".session").innerText();
  assert.ok(seen.includes("<script>globalThis.pwned=2</script>U+202Etxt.exe"));
  assert.ok(seen.includes('<img src=x onerror="globalThis.pwned=1">U+202E=HYPERLINK'));
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  const raw = page.locator(".drawer pre");
  await raw.getByText("U+202E").first().waitFor();
  const text = await page.evaluate(() => document.body.innerText);
  for (const hidden of ["\u202e", "\u0007"]) assert.ok(!text.includes(hidden));
  assert.ok(HOSTILE_AGENT.includes("\u202e") && HOSTILE_NAME.includes("\u202e"));
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("of thousands of rows only those in view exist, and any can be reached", async () => {
  const page = await open();
  await read(page, "many.ndjson");
  assert.match(await headline(page), /That many rarely are\./);
  const grid = page.locator("[role=grid]");
  await rows(page).first().waitFor();
  assert.ok(Number(await grid.getAttribute("aria-rowcount")) > 1_000);
  assert.ok((await page.locator("[role=grid] [role=row]").count()) < 80);
  await page.keyboard.press("End");
  await page.waitForFunction(() => {
    const chosen = document.querySelector("[role=grid] .tr.sel");
    const last = Number(document.querySelector("[role=grid]").getAttribute("aria-rowcount"));
    return chosen !== null && Number(chosen.getAttribute("aria-rowindex")) === last;
  });
  await page.keyboard.press("/");
  await page.keyboard.type("user.17@");
  await page.locator(".filters .cnt", { hasText: /^20 sessions$/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.locator(".session h1", { hasText: "user.17" }).waitFor();
  await picture(page, "many");
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("nothing found is said with what could not be looked for", async () => {
  const page = await open();
  await read(page, "quiet.ndjson");
  assert.match(await headline(page), /^No session is above the line\./);
  await page.getByText("No session shows any sign").waitFor();
  await page.locator(".cov").getByText(/directory audit log/).waitFor();
  await picture(page, "none");
  await page.getByRole("button", { name: "Open questions" }).first().click();
  await page.locator(".open tbody tr").first().waitFor();
  await page.locator(".side pre").getByText("Get-MgAuditLogDirectoryAudit").waitFor();
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("what is no log leads back to choosing others, and says which", async () => {
  const page = await open();
  await choose(page, "letter.docx");
  await page.getByRole("heading", { name: "The file holds no sign-in or audit records." }).waitFor();
  await page.getByText("letter.docx left out").waitFor();
  await read(page, "signins.ndjson");
  assert.match(await headline(page), /^Two of 42/);
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("files that may not fit are told before they are read, with ways out", async () => {
  const page = await open();
  // It takes no room on the disk.
  truncateSync(files.write("huge.ndjson", ""), 17e9);
  await choose(page, "huge.ndjson");
  const dialogue = page.getByRole("dialog", { name: "These files may not fit in this tab" });
  await dialogue.getByText(/^17\.0 GB hold some 3 million events; they need about \d+ MB of memory/).waitFor();
  await dialogue.getByRole("button", { name: "Try anyway" }).waitFor();
  await dialogue.getByText(/signin-sleuth analyze/).waitFor();
  await page.keyboard.press("Escape");
  await dialogue.waitFor({ state: "detached" });
  assert.equal(await page.getByText("No files read yet").count(), 1);
  await done(page);
});

test("a browser that cannot run the page is told in the page what does work", async () => {
  const page = await browser.newPage();
  await page.goto(server.url("/no-workers"));
  const card = page.getByRole("alert");
  await card.getByText(/Chrome, Edge or Firefox/).waitFor();
  await card.getByRole("button", { name: "Copy details" }).waitFor();
  await card.getByRole("button", { name: "Close" }).click();
  await card.waitFor({ state: "detached" });
  await page.close();
});

/** Nothing went wrong on a page; it is closed, so that its workers leave the machine to the next. */
async function done(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

test("files can be added, dropped and pasted", async () => {
  const page = await open();
  await read(page, "half.ndjson");
  const before = await headline(page);
  await read(page, "signins.ndjson");
  await page.getByText(/^2 files/).waitFor();
  assert.notEqual(await headline(page), before);
  await done(page);

  const other = await open();
  const text = ndjson(tenant());
  const transfer = await other.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "dropped.ndjson"));
    return data;
  }, text);
  await other.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await other.getByText("Release to read").waitFor();
  await other.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await rows(other).first().waitFor({ timeout: 60_000 });
  assert.equal(await other.getByText("Release to read").count(), 0);
  await done(other);

  const third = await open();
  await third.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  }, text);
  await rows(third).first().waitFor({ timeout: 60_000 });
  await done(third);
});

test("the promise can be tried, and everything that is tried is stopped", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Try to connect out" }).click();
  const said = page.getByRole("dialog").locator("[role=status]");
  await said.getByText("Nothing got out.").waitFor({ timeout: 20_000 });
  const [, stopped, tried] = /(\d+) of (\d+) stopped/.exec(await said.innerText());
  assert.equal(stopped, tried);
  assert.ok(Number(tried) >= 10);
  await page.context().close();
});

test("sessions of one incident stand under one head, and each tells the whole story", async () => {
  const page = await open();
  await read(page, "signins.ndjson");
  assert.match(await page.locator("[role=grid] .tr.group").innerText(), /A phished device code: two sessions of two users\./);
  // A key that comes before a row is chosen opens none.
  await page.locator("[role=grid] .tr.sel").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "one of 2 sessions in an incident" }).click();
  const story = page.locator(".incident li");
  assert.ok((await story.count()) >= 2);
  const [first] = (await page.locator(".trail .el").first().innerText()).split("@");
  const other = first === "user.0" ? "user.1" : "user.0";
  await story.getByRole("button", { name: other, exact: true }).first().click();
  await page.locator(".trail .el").filter({ hasText: other }).first().waitFor();
  await page.getByRole("button", { name: "one of 2 sessions in an incident" }).waitFor();
  await done(page);
});

test("where there is no clipboard a selected field is copied from", async () => {
  const page = await open(server.url("/", INTERNAL));
  assert.equal(await page.evaluate(() => navigator.clipboard), undefined);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByText("Copied").waitFor();
  await page.context().close();
});

test("files that are chosen before the workers run are read once they do", async () => {
  const page = await open(server.url("/slow"));
  assert.equal(await page.locator(".drop .btn").first().getAttribute("aria-disabled"), "true");
  await read(page, "signins.ndjson");
  await rows(page).first().waitFor();
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("letters typed in a field are no keys, and keys can be switched off", async () => {
  const page = await open();
  await read(page, "signins.ndjson");
  await page.keyboard.press("/");
  await page.keyboard.type("gcutw");
  assert.equal(await page.locator("#search").inputValue(), "gcutw");
  assert.equal(await page.locator("dialog").count(), 0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByLabel("Single letters work").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  assert.equal(await page.locator("dialog, .coverage").count(), 0);
  await page.context().close();
});

test("the way back keeps the row that was chosen", async () => {
  const page = await open();
  await read(page, "many.ndjson");
  await rows(page).first().waitFor();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  const chosen = page.locator("[role=grid] .tr.sel");
  const before = await chosen.getAttribute("aria-rowindex");
  assert.ok(Number(before) > 40, before);
  await page.keyboard.press("Enter");
  await page.locator(".session h1").waitFor();
  await page.goBack();
  await chosen.waitFor();
  assert.equal(await chosen.getAttribute("aria-rowindex"), before);
  await page.context().close();
});
