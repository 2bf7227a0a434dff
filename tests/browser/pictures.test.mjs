// Small pictures of the important places, held against kept ones: a layout that falls apart is seen, a number that
// differs is not. To take them anew: WRITE_PICTURES=1 node --test tests/browser/pictures.test.mjs

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { artefact, folder, launch, serve } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

const KEPT = fileURLToPath(new URL("pictures/", import.meta.url));
/** A picture is a quarter as wide and as high as the window. */
const SMALL = { width: 320, height: 200 };
/** Share of a picture's dots that may differ, and by how much of 255 a dot may before it counts. */
const SHARE = 0.05;
const LEAST = 56;

let browser, server, files, compare;

before(async () => {
  files = folder();
  server = await serve({ "/": artefact(), "/empty": "<!doctype html><title>pictures</title>" });
  files.write("signins.ndjson", ndjson(tenant({ attacks: 6 })));
  browser = await launch();
  compare = await browser.newPage();
  await compare.goto(server.url("/empty"));
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

/** The window as a small picture, and the share of dots that differ from the kept one. */
async function look(page, name) {
  const png = (await page.screenshot()).toString("base64");
  const file = `${KEPT}${name}.webp`;
  const kept = existsSync(file) ? readFileSync(file).toString("base64") : null;
  const { small, share } = await compare.evaluate(
    async ({ png, kept, width, height, least }) => {
      const draw = async (type, data) => {
        const image = new Image();
        image.src = `data:image/${type};base64,${data}`;
        await image.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const context = canvas.getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, width, height);
        return { canvas, dots: context.getImageData(0, 0, width, height).data };
      };
      const now = await draw("png", png);
      const small = now.canvas.toDataURL("image/webp", 0.7).split(",")[1];
      if (kept === null) return { small, share: 1 };
      // Both have gone through the same compression.
      const [one, other] = [await draw("webp", small), await draw("webp", kept)];
      let differ = 0;
      for (let dot = 0; dot < one.dots.length; dot += 4) {
        const most = Math.max(...[0, 1, 2].map((part) => Math.abs(one.dots[dot + part] - other.dots[dot + part])));
        differ += most > least ? 1 : 0;
      }
      return { small, share: differ / (one.dots.length / 4) };
    },
    { png, kept, ...SMALL, least: LEAST },
  );
  if (process.env.WRITE_PICTURES) {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(file, Buffer.from(small, "base64"));
    return;
  }
  assert.ok(kept !== null, `there is no ${name}.webp: take it with WRITE_PICTURES=1`);
  assert.ok(share <= SHARE, `${name}: ${(share * 100).toFixed(1)} % of the dots differ`);
}

const ready = (page) => page.waitForTimeout(700);

for (const colorScheme of ["light", "dark"]) {
  test(`the important places look as they did, ${colorScheme}`, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const at = (name) => look(page, `${name}-${colorScheme}`);
    await page.goto(server.url("/"));
    await page.waitForFunction(() => document.querySelector(".drop .btn")?.getAttribute("aria-disabled") === "false");
    await at("start");
    await page.setInputFiles("#choose-files", [files.path("signins.ndjson")]);
    await page.locator("[role=grid] .tr.sel").waitFor({ timeout: 60_000 });
    await ready(page);
    await at("sessions");
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("Enter");
    await page.locator(".lanes svg").waitFor();
    await ready(page);
    await at("session");
    await page.locator(".lineage-fig").scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector(".lineage-fig").scrollIntoView());
    await ready(page);
    await at("session-charts");
    await page.locator(".trail .link").nth(1).click();
    await page.locator(".entity-all tbody tr").first().waitFor();
    await page.locator(".place-map svg").waitFor();
    await ready(page);
    await at("user");
    for (const [key, name, there] of [["t", "tenant", ".tenant-table tbody tr"], ["c", "coverage", ".inputs tbody tr"], ["r", "report", ".told"]]) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.locator(there).first().waitFor();
      await ready(page);
      await at(name);
    }
    await context.close();
  });
}

test("a place that falls apart is seen", async () => {
  if (process.env.WRITE_PICTURES) return;
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", reducedMotion: "reduce" })).newPage();
  await page.goto(server.url("/"));
  await page.waitForFunction(() => document.querySelector(".drop .btn")?.getAttribute("aria-disabled") === "false");
  await page.evaluate(() => {
    document.querySelector("main").style.display = "block";
  });
  await assert.rejects(look(page, "start-light"), /of the dots differ/);
  await page.context().close();
});
