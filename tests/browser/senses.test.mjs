// The page at 200 %, in forced colours and without motion: nothing is cut off, nothing is told by colour alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { artefact, folder, launch, serve } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

let browser, server, files;

before(async () => {
  files = folder();
  server = await serve({ "/": artefact() });
  files.write("signins.ndjson", ndjson(tenant({ attacks: 4 })));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

/** Goes through the places, one after the other. */
async function through(options, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(server.url("/"));
  await page.getByRole("button", { name: /Choose files/ }).waitFor();
  await look(page, "start");
  await page.setInputFiles("#choose-files", [files.path("signins.ndjson")]);
  await page.locator("[role=grid] .tr.sel").waitFor({ timeout: 60_000 });
  await look(page, "sessions");
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Enter");
  await page.locator(".lineage .node").first().waitFor();
  await page.locator(".lanes svg").first().waitFor();
  await look(page, "session");
  await page.locator(".trail .link").nth(1).click();
  await page.locator(".place-map svg").waitFor();
  await look(page, "entity");
  for (const [key, name, there] of [["t", "tenant", ".tenant-table tbody tr"], ["c", "coverage", ".inputs tbody tr"], ["r", "report", ".told"], ["f", "files", ".inspected"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.locator(there).first().waitFor();
    await look(page, name);
  }
  await context.close();
}

test("at 200 % of a laptop's screen the page scrolls down and never sideways", async () => {
  await through({ viewport: { width: 640, height: 400 }, reducedMotion: "reduce" }, async (page, name) => {
    const [whole, room] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
    assert.ok(whole <= room, `${name}: ${whole} wide in ${room}`);
    // What is wider scrolls in a box of its own, and never sticks out of it.
    const out = await page.evaluate(() =>
      [...document.querySelectorAll("h1, h2, p, .btn")].filter((one) => one.getClientRects().length > 0 && one.closest(".scroller, .grid, .strip, .vh, .twin, .lanes, .lineage") === null && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(out, [], name);
  });
});

test("in forced colours shapes keep their meaning and what is chosen stands out", async () => {
  await through({ viewport: { width: 1280, height: 800 }, forcedColors: "active", reducedMotion: "reduce" }, async (page, name) => {
    const adjusted = await page.evaluate(() => [...document.querySelectorAll("main svg")].filter((one) => one.getClientRects().length > 0 && getComputedStyle(one).forcedColorAdjust !== "none").length);
    assert.equal(adjusted, 0, `${name}: charts keep their own colours`);
    if (name === "sessions") {
      const borders = await page.evaluate(() => {
        const width = (selector) => Number.parseFloat(getComputedStyle(document.querySelector(selector)).borderTopWidth);
        return [width("[role=grid] .tr.sel"), width("[role=grid] .tr.pick:not(.sel)")];
      });
      assert.ok(borders[0] > borders[1], `${borders}`);
    }
  });
});

test("light and dark change by key, and paper is white", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "dark", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(server.url("/"));
  await page.getByRole("button", { name: /Choose files/ }).waitFor();
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const [dark, light] = ["rgb(16, 19, 23)", "rgb(255, 255, 255)"];
  assert.equal(await ground(), dark);
  await page.keyboard.press("d");
  assert.equal(await ground(), light);
  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  assert.equal(await ground(), dark);
  await page.emulateMedia({ media: "print" });
  assert.equal(await ground(), light);
  await context.close();
});

test("without motion nothing moves", async () => {
  await through({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" }, async (page, name) => {
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((one) => {
        const { transitionDuration, animationName } = getComputedStyle(one);
        return transitionDuration.split(", ").some((duration) => Number.parseFloat(duration) > 0) || animationName !== "none";
      }).length,
    );
    assert.equal(moving, 0, name);
  });
});
