// The engine under the page: files in, report out, over http and from a file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { choose, folder, harness, launch, serve } from "./page.mjs";
import { line, lines } from "./records.mjs";

const FILE = 36 << 20; // more than what is read in one piece

let browser, server, files, big;

before(async () => {
  files = folder();
  const page = harness();
  files.write("page.html", page);
  server = await serve({ "/": page });
  const record = line(0).length;
  big = lines(Math.ceil(FILE / record));
  files.write("big.ndjson", big);
  files.write("small.ndjson", lines(200, 1_000_000));
  files.write("small.ndjson.gz", gzipSync(lines(200, 2_000_000)));
  files.write("wide.ndjson", Buffer.from(`\ufeff${lines(200, 4_000_000)}`, "utf16le"));
  files.write("other.txt", "nothing that anybody would call a sign-in\n");
  files.write("empty.json", "");
  // Begins like a file of lines and is none: a cut falls inside a record.
  const pretty = (number) => `${JSON.stringify(JSON.parse(line(number)), null, 1)}\n`;
  let mixed = lines(2, 3_000_000);
  for (let number = 0; mixed.length < FILE; number++) mixed += pretty(3_000_002 + number);
  files.write("mixed.json", mixed);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

async function open(url = server.url("/")) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => assert.fail(error));
  await page.goto(url);
  return page;
}

/** Reads files with so many workers and gives back the report, the last progress, and how many reports there were. */
async function read(page, names, workers) {
  await choose(page, ...names.map((name) => files.path(name)));
  return page.evaluate(async (workers) => {
    const engine = await createEngine({ workers });
    globalThis.engine = engine;
    const said = [];
    const chosen = [...document.getElementById("test-files").files];
    await engine.read(chosen.map((file) => ({ name: file.name, file })), (progress) => said.push(progress));
    const report = await reportOf(engine);
    return { report, said };
  }, workers);
}

for (const how of ["http", "file"]) {
  describe(`over ${how}`, () => {
    const url = () => (how === "http" ? server.url("/") : files.url("page.html"));

    test("one, two and three workers give the same report", async () => {
      const reports = [];
      for (const workers of [1, 2, 3]) {
        const page = await open(url());
        const { report, said } = await read(page, ["big.ndjson", "small.ndjson", "small.ndjson.gz"], workers);
        const last = said.at(-1);
        assert.equal(last.done, true);
        assert.equal(last.bytes, last.total);
        assert.equal(last.records, big.split("\n").length - 1 + 400);
        assert.ok(said.every((progress, index) => progress.bytes >= (said[index - 1]?.bytes ?? 0)), "bytes only grow");
        reports.push(report);
        await page.close();
      }
      assert.equal(reports[1], reports[0]);
      assert.equal(reports[2], reports[0]);
      const report = JSON.parse(reports[0]);
      assert.deepEqual(report.inputs.map(({ format }) => format), Array(3).fill("graph-sign-in"));
      assert.ok(report.findings.some(({ detection }) => detection === "foci-pivot"));
    });
  });
}

test("a file that only begins like lines is read again in one piece", async () => {
  const reports = [];
  for (const workers of [1, 2]) {
    const page = await open();
    const { report, said } = await read(page, ["mixed.json"], workers);
    const cut = await page.evaluate((workers) => pieces(document.getElementById("test-files").files[0], workers), workers);
    assert.equal(cut.length, workers, "a second worker gets a piece of its own");
    assert.equal(said.at(-1).bytes, said.at(-1).total);
    reports.push(report);
    await page.close();
  }
  assert.equal(reports[1], reports[0]);
  const [input] = JSON.parse(reports[0]).inputs;
  assert.equal(input.records, input.events);
  assert.equal(input.rejected_total, 0);
});

test("a bad file does not stop the others", async () => {
  const page = await open();
  const { report, said } = await read(page, ["other.txt", "empty.json", "small.ndjson"], 2);
  const { inputs } = JSON.parse(report);
  assert.deepEqual(inputs.map(({ name, format, events }) => [name, format, events]), [
    ["empty.json", "unknown", 0],
    ["other.txt", "unknown", 0],
    ["small.ndjson", "graph-sign-in", 200],
  ]);
  assert.deepEqual(said.at(-1).files.map(({ format }) => format), [null, null, "graph-sign-in"]);
  await page.close();
});

