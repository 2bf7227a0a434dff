// What the page says when a browser, its memory or this program fails.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { withLittleMemory, withWorker, withWorkerAfter } from "./module.mjs";
import { choose, folder, harness, launch, serve } from "./page.mjs";
import { line, lines } from "./records.mjs";

let browser, server, files;

before(async () => {
  const page = harness();
  files = folder();
  files.write("small.ndjson", lines(200));
  files.write("large.ndjson", lines(Math.ceil((34 << 20) / line(0).length)));
  server = await serve({
    "/": page,
    // Pages of 64 KiB: enough for a few records, and less than one slice of a file.
    "/little": withLittleMemory(page, 130),
    // Asks for a list longer than Rust makes any, which panics before it asks for memory.
    "/greedy": withWorkerAfter(
      page,
      `addEventListener("message", ({ data }) => {
        // Pages of memory that nobody writes to take none; some browsers make no such buffer otherwise.
        if (data.order?.order === "hash") data.bytes = new WebAssembly.Memory({ initial: 2 ** 15 }).buffer;
      });`,
    ),
    // Runs out of memory whenever something is added to a case.
    "/full": withWorkerAfter(
      page,
      `addEventListener("message", (event) => {
        if (event.data.order?.order !== "gather" || !event.data.order.add) return;
        event.stopImmediatePropagation();
        throw new RangeError("Array buffer allocation failed");
      });`,
    ),
    "/silent": withWorker(page, "// says nothing"),
    "/throwing": withWorker(page, "throw new Error('no');"),
    // As WebKit where the page is a file.
    "/no-files": withWorkerAfter(
      page,
      `Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException("no", "NotReadableError"));`,
    ),
    "/no-workers": page.replace("worker-src blob:", "worker-src 'none'"),
    // As a browser that cannot hand a compiled module to a worker.
    "/lost": withWorkerAfter(
      page,
      `addEventListener("message", (event) => {
        if (!(event.data.module instanceof WebAssembly.Module)) return;
        event.stopImmediatePropagation();
        dispatchEvent(new MessageEvent("messageerror"));
      });`,
    ),
  });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

async function open(path, before) {
  const page = await browser.newPage();
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(server.url(path));
  return page;
}

/** The failure of starting the engine, or nothing. */
const failureOfStart = (page) =>
  page.evaluate(() => createEngine().then(() => null, ({ name, kind, message, next }) => ({ name, kind, message, next })));

const works = async (page) => {
  const inputs = await page.evaluate(async () => JSON.parse(await reportOf(await createEngine())).inputs);
  assert.deepEqual(inputs, []);
};

for (const path of ["/silent", "/throwing", "/no-workers"]) {
  test(`a browser without workers is told what does work (${path})`, async () => {
    const page = await open(path);
    const failure = await failureOfStart(page);
    assert.equal(failure.name, "Failure");
    assert.equal(failure.kind, "no-worker");
    assert.match(failure.next, /Chrome, Edge or Firefox/);
    await page.close();
  });
}

test("a browser whose workers cannot read files says so, and not that the files are bad", async () => {
  const page = await open("/no-files");
  await choose(page, files.path("small.ndjson"));
  const failure = await page.evaluate(async () => {
    const [file] = document.getElementById("test-files").files;
    const reading = (await createEngine()).read([{ name: file.name, file }], () => {});
    return reading.then(() => null, ({ kind, message, next }) => ({ kind, message, next }));
  });
  assert.equal(failure?.kind, "no-worker");
  assert.match(failure.message, /lets the page read your files/);
  assert.match(failure.next, /Chrome, Edge or Firefox/);
  await page.close();
});

test("a browser without DecompressionStream or WebAssembly is told so", async () => {
  for (const [lacking, remove] of [
    ["DecompressionStream", () => delete globalThis.DecompressionStream],
    ["WebAssembly", () => delete globalThis.WebAssembly],
  ]) {
    const page = await open("/", remove);
    const failure = await failureOfStart(page);
    assert.equal(failure.kind, "browser");
    assert.match(failure.message, new RegExp(lacking));
    await page.close();
  }
});

test("a browser without Uint8Array.fromBase64 works", async () => {
  const page = await open("/", () => delete Uint8Array.fromBase64);
  assert.equal(await page.evaluate(() => typeof Uint8Array.fromBase64), "undefined");
  await works(page);
  await page.close();
});

test("a module that cannot be handed over arrives as bytes", async () => {
  const page = await open("/lost");
  await works(page);
  await page.close();
  // And where the browser says so at once.
  const other = await open("/", () => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
      if (message.module instanceof WebAssembly.Module) throw new DOMException("no", "DataCloneError");
      return post.call(this, message, ...more);
    };
  });
  await works(other);
  await other.close();
});

