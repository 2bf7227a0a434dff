// Someone who has never seen the page finds the stolen session of the sample tenant: by the words on the screen and
// the keyboard, within two minutes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { artefact, launch, serve } from "./page.mjs";

let browser, server;

before(async () => {
  server = await serve({ "/": artefact() });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Words that can be seen now. */
const reads = (page, words) => page.getByText(words).filter({ visible: true }).first().waitFor({ timeout: 60_000 });

/** Presses Tab until what has the focus says these words, and looks whether the focus can be seen. */
async function tabTo(page, words) {
  for (let presses = 1; presses <= 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const style = element === null ? null : getComputedStyle(element);
      return { text: `${element?.innerText ?? ""} ${element?.getAttribute("aria-label") ?? ""}`, outline: style === null ? 0 : Number.parseFloat(style.outlineWidth) };
    });
    if (!words.test(focused.text)) continue;
    assert.ok(focused.outline >= 1, `the focus on ${words} can be seen`);
    return presses;
  }
  throw new Error(`no Tab leads to ${words}`);
}

/** A key that the status line names. */
async function pressShown(page, key, what) {
  await page.locator(".foot .keys .one").filter({ hasText: what }).filter({ hasText: key }).waitFor();
  await page.keyboard.press({ "↵": "Enter" }[key] ?? key);
}

test("from the first screen to the proof", { timeout: 120_000 }, async () => {
  const began = Date.now();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(server.url("/"));
  await reads(page, /Find the Entra ID sessions that were stolen/);
  await reads(page, "Nothing you drop leaves this machine.");
  await reads(page, /No export at hand\?/);
  await tabTo(page, /Open the sample tenant/);
  await page.keyboard.press("Enter");

  // How many, since when, and the worst first.
  await reads(page, /sessions? (was|were) very likely stolen\./);
  await reads(page, "Critical");
  await page.locator("[role=grid] .tr.sel").waitFor();
  await pressShown(page, "↵", "open");

  // What happened, to whom, when, from where to where, and what was done.
  const verdict = page.locator("main h1");
  await verdict.getByText(/^Stolen by .+\. On \d+ \w+ at \d\d:\d\d .+/).waitFor();
  await reads(page, "What each holder did");
  await reads(page, "Where each token came from");
  await reads(page, "changed hands");
  for (const words of ["Why", "Evidence", "Could it be harmless?", "Ask the customer", "Do now", "Confirm in Sentinel"]) {
    assert.equal(await page.getByRole("heading", { name: new RegExp(`^${words.replace("?", "\\?")}`) }).count(), 1, words);
  }

  // The proof: the record as the file has it.
  await pressShown(page, "j", "evidence");
  await pressShown(page, "e", "raw record");
  await page.locator(".drawer pre").getByText(/"(createdDateTime|activityDateTime)"/).first().waitFor();
  await page.keyboard.press("Escape");
  await pressShown(page, "m", "mark");
  await page.getByRole("button", { name: /Malicious/, pressed: true }).waitFor();
  assert.ok(Date.now() - began < 120_000);
  await page.context().close();
});