test("files added later give what all at once would have given, and nothing is read again", async () => {
  const page = await open();
  const { report } = await read(page, ["small.ndjson", "small.ndjson.gz", "wide.ndjson"], 2);
  await page.close();
  const other = await open();
  await read(other, ["small.ndjson.gz"], 2);
  const add = async (...names) => {
    await other.evaluate(() => document.getElementById("test-files").remove());
    await choose(other, ...names.map((name) => files.path(name)));
    return other.evaluate(async () => {
      const said = [];
      await engine.read([...document.getElementById("test-files").files].map((file) => ({ name: file.name, file })), (progress) => said.push(progress));
      return said.at(-1).files.map(({ name }) => name);
    });
  };
  // Each is gone when the next is added: whoever read it again would fail.
  const bytes = ["small.ndjson.gz", "small.ndjson"].map((name) => [name, readFileSync(files.path(name))]);
  files.write("small.ndjson.gz", "gone");
  assert.deepEqual(await add("small.ndjson"), ["small.ndjson"]);
  files.write("small.ndjson", "gone");
  assert.deepEqual(await add("wide.ndjson"), ["wide.ndjson"]);
  bytes.forEach(([name, content]) => files.write(name, content));
  assert.equal(await other.evaluate(() => reportOf(engine)), report);
  // What is told of times later is told of all of them, and reads nothing at all.
  const told = await other.evaluate(async () => {
    const said = [];
    await engine.retime({ "small.ndjson": { zone: { name: "Etc/GMT-1", steps: [{ from: 0, east: 60 }] }, dayFirst: null } }, (progress) => said.push(progress));
    return [said.every(({ total, files }) => total === 0 && files.length === 0), Object.keys(engine.times)];
  });
  assert.deepEqual(told, [true, ["small.ndjson"]]);
  assert.equal(await other.evaluate(() => reportOf(engine)), report, "all its times name their zone");
  await other.close();
});

test("a record is read again from its file, packed, in UTF-16, or plain", async () => {
  const page = await open();
  const { report } = await read(page, ["small.ndjson", "small.ndjson.gz", "wide.ndjson"], 2);
  const { findings, inputs } = JSON.parse(report);
  const places = findings.flatMap(({ evidence }) => evidence);
  assert.ok(new Set(places.map(({ input }) => input)).size === 3, "there is evidence in each file");
  for (const { input, record, offset, event } of places) {
    const { text, name } = await page.evaluate(([input, record, offset]) => engine.raw(input, record, offset), [input, record, offset]);
    assert.equal(name, inputs[input].name);
    assert.equal(JSON.parse(text).id, event);
  }
  const failure = await page.evaluate(() => engine.raw(99, 0, 0).catch(({ kind, next }) => ({ kind, next })));
  assert.equal(failure.kind, "record");
  await page.close();
});

test("what is flagged so far is told while reading goes on, and changes nothing", async () => {
  const page = await open();
  const names = Array.from({ length: 12 }, (_, number) => `part-${number}.ndjson`);
  names.forEach((name, number) => files.write(name, lines(200, 5_000_000 + 200 * number)));
  await choose(page, ...names.map((name) => files.path(name)));
  const { looks, early, report, plain } = await page.evaluate(async () => {
    const sources = [...document.getElementById("test-files").files].map((file) => ({ name: file.name, file }));
    const read = async (lookAfter) => {
      // One worker: with others beside it, how much is read when the first looks is up to the machine.
      const engine = await createEngine({ workers: 1, lookAfter });
      const said = [];
      await engine.read(sources, (progress) => said.push(progress));
      return { said, report: await reportOf(engine) };
    };
    const looking = await read(0);
    const plain = await read(Infinity);
    const looks = looking.said.flatMap(({ flagged, bytes, total }) => (flagged === null ? [] : [[flagged, bytes / total]]));
    return { looks, early: plain.said.filter(({ flagged }) => flagged !== null).length, report: looking.report, plain: plain.report };
  });
  assert.notEqual(looks.length, 0);
  const [[first]] = looks;
  const { sessions } = JSON.parse(report);
  const [before] = first.rows;
  const after = sessions.find(({ key }) => key === before.key);
  assert.ok(before.events > 0 && before.events < after.events, `${before.events} of ${after.events}`);
  assert.equal(early, 0);
  assert.equal(plain, report);
  await page.close();
});

