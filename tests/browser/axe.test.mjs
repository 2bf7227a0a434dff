// axe finds nothing serious in any place, light and dark, wide and narrow.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { artefact, folder, launch, serve } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser, server, files;

before(async () => {
  files = folder();
  server = await serve({ "/": artefact() });
  files.write("signins.ndjson", ndjson(tenant({ attacks: 6 })));
  files.write("letter.docx", "PK nothing");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

async function check(page, where) {
  // Evaluated by the browser's own tools, which no policy of the page concerns.
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
  assert.deepEqual(found, [], where);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 1920, 800]) {
    test(`${colorScheme}, ${width} wide`, async () => {
      // Colours on their way from one to another are nobody's.
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(server.url("/"));
      await page.getByRole("button", { name: /Choose files/ }).waitFor();
      await check(page, "start");
      const dialogue = async (name, open) => {
        await open();
        await page.locator("dialog").waitFor();
        await check(page, name);
        await page.keyboard.press("Escape");
        await page.locator("dialog").waitFor({ state: "detached" });
      };
      const button = (name) => () => page.getByRole("button", { name, exact: true }).click();
      await dialogue("map", () => page.keyboard.press("?"));
      await dialogue("promise", async () => {
        await button("Try to connect out")();
        await page.getByRole("dialog").getByText("Nothing got out.").waitFor({ timeout: 20_000 });
      });
      await page.setInputFiles("#choose-files", [files.path("letter.docx")]);
      await page.getByText("letter.docx left out").waitFor();
      await check(page, "reading");
      await page.setInputFiles("#choose-files", [files.path("signins.ndjson"), files.path("letter.docx")]);
      await page.locator("[role=grid] .tr.pick").first().waitFor();
      await check(page, "sessions");
      const inside = { u: ".tunable", w: ".files li", n: "textarea", v: ".keep", a: ".allow-of li" };
      for (const [key, part] of Object.entries(inside)) {
        await dialogue(`dialogue of ${key}`, async () => {
          await page.keyboard.press(key);
          await page.locator(`dialog ${part}`).first().waitFor();
        });
      }
      await dialogue("columns", button("Columns"));
      await dialogue("clear", button("Clear data"));
      if (width < 1000) await dialogue("facets", button("Facets"));
      await page.keyboard.press("/");
      await page.keyboard.type("nobody of this name");
      await page.getByText("No session matches these filters").waitFor();
      await check(page, "too tight");
      await page.getByRole("button", { name: "Clear all filters" }).click();
      await page.locator("[role=grid] .tr.pick").first().waitFor();
      await page.locator("[role=grid]").focus();
      await page.keyboard.press("t");
      await page.locator(".twin").waitFor();
      await check(page, "sessions with tables");
      await page.keyboard.press("t");
      await page.keyboard.press("Enter");
      await page.locator(".session h1").waitFor();
      await page.locator(".lanes svg").waitFor();
      await page.locator(".lineage .node").first().waitFor();
      await check(page, "session");
      await page.keyboard.press("t");
      await page.locator(".lineage .twin").waitFor();
      await check(page, "session with tables");
      await page.keyboard.press("t");
      await page.keyboard.press("e");
      await page.locator(".drawer pre").waitFor();
      await check(page, "raw record");
      await page.keyboard.press("Escape");
      await page.keyboard.press("g");
      await page.keyboard.press("c");
      await page.locator(".inputs tbody tr").first().waitFor();
      await check(page, "coverage");
      await page.keyboard.press("g");
      await page.keyboard.press("f");
      await page.locator(".inspected").waitFor();
      await check(page, "files");
      await page.keyboard.press("g");
      await page.keyboard.press("t");
      await page.locator(".tenant-table tbody tr").first().waitFor();
      await page.locator(".ranked").first().waitFor();
      await check(page, "tenant");
      for (const view of ["Place", "Device code", "What each policy did", "Rare requests"]) {
        await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: view, exact: true }).click();
        await page.locator(".tenant h1").waitFor();
        await check(page, `tenant, ${view}`);
      }
      await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Application", exact: true }).click();
      await page.getByText(/^3 applications/).waitFor();
      // A button that has the focus takes Enter for itself.
      await page.locator("main").focus();
      await page.keyboard.press("y");
      await page.locator(".tenant .chip").waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".short-sessions tbody tr").first().waitFor();
      await page.locator(".spans li").first().waitFor();
      await check(page, "entity");
      await page.locator(".short-sessions .link").first().click();
      await page.locator(".session .trail .link").nth(1).click();
      await page.locator(".entity-all tbody tr").first().waitFor();
      await page.locator(".place-map svg").waitFor();
      await check(page, "user");
      await page.keyboard.press("g");
      await page.keyboard.press("r");
      await page.locator(".told").nth(5).waitFor();
      await check(page, "report");
      await context.close();
    });
  }
}
