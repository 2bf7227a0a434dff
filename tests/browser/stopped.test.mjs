// Reading is stopped half way: what is read is kept, and what is missing is said, until it is read after all.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { withWorkerAfter } from "./module.mjs";
import { artefact, choose, folder, harness, launch, serve } from "./page.mjs";
import { line, lines } from "./records.mjs";
import { ndjson, tenant } from "./tenant.mjs";

/** More than one slice of a file, and less than what is cut in pieces. */
const SIZE = 24 << 20;
/** A worker that gets the first slice of a large file at once, and each further one when it is told to go on. */
const GATED = `{
  const gate = new Promise((resolve) => { new BroadcastChannel("go").onmessage = resolve; });
  const plain = Blob.prototype.arrayBuffer;
  let slices = 0;
  Blob.prototype.arrayBuffer = async function () {
    if (this.size > 1e6 && slices++ > 0) await gate;
    return plain.call(this);
  };
}`;

let browser, server, files, records;

before(async () => {
  files = folder();
  server = await serve({ "/": withWorkerAfter(artefact(), GATED), "/engine": withWorkerAfter(harness(), GATED) });
  const attacked = ndjson(tenant());
  records = Math.ceil(SIZE / line(0).length);
  files.write("large.ndjson", attacked + lines(records));
  files.write("small.ndjson", lines(20, 1_000_000));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

const goOn = (page) => page.evaluate(() => new BroadcastChannel("go").postMessage(null));

test("what is read is kept, with what is missing of each file", async () => {
  const page = await browser.newPage();
  await page.goto(server.url("/engine"));
  await choose(page, files.path("large.ndjson"), files.path("small.ndjson"));
  const { inputs, notices } = await page.evaluate(async () => {
    globalThis.engine = await createEngine({ workers: 1 });
    const sources = [...document.getElementById("test-files").files].map((file) => ({ name: file.name, file }));
    let isHalted = false;
    await engine.read(sources, ({ records }) => {
      if (isHalted || records === 0) return;
      isHalted = true;
      engine.halt();
      new BroadcastChannel("go").postMessage(null);
    });
    return JSON.parse(await reportOf(engine));
  });
  const [large, small] = ["large.ndjson", "small.ndjson"].map((name) => inputs.find((input) => input.name === name));
  assert.ok(large.records > 1_000 && large.records < records, `${large.records} of ${records}`);
  assert.equal(large.records, large.events + large.merged + large.duplicates + large.rejected_total);
  assert.equal(large.rejected_total, 1);
  assert.match(large.rejected[0].reason, /^reading was stopped here/);
  // The other was not begun: it is named all the same.
  assert.equal(small.records, 0);
  const told = notices.filter(({ text }) => text.startsWith("Reading was stopped"));
  assert.deepEqual(told.map(({ input }) => inputs[input].name).toSorted(), ["large.ndjson", "small.ndjson"]);
  const all = await page.evaluate(async () => {
    // Other workers read now, and wait anew.
    await engine.read([], ({ records }) => records > 0 && new BroadcastChannel("go").postMessage(null));
    return JSON.parse(await reportOf(engine)).inputs.map(({ name, records, rejected_total }) => [name, records, rejected_total]);
  });
  assert.deepEqual(Object.fromEntries(all.map(([name, count]) => [name, count])), { "large.ndjson": records + tenant().length, "small.ndjson": 20 });
  assert.ok(all.every(([, , rejected]) => rejected === 0));
  await page.close();
});

test("the page says that reading was stopped, and reads it all when asked", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url("/"));
  await page.setInputFiles("#choose-files", [files.path("large.ndjson")]);
  const stop = page.getByRole("button", { name: "Stop and keep what is read" });
  const canStop = page.locator(".stat .btn[aria-disabled=false]", { hasText: "Stop" });
  await canStop.waitFor();
  // How far it is is told by bytes.
  const far = Number(await page.getByRole("progressbar", { name: "Reading" }).getAttribute("aria-valuenow"));
  assert.ok(far > 50 && far < 90, `${far}`);
  await stop.click();
  await goOn(page);
  await page.locator(".sessions h1").waitFor({ timeout: 60_000 });
  assert.match(await page.locator("main h1").innerText(), /sessions? (was|were) very likely stolen\./);
  await page.getByText(/Reading was stopped at 1\d\.\d MB of 2\d\.\d MB\./).waitFor();
  // A file that is added is read to its end, and what is missing of the other stays missing.
  await page.setInputFiles("#choose-files", [files.path("small.ndjson")]);
  await page.getByText(/^2 files ·/).waitFor();
  await page.getByText(/Reading was stopped at 1\d\.\d MB of 2\d\.\d MB\./).waitFor();
  await page.getByRole("button", { name: "Read it all" }).click();
  await canStop.waitFor();
  await goOn(page);
  await page.locator("[role=grid] .tr.sel").waitFor({ timeout: 60_000 });
  assert.equal(await page.getByText("Reading was stopped").count(), 0);
  await page.close();
});

test("cancelling by key leads back to where one was, with what was there", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url("/"));
  await page.setInputFiles("#choose-files", [files.path("small.ndjson")]);
  await page.locator(".sessions h1").waitFor();
  const before = await page.locator("main h1").innerText();
  await page.setInputFiles("#choose-files", [files.path("large.ndjson")]);
  await page.locator(".stat .btn[aria-disabled=false]", { hasText: "Stop" }).waitFor();
  assert.equal(await page.locator("main h1").innerText(), "Reading one more file.");
  await page.getByRole("heading", { name: "What is there stays" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".sessions h1").waitFor();
  assert.equal(await page.locator("main h1").innerText(), before);
  await page.getByText(/^1 file ·/).waitFor();
  await page.close();
});