test("cancelling stops the read and keeps what was there", async () => {
  const page = await open();
  const { report } = await read(page, ["small.ndjson"], 2);
  await page.evaluate(() => document.getElementById("test-files").remove());
  await choose(page, files.path("big.ndjson"));
  const { failure, busy, kept } = await page.evaluate(async () => {
    const [file] = document.getElementById("test-files").files;
    const reading = engine.read([{ name: file.name, file }], (progress) => progress.bytes > 0 && engine.cancel());
    const second = engine.read([{ name: file.name, file }], () => {}).catch(({ kind }) => kind);
    const failure = await reading.then(() => null, ({ kind, next }) => ({ kind, next }));
    return { failure, busy: await second, kept: await reportOf(engine) };
  });
  assert.equal(failure.kind, "cancelled");
  assert.notEqual(failure.next, "");
  assert.equal(busy, "busy");
  assert.equal(kept, report);
  // And it can be read after all.
  const again = await page.evaluate(async () => {
    const [file] = document.getElementById("test-files").files;
    await engine.read([{ name: file.name, file }], () => {});
    return JSON.parse(await reportOf(engine)).inputs.map(({ name }) => name);
  });
  assert.deepEqual(again, ["big.ndjson", "small.ndjson"]);
  await page.close();
});

test("clearing ends all workers", async () => {
  const page = await open();
  await read(page, ["big.ndjson"], 3);
  assert.notEqual(page.workers().length, 0);
  await page.evaluate(() => engine.clear());
  await page.waitForTimeout(500);
  assert.equal(page.workers().length, 0);
  const inputs = await page.evaluate(async () => JSON.parse(await reportOf(engine)).inputs);
  assert.deepEqual(inputs, []);
  await page.close();
});

test("tuning stays when files are added", async () => {
  const page = await open();
  await read(page, ["small.ndjson"], 1);
  const [tuned, wrong, after] = await page.evaluate(async () => {
    await engine.tune({ "foci-pivot.max-gap-minutes": "90" });
    const tuned = JSON.parse(await reportOf(engine)).tuning;
    const wrong = await engine.tune({ "foci-pivot.unheard-of": "1" }).catch(({ kind }) => kind);
    await engine.read([], () => {});
    return [tuned, wrong, JSON.parse(await reportOf(engine)).tuning];
  });
  assert.deepEqual(tuned, { "foci-pivot.max-gap-minutes": "90" });
  assert.equal(wrong, "tuning");
  assert.deepEqual(after, tuned);
  await page.close();
});

test("the sample tenant is read like files, and files replace it", async () => {
  const page = await open();
  await choose(page, files.path("small.ndjson"));
  const { sample, raw, again, after } = await page.evaluate(async () => {
    const engine = await createEngine();
    await engine.sample();
    const sample = JSON.parse(await reportOf(engine));
    const raw = [];
    for (const { input, record, offset, event } of sample.findings.flatMap(({ evidence }) => evidence)) {
      raw.push([event, sample.inputs[input].name, await engine.raw(input, record, offset)]);
    }
    await engine.sample();
    const again = JSON.parse(await reportOf(engine));
    const [file] = document.getElementById("test-files").files;
    await engine.read([{ name: file.name, file }], () => {});
    return { sample, raw, again, after: JSON.parse(await reportOf(engine)).inputs.map(({ name }) => name) };
  });
  assert.notEqual(sample.findings.length, 0);
  assert.deepEqual(again, sample);
  assert.notEqual(raw.length, 0);
  for (const [event, input, { text, name }] of raw) {
    assert.equal(name, input);
    assert.ok(text.includes(event), `${event} in ${text.slice(0, 80)}`);
  }
  assert.deepEqual(after, ["small.ndjson"]);
  await page.close();
});