test("running out of memory is told apart, and what was read before stays", async () => {
  const page = await open("/little");
  // So many records that no worker of such a page holds them.
  files.write("largest.ndjson", lines(Math.ceil((120 << 20) / line(0).length)));
  await choose(page, files.path("small.ndjson"), files.path("largest.ndjson"));
  const { failure, kept } = await page.evaluate(async () => {
    const engine = await createEngine({ workers: 2 });
    const [small, large] = [...document.getElementById("test-files").files].map((file) => ({ name: file.name, file }));
    await engine.read([small], () => {});
    const failure = await engine.read([large], () => {}).then(() => null, ({ kind, next }) => ({ kind, next }));
    return { failure, kept: JSON.parse(await reportOf(engine)).inputs.map(({ name, events }) => [name, events]) };
  });
  assert.equal(failure?.kind, "out-of-memory");
  assert.match(failure.next, /signin-sleuth/);
  assert.deepEqual(kept, [["small.ndjson", 200]]);
  await page.close();
});

test("where the worker that holds the case breaks over what is added, what was there is read again", async () => {
  const page = await open("/full");
  await choose(page, files.path("small.ndjson"), files.path("large.ndjson"));
  const { before, failures, after, times } = await page.evaluate(async () => {
    const engine = await createEngine({ workers: 2 });
    const [small, large] = [...document.getElementById("test-files").files].map((file) => ({ name: file.name, file }));
    await engine.read([small], () => {});
    const before = await reportOf(engine);
    const kinds = ({ kind }) => kind;
    const zone = { zone: { name: "Etc/GMT-1", steps: [{ from: 0, east: 60 }] }, dayFirst: null };
    const failures = [await engine.read([large], () => {}).catch(kinds), await engine.retime({ "small.ndjson": zone }, () => {}).catch(kinds)];
    return { before, failures, after: await reportOf(engine), times: engine.times };
  });
  assert.deepEqual(failures, ["out-of-memory", "out-of-memory"]);
  assert.equal(after, before);
  assert.deepEqual(times, {}, "nothing is told that could not be done");
  await page.close();
});

test("a panic is told, by its place in this program and nothing else", async () => {
  const page = await open("/greedy");
  const { told, failure } = await page.evaluate(async () => {
    const told = [];
    const Plain = Worker;
    globalThis.Worker = class extends Plain {
      constructor(url) {
        super(url);
        this.addEventListener("message", ({ data }) => told.push(data));
      }
    };
    const member = await Member.start();
    const failure = await member.ask({ order: "hash" }).catch(({ kind }) => kind);
    const after = await member.ask({ order: "sample" }).catch(({ kind }) => kind);
    return { told, failure: [failure, after] };
  });
  const { news } = told.find(({ news }) => news?.news === "broken") ?? {};
  assert.equal(news?.message, "capacity overflow");
  assert.match(news.place, /\.rs:\d+:\d+$/);
  // This one panic means that memory is short.
  assert.deepEqual(failure, ["out-of-memory", "out-of-memory"]);
  await page.close();
});

test("an order that the core does not know breaks the worker aloud", async () => {
  const page = await open("/");
  const failure = await page.evaluate(async () => {
    const member = await Member.start();
    return new Promise((resolve) => {
      member.onBroken = ({ kind, message, place }) => resolve({ kind, message, place });
      member.tell({ order: "unheard-of" });
    });
  });
  assert.equal(failure.kind, "defect");
  assert.match(failure.place, /wasm/);
  await page.close();
});

test("a file that is gone, or a folder, is told in its own line", async () => {
  const page = await open("/");
  const gone = files.write("gone.ndjson", lines(100));
  await choose(page, gone, files.path("small.ndjson"));
  const before = await page.evaluate(async () => {
    globalThis.engine = await createEngine({ workers: 2 });
    const chosen = [...document.getElementById("test-files").files].map((file) => ({ name: file.name, file }));
    await engine.read(chosen, () => {});
    return JSON.parse(await reportOf(engine)).inputs.map(({ name, events }) => [name, events]);
  });
  assert.deepEqual(before.map(([name]) => name), ["gone.ndjson", "small.ndjson"]);
  files.write("gone.ndjson", lines(300));
  const { raw, last } = await page.evaluate(async () => {
    const raw = await engine.raw(0, 0, 0).catch(({ kind, next }) => ({ kind, next }));
    let last;
    await engine.read([], (progress) => (last = progress));
    return { raw, last };
  });
  assert.equal(raw.kind, "file");
  assert.match(raw.next, /Choose the file again/);
  assert.match(last.files[0].failure, /could not be read/);
  assert.equal(last.files[1].failure, null);
  assert.equal(last.files[1].records, 200);
  await page.close();
});
