// Nothing leaves: what the policy stops, what is removed, and that the page can prove which file it is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { withWorkerAfter } from "./module.mjs";
import { artefact, folder, harness, INTERNAL, launch, serve, sha256, sink, withoutPolicy } from "./page.mjs";

/** Ways out of a worker that the self-test leaves out: one worker inside another, and an event source. */
const MORE = `addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) =>
  postMessage({ more: [blockedURI, effectiveDirective] }));
try { new Worker("https://worker.sign-in-sleuth.invalid/"); } catch (error) { postMessage({ more: [error.name] }); }
new EventSource("https://source.sign-in-sleuth.invalid/");`;

let browser, server, files, out;
const page = harness();

before(async () => {
  files = folder();
  files.write("artefact.html", artefact());
  files.write("page.html", page);
  const frame = (path) => `<!doctype html><iframe src="${path}"></iframe>`;
  server = await serve({
    "/artefact": artefact(),
    "/page": page,
    "/unguarded": withoutPolicy(page),
    "/more": withWorkerAfter(page, MORE),
    "/frame": frame("/artefact"),
    "/frame-of-test": frame("/page"),
  });
  out = await sink();
  browser = await launch([out.rule]);
});

after(async () => {
  await browser?.close();
  await server?.close();
  await out?.close();
  files?.remove();
});

/** Opens a page in a context of its own and notes every request that goes to a network. One that the
 * policy stopped never went; the browser says so a moment after it was asked for. */
async function open(url) {
  const context = await browser.newContext({ acceptDownloads: true });
  const requests = [];
  const stopped = [];
  context.on("request", (request) => {
    if (/^(https?|wss?|ftp):/.test(request.url())) requests.push(request.url());
  });
  context.on("requestfailed", (request) => {
    if (request.failure()?.errorText === "csp") stopped.push(request.url());
  });
  /** The requests that were not stopped; those whose end is not known yet are waited for. */
  const went = async () => {
    const left = () => requests.filter((url) => url !== tab.url() && !stopped.includes(url));
    for (let tries = 0; tries < 50 && left().length > 0; tries += 1) await tab.waitForTimeout(100);
    return requests.filter((url) => !stopped.includes(url));
  };
  const tab = await context.newPage();
  await tab.goto(url);
  return { tab, went, close: () => context.close() };
}

const EXPECTED = {
  page: ["fetch", "XMLHttpRequest", "WebSocket", "import", "EventSource", "sendBeacon", "image", "WebRTC"],
  worker: ["fetch", "XMLHttpRequest", "WebSocket", "import"],
};

for (const how of ["http", "file"]) {
  describe(`over ${how}`, () => {
    const url = (name) => (how === "http" ? server.url(`/${name}`) : files.url(`${name}.html`));

    test("the page asks for nothing but itself", async () => {
      const { tab, went, close } = await open(url("artefact"));
      await tab.waitForTimeout(1000);
      assert.deepEqual(await went(), how === "http" ? [url("artefact")] : []);
      assert.deepEqual(server.asked, []);
      await close();
    });

    test("each way out is stopped by the policy, from page and worker", async () => {
      const { tab, went, close } = await open(url("page"));
      const attempts = await tab.evaluate(() => proof.selfTest());
      for (const from of ["page", "worker"]) {
        assert.deepEqual(attempts.filter((attempt) => attempt.from === from).map(({ what }) => what), EXPECTED[from]);
      }
      assert.deepEqual(attempts.filter(({ blocked }) => !blocked), []);
      assert.deepEqual(await went(), how === "http" ? [url("page")] : []);
      assert.equal(out.connections, 0);
      await close();
    });

    test("WebRTC is gone", async () => {
      const { tab, close } = await open(url("artefact"));
      const left = await tab.evaluate(() => Object.getOwnPropertyNames(globalThis).filter((name) => /RTC/.test(name)));
      assert.deepEqual(left, []);
      await close();
    });

    test("its own hash is the file's, and the saved page is the file", async () => {
      const { tab, close } = await open(url("page"));
      assert.equal(await tab.evaluate(() => proof.ownHash()), sha256(page));
      const [download] = await Promise.all([tab.waitForEvent("download"), tab.evaluate(() => proof.savePage())]);
      assert.equal(download.suggestedFilename(), "signin-sleuth.html");
      assert.ok(readFileSync(await download.path()).equals(Buffer.from(page)), "byte for byte");
      await close();
    });
  });
}

test("an event source and a worker inside the worker are stopped, too", async () => {
  const { tab, close } = await open(server.url("/more"));
  const said = await tab.evaluate(async () => {
    const said = [];
    const Plain = Worker;
    globalThis.Worker = class extends Plain {
      constructor(url) {
        super(url);
        this.addEventListener("message", ({ data }) => data.more && said.push(data.more));
      }
    };
    await startWorker();
    for (let wait = 0; wait < 50 && said.length < 3; wait++) await new Promise((resolve) => setTimeout(resolve, 100));
    return said;
  });
  const directives = Object.fromEntries(said.filter((word) => word.length === 2));
  assert.equal(directives["https://source.sign-in-sleuth.invalid/"], "connect-src");
  assert.equal(directives["trusted-types-sink"], "require-trusted-types-for");
  assert.equal(out.connections, 0);
  await close();
});

test("the page shows the hash of the file that it is", async () => {
  for (const url of [server.url("/artefact"), server.url("/artefact", INTERNAL), files.url("artefact.html")]) {
    const { tab, close } = await open(url);
    await tab.waitForFunction((hash) => document.body.textContent.includes(hash), sha256(artefact()));
    await close();
  }
});

test("a build that lost its policy fails the self-test", async () => {
  const { tab, close } = await open(server.url("/unguarded"));
  const attempts = await tab.evaluate(() => proof.selfTest());
  assert.deepEqual(attempts.filter(({ blocked }) => blocked).map(({ what }) => what), ["WebRTC"]);
  assert.notEqual(out.connections, 0, "the sink would have seen what the policy stops");
  await close();
});

test("a host without TLS has the hash and the core, too", async () => {
  const { tab, close } = await open(server.url("/page", INTERNAL));
  assert.equal(await tab.evaluate(() => isSecureContext), false);
  assert.equal(await tab.evaluate(() => typeof crypto.subtle), "undefined");
  assert.equal(await tab.evaluate(() => proof.ownHash()), sha256(page));
  const inputs = await tab.evaluate(async () => JSON.parse(await reportOf(await createEngine())).inputs);
  assert.deepEqual(inputs, []);
  await close();
});

for (const path of ["/frame", "/frame-of-test"]) {
  test(`a framed page refuses to work (${path})`, async () => {
    const { tab, close } = await open(server.url(path));
    const frame = tab.frames()[1];
    await frame.waitForFunction(() => document.body !== null);
    const text = await frame.evaluate(() => document.body.textContent);
    assert.match(text, /does not work inside another page/);
    assert.equal(await frame.evaluate(() => document.querySelector("#app, #sleuth-worker")), null);
    assert.equal(await frame.evaluate(() => typeof globalThis.createEngine), "undefined");
    assert.equal(tab.workers().length, 0);
    await close();
  });
}
