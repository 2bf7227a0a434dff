// How long the page waits for each answer of a large case, the first time and again: `cargo xtask bench`.
//
// SLEUTH_BENCH_FILE: a file of one record a line (default: 300 MB of a tenant that never was)
// SLEUTH_BENCH_AGAIN: how often each question is put again (3)

import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

import { choose, folder, generated, harness, launch, serve } from "./page.mjs";

/** Milliseconds that no one should wait. */
const LONG = 100;
const again = Number(process.env.SLEUTH_BENCH_AGAIN ?? 3);
const files = folder();
const file = process.env.SLEUTH_BENCH_FILE ?? generated(files, "300MB");

/** A list of the page, by the file that makes it. */
async function imported(path) {
  const [{ text }] = buildSync({ entryPoints: [fileURLToPath(new URL(`../../${path}`, import.meta.url))], bundle: true, write: false, format: "esm" }).outputFiles;
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

const { VIEWS } = await imported("www/places/tenant/views.ts");
const { COUNTED } = await imported("www/state/columns.ts");
const everything = { text: "", from: null, to: null, only: [], not: [] };
const whole = { from: null, to: null };
const order = { group: "incident", sort: "severity", descending: true };
const sessions = (filter, offset = 0) => ({ ask: "sessions", filter: { ...everything, ...filter }, ...order, offset, limit: 50 });
const tally = (by, only, more = {}) => ({ ask: "tally", tally: { of: "sign-ins", by, only, within: whole, order: "most", limit: 200, ticks: null, ...more } });
const view = ({ id, by, of, only = [], order }) => [`tenant: ${id}`, tally(by, only, { of: of ?? "sign-ins", order: order ?? "most" })];

/** Asks all in the page, one after the other; milliseconds of each time, and the answer's characters. */
async function measure(page, questions) {
  return page.evaluate(
    async ([questions, again]) => {
      const told = [];
      for (const [name, question] of questions) {
        const times = [];
        let answer;
        for (let round = 0; round <= again; round++) {
          const begin = performance.now();
          answer = await engine.ask(question);
          times.push(performance.now() - begin);
        }
        told.push({ name, times, answer });
      }
      return told;
    },
    [questions, again],
  );
}

const server = await serve({ "/": harness() });
const browser = await launch();
const rows = [];
try {
  const page = await browser.newPage();
  await page.goto(server.url("/"));
  await choose(page, file);
  const { events, memory } = await page.evaluate(async () => {
    globalThis.engine = await createEngine({ workers: 2 });
    const [file] = document.getElementById("test-files").files;
    await engine.read([{ name: file.name, file }], () => {});
    return engine.size;
  });
  const ask = async (...questions) => {
    const told = await measure(page, questions);
    rows.push(...told);
    return told.map(({ answer }) => answer);
  };
  /** Puts a question that is answered in parts until it is; what is told is the longest part, and all together. */
  const askParts = async (name, question, isDone) => {
    const times = [];
    for (let answer; answer === undefined || !isDone(answer); ) {
      const asked = async (question) => {
        const begin = performance.now();
        return [await engine.ask(question), performance.now() - begin];
      };
      const [found, time] = await page.evaluate(asked, question);
      answer = found;
      times.push(time);
    }
    rows.push({ name: `${name} in ${times.length} parts`, times: [Math.max(...times), times.reduce((sum, time) => sum + time)], answer: null, isParts: true });
  };
  await ask(["overview", { ask: "overview", bins: 360 }]);
  const [{ rows: flagged }] = await ask(["sessions: first page", sessions({})], ["sessions: search", sessions({ text: "berlin" })], ["sessions: search of two words", sessions({ text: "azure 192" })]);
  await ask(["keys", { ask: "keys", filter: everything, ...order }], ["hits", { ask: "hits" }], ["tuning", { ask: "tuning" }]);
  for (const [at, name] of [[0, "first"], [20, "another"]]) {
    const key = flagged[Math.min(at, flagged.length - 1)]?.key;
    if (key !== undefined) await ask([`session: the ${name}`, { ask: "session", key }], ["lanes", { ask: "lanes", key, from: null, to: null, most: 2000 }], ["steps", { ask: "steps", keys: [key] }]);
  }
  for (const column of COUNTED) await askParts(`prepare: ${column}`, { ask: "prepare", column }, (done) => done);
  const views = await ask(...VIEWS.map(view));
  await ask(["coverage", { ask: "coverage" }]);
  const columns = ["user", "address", "device", "app", "resource"];
  for (const column of columns) {
    const named = views[VIEWS.findIndex((view) => view.by[0] === column)]?.rows[0]?.values[0];
    if (named === undefined) continue;
    const only = [{ column, value: named.value, not: false }];
    await ask([`entity: ${column}`, { ask: "entity", column, value: named.value, within: whole }], [`count of ${column}: session`, tally(["session"], only)]);
    await ask(...["user", "app", "address", "agent", "result"].filter((by) => by !== column).map((by) => [`count of ${column}: ${by}`, tally([by], only, { limit: 5 })]));
  }
  const half = await page.evaluate(async () => (await engine.ask({ ask: "overview", bins: 2 })).strip.bins);
  const within = { from: half.from, to: half.from + half.step };
  await ask(...["app", "address"].map((by) => [`half of the time: ${by}`, tally([by], [], { within })]));
  await ask(...["scope", "method", "session", "policy"].map((by) => [`count: ${by}`, tally([by], [])]));
  await askParts("preview", { ask: "preview", changes: { "foci-pivot.max-gap-minutes": "90" } }, ({ done }) => done === 1);
  const mode = `${(statSync(file).size / 1e6).toFixed(0)} MB, ${events} events, the case takes ${(memory / 1e6).toFixed(0)} MB`;
  console.log(`${mode}; milliseconds from question to answer, in the page`);
} finally {
  await browser.close();
  await server.close();
  files.remove();
}

const cells = (...texts) => texts.map((text) => text.padStart(9)).join("");
console.log("question".padEnd(34) + cells("first", "again", "kB"));
for (const { name, times, answer, isParts } of rows) {
  const [first, ...others] = times;
  const median = others.toSorted((left, right) => left - right)[Math.floor(others.length / 2)] ?? first;
  const mark = Math.max(first, isParts ? 0 : median) > LONG ? "  long" : "";
  console.log(name.padEnd(34) + cells(first.toFixed(1), median.toFixed(1), (JSON.stringify(answer).length / 1e3).toFixed(1)) + mark);
}
