// How long it is from a key to the frame that shows what it asked for, in the built page with a large case:
// `cargo xtask bench`. The peer, in the same run: a frame in which one word changes.
//
// SLEUTH_BENCH_FILE: a file of one record a line (default: 300 MB of a tenant that never was)
// SLEUTH_BENCH_AGAIN: how often each way is gone (7)

import { statSync } from "node:fs";

import { artefact, folder, generated, launch, serve } from "./page.mjs";

/** Milliseconds that no one should wait. */
const LONG = 100;
/** Milliseconds between two keys: who reads presses no sooner. */
const REST = 400;
const again = Number(process.env.SLEUTH_BENCH_AGAIN ?? 7);
const files = folder();
const file = process.env.SLEUTH_BENCH_FILE ?? generated(files, "300MB");

/** Each way: its name, what is done in the page, and the selector of what is not there before and is shown then. */
const WAYS = [
  ["one word", () => document.querySelector("#bench").replaceChildren(document.createElement("i")), "#bench i"],
  ["next row", () => keys("j"), "[role=grid] .tr.sel"],
  ["session", () => keys("Enter"), ".lanes svg"],
  ["next session", () => keys("]"), ".session .side"],
  ["user", () => document.querySelectorAll(".trail .link")[1].click(), ".entity .spans li"],
  ["address, with who used it", () => document.querySelector(".entity .spans .link").click(), ".entity .spans li"],
  ["back to the user", () => keys("Escape"), ".entity .spans li"],
  ["tenant", () => keys("g", "t"), ".tenant-table tbody tr"],
  ["next view", () => keys("]"), ".tenant-table tbody tr:first-child"],
  ["coverage", () => keys("g", "c"), ".inputs tbody tr"],
  ["report", () => keys("g", "r"), ".report-side, .told, main h1"],
  ["sessions", () => keys("g", "s"), "[role=grid] .tr.sel"],
];

/** In the page: presses keys, and times an act. */
function prepare() {
  const mark = document.createElement("b");
  mark.id = "bench";
  document.body.append(mark);
  globalThis.keys = (...keys) =>
    keys.forEach((key) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
  /** Milliseconds until something new meets the selector and its frame is painted. */
  globalThis.timed = (act, selector) =>
    new Promise((resolve) => {
      const texts = () => new Map([...document.querySelectorAll(selector)].map((one) => [one, one.textContent]));
      const before = texts();
      const begin = performance.now();
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - begin);
      // Looked for as soon as anything changed: later, the frame after the one that shows it would be timed.
      const observer = new MutationObserver(() => {
        if (![...texts()].some(([one, text]) => before.get(one) !== text)) return;
        observer.disconnect();
        requestAnimationFrame(() => port2.postMessage(null));
      });
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["class"] });
      setTimeout(() => resolve(Infinity), 10_000);
      document.querySelector("[role=grid]")?.focus();
      act();
    });
}

const server = await serve({ "/": artefact() });
const browser = await launch();
const times = new Map(WAYS.map(([name]) => [name, []]));
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(server.url("/"));
  await page.locator(".drop .btn[aria-disabled=false]").first().waitFor();
  await page.evaluate(prepare);
  await page.setInputFiles("#choose-files", [file]);
  await page.locator("[role=grid] .tr.sel").waitFor({ timeout: 1_200_000 });
  for (let round = 0; round < again; round++) {
    for (const [name, act, selector] of WAYS) {
      times.get(name).push(await page.evaluate(([act, selector]) => timed(new Function(`(${act})()`), selector), [String(act), selector]));
      await page.waitForTimeout(REST);
    }
    await page.evaluate(() => document.querySelector("#bench").replaceChildren());
  }
} finally {
  await browser.close();
  await server.close();
}

const size = statSync(file).size;
files.remove();
const median = (list) => list.toSorted((left, right) => left - right)[Math.floor(list.length / 2)];
const peer = median(times.get("one word"));
console.log(`\n${(size / 1e6).toFixed(0)} MB; milliseconds from a key to its frame: the first time, the middle of ${again}, the longest; × one word`);
for (const [name, list] of times) {
  const cells = [list[0], median(list), Math.max(...list)].map((time) => time.toFixed(0).padStart(6));
  const long = median(list) > LONG ? "  over 100" : "";
  console.log(`${name.padEnd(28)}${cells.join("")}  ×${(median(list) / peer).toFixed(1)}${long}`);
}
