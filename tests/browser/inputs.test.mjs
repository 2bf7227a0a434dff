// What analysts drop besides plain lines: a workbook, an export in local time, a collector's folder.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { collected, localTable, table, workbook } from "./exports.mjs";
import { artefact, folder, launch, serve } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

let browser, server, files;

before(async () => {
  files = folder();
  server = await serve({ "/": artefact() });
  const records = tenant({ attacks: 1 });
  files.write("signins.xlsx", workbook(table(records)));
  // The thief's records lie in a file of their own, whose clock is that of Berlin in winter and says so nowhere.
  const isThief = (record) => record.ipAddress === "203.0.113.77";
  files.write("own.ndjson", ndjson(records.filter((record) => !isThief(record))));
  const thief = records.filter(isThief);
  assert.equal(thief.length, 2);
  files.write("local.csv", localTable(thief, 60));
  collected(files.path("collected"), records);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

async function open() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  await page.goto(server.url("/"));
  await page.waitForFunction(() => document.querySelector(".drop .btn")?.getAttribute("aria-disabled") === "false");
  return page;
}

/** Drops a file or folder of this machine on the window, as a hand does. */
async function drop(page, path) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: 600, y: 400, data });
  }
}

const rows = (page) => page.locator("[role=grid] .tr.pick");
const headline = (page) => page.locator("main h1").first().innerText();

test("a workbook is dropped, and a finding leads to its row", async () => {
  const page = await open();
  await drop(page, files.path("signins.xlsx"));
  await rows(page).first().waitFor();
  assert.match(await headline(page), /^One of 41 sessions was very likely stolen\./);
  await page.keyboard.press("Enter");
  await page.locator(".session h1").waitFor();
  await page.keyboard.press("e");
  const drawer = page.locator(".drawer");
  await drawer.locator("pre").waitFor();
  assert.match(await drawer.innerText(), /row \d+ of sheet Sign-ins/);
  assert.match(await drawer.locator("pre").innerText(), /203\.0\.113\.77|198\.51\.100\.24/);
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.locator(".inspected").getByText("By these marks").waitFor();
  assert.equal(await page.locator(".files-read tbody tr").count(), 1);
  assert.match(await page.locator(".inspected").innerText(), /Of\s+4 users/);
  assert.deepEqual(page.wrong, []);
  await page.close();
});

test("files are dropped in any place, also on what hovers over it", async () => {
  const page = await open();
  await page.setInputFiles("#choose-files", [files.path("own.ndjson")]);
  await page.locator(".sessions h1").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.locator(".tenant-table tbody tr").first().waitFor();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [files.path("signins.xlsx")], dragOperationsMask: 1 };
  const drag = (type, x, y) => session.send("Input.dispatchDragEvent", { type, x, y, data });
  await drag("dragEnter", 600, 400);
  await page.getByText("Release to read").waitFor();
  // From one element to the next the overlay stays.
  for (const [x, y] of [[100, 200], [600, 100], [1200, 300]]) {
    await drag("dragOver", x, y);
    assert.equal(await page.getByText("Release to read").count(), 1);
  }
  // Only leaving what was entered last is leaving the window.
  const leave = (x, y) => page.evaluate(([x, y]) => void document.elementFromPoint(x, y).dispatchEvent(new DragEvent("dragleave", { bubbles: true })), [x, y]);
  await leave(100, 200);
  assert.equal(await page.getByText("Release to read").count(), 1);
  await leave(1200, 300);
  await page.getByText("Release to read").waitFor({ state: "detached" });
  await drag("dragEnter", 600, 400);
  await drag("dragOver", 600, 400);
  await drag("drop", 600, 400);
  await page.getByText(/^2 files/).waitFor();
  assert.deepEqual(page.wrong, []);
  await page.close();
});

test("told its zone, an export in local time joins the others", async () => {
  const page = await open();
  await page.setInputFiles("#choose-files", [files.path("own.ndjson"), files.path("local.csv")]);
  await page.locator(".sessions h1").waitFor();
  assert.match(await headline(page), /^No session is above the line\./);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  const zone = page.getByLabel("Zone of local.csv");
  await zone.fill("Nowhere/Land");
  await zone.press("Enter");
  await page.getByText("No zone has this name.").waitFor();
  await zone.fill("Europe/Berlin");
  await zone.press("Enter");
  await page.locator(".notices").getByRole("button", { name: "Take it back" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await rows(page).first().waitFor();
  assert.match(await headline(page), /^One of 41 sessions was very likely stolen\.\s*It changed hands on 12 November at 11:02\./);
  assert.deepEqual(page.wrong, []);
  await page.close();
});

test("a collector's folder is dropped whole", async () => {
  const page = await open();
  await drop(page, files.path("collected"));
  await rows(page).first().waitFor();
  assert.match(await headline(page), /^One of 41 sessions was very likely stolen\./);
  await page.getByRole("button", { name: /12 files · \d+ events/ }).click();
  await page.locator(".files-read tbody tr").first().waitFor();
  assert.equal(await page.locator(".files-read tbody tr").count(), 12);
  await page.locator(".files-read").getByText("collected/Output/SignInLogs/2026-11-12/SignInLogs.ndjson").waitFor();
  assert.deepEqual(page.wrong, []);
  await page.close();
});
