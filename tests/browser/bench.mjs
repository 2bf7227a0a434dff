// How fast the page reads a large export, and how much memory that takes, beside what the same worker
// does with the same file otherwise: only reading it, and JSON.parse for each line. `cargo xtask bench`.
//
// SLEUTH_BENCH_FILE: a file of one record a line (default: 300 MB of a tenant that never was)
// SLEUTH_BENCH_ROUNDS: how often each is measured, one after the other in turns (5)

import { readFileSync, statSync } from "node:fs";

import { withWorkerAfter } from "./module.mjs";
import { choose, folder, generated, harness, launch, serve } from "./page.mjs";

/** Bytes of the tab's memory that reading 300 MB must stay below. */
const MOST = 600e6;
const rounds = Number(process.env.SLEUTH_BENCH_ROUNDS ?? 5);
const files = folder();
const file = process.env.SLEUTH_BENCH_FILE ?? generated(files, "300MB");
const size = statSync(file).size;

/** What the peers do, in front of the page's own worker. */
const PEERS = `addEventListener("message", async (event) => {
  const { peer, file } = event.data;
  if (!peer) return;
  event.stopImmediatePropagation();
  const SLICE = 16 << 20;
  const slices = [];
  let next = 0;
  const ahead = () => {
    while (slices.length < 2 && next < file.size) {
      slices.push(file.slice(next, next + SLICE).arrayBuffer());
      next += SLICE;
    }
  };
  const decoder = new TextDecoder();
  let count = 0, rest = "";
  for (ahead(); slices.length > 0; ) {
    const slice = await slices.shift();
    ahead();
    if (peer === "read") {
      count += slice.byteLength;
      continue;
    }
    const lines = (rest + decoder.decode(slice, { stream: true })).split("\\n");
    rest = lines.pop();
    for (const line of lines) if (line) count += JSON.parse(line).id ? 1 : 0;
  }
  postMessage({ peer: count });
});`;

const WAYS = ["read", "parse", "one worker", "two workers"];
const server = await serve({ "/": withWorkerAfter(harness(), PEERS) });
const browser = await launch();
const control = await browser.newBrowserCDPSession();

/** Memory in bytes and processor seconds of a process of the browser. */
function usage(id) {
  try {
    const memory = 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0);
    const [user, system] = readFileSync(`/proc/${id}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13);
    return { memory, processor: (Number(user) + Number(system)) / 100 };
  } catch {
    return { memory: 0, processor: 0 };
  }
}

async function renderers() {
  const { processInfo } = await control.send("SystemInfo.getProcessInfo");
  return new Set(processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id));
}

/** One reading in a tab of its own: seconds, the most memory, and what came out. */
async function measure(way) {
  const before = await renderers();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url("/"));
  await choose(page, file);
  if (way !== "read" && way !== "parse") {
    await page.evaluate(async (workers) => {
      globalThis.engine = await createEngine({ workers });
      // A person needs longer than this to choose a file.
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }, way === "one worker" ? 1 : 2);
  }
  // The tab's process, and one that the browser keeps ready for the next.
  const tabs = [...(await renderers())].filter((id) => !before.has(id));
  const worked = () => tabs.reduce((sum, tab) => sum + usage(tab).processor, 0);
  const begun = worked();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, ...tabs.map((tab) => usage(tab).memory))), 20);
  const result = await page.evaluate(async (way) => {
    const [file] = document.getElementById("test-files").files;
    if (way === "read" || way === "parse") {
      const worker = await startWorker();
      const begin = performance.now();
      worker.postMessage({ peer: way, file });
      const count = await new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data.peer)));
      const seconds = (performance.now() - begin) / 1000;
      worker.terminate();
      return { seconds, count };
    }
    const begin = performance.now();
    let read;
    await engine.read([{ name: file.name, file }], (progress) => {
      if (progress.bytes === progress.total) read ??= (performance.now() - begin) / 1000;
    });
    const overview = await engine.ask({ ask: "overview", bins: 200 });
    const seconds = (performance.now() - begin) / 1000;
    const report = JSON.parse(await reportOf(engine));
    return { seconds, read, count: report.inputs[0].records, events: report.inputs[0].events, overview: overview !== null, memory: engine.size.memory };
  }, way);
  clearInterval(watch);
  const processor = worked() - begun;
  await context.close();
  return { ...result, most, processor };
}

const results = new Map(WAYS.map((way) => [way, []]));
try {
  for (let round = 0; round < rounds; round++) for (const way of WAYS) results.get(way).push(await measure(way));
} finally {
  await browser.close();
  await server.close();
  files.remove();
}

const median = (numbers) => numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)];
const speed = (way) => size / 1e6 / median(results.get(way).map(({ seconds }) => seconds));
const [{ count, events, memory }] = results.get("one worker");
console.log(`${(size / 1e6).toFixed(0)} MB, ${count} records, ${events} events; medians of ${rounds} rounds, each way in a tab of its own; the case takes ${(memory / 1e6).toFixed(0)} MB`);
console.log("way".padEnd(28) + ["MB/s", "÷ read", "÷ parse", "CPU s", "most MB"].map((head) => head.padStart(9)).join(""));
const NAMES = { read: "reading only", parse: "JSON.parse for each line", "one worker": "Sleuth, drop to findings", "two workers": "Sleuth, two workers" };
for (const way of WAYS) {
  const most = Math.max(...results.get(way).map(({ most }) => most));
  const cells = [speed(way).toFixed(0), (speed(way) / speed("read")).toFixed(2), (speed(way) / speed("parse")).toFixed(2), median(results.get(way).map(({ processor }) => processor)).toFixed(2), (most / 1e6).toFixed(0)];
  console.log(NAMES[way].padEnd(28) + cells.map((cell) => cell.padStart(9)).join(""));
}
for (const way of ["one worker", "two workers"]) {
  const most = Math.max(...results.get(way).map(({ most }) => most));
  if (size <= 310e6 && most > MOST) {
    console.error(`${NAMES[way]}: the tab took ${(most / 1e6).toFixed(0)} MB, more than ${MOST / 1e6} MB`);
    process.exitCode = 1;
  }
}
if (process.env.SLEUTH_BENCH_ALL) console.log(Object.fromEntries(results));
