// What must hold in every browser: the page opens under its policy, reads, flags, and knows its own hash.
// Chromium is tested whole; the others by this.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { artefact, folder, serve, sha256 } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

/** How a browser differs: how it is started, whether the page runs as a file, and whether the browser
 * tells of what its policy stopped inside a worker. */
export function smoke(name, { start, asFile, tellsOfWorkers }) {
  describe(name, () => {
    let browser, server, files;

    before(async () => {
      files = folder();
      files.write("page.html", artefact());
      files.write("signins.ndjson", ndjson(tenant()));
      files.write("letter.docx", "PK nothing that anybody would call a sign-in");
      server = await serve({ "/": artefact() });
      browser = await start();
    });

    after(async () => {
      await browser?.close();
      await server?.close();
      files?.remove();
    });

    const open = async (how) => {
      await browser.goto(how === "http" ? server.url("/") : files.url("page.html"));
      await browser.waitFor(() => document.querySelector(".start h1") !== null);
    };
    const sessions = async () => {
      await browser.waitFor(() => document.querySelector("[role=grid] .tr.pick") !== null);
      return browser.evaluate(() => document.querySelector("main h1").textContent);
    };

    for (const how of asFile ? ["http", "file"] : ["http"]) {
      test(`over ${how}: the sample tenant opens and has flagged sessions`, async () => {
        await open(how);
        await browser.evaluate(() => document.querySelector(".sample button").click());
        assert.match(await sessions(), /sessions? (was|were) very likely stolen\./);
      });

      test(`over ${how}: a file that is chosen is read, and a bad one beside it said`, async () => {
        await open(how);
        await browser.choose("#choose-files", files.path("letter.docx"));
        await browser.waitFor(() => document.body.textContent.includes("letter.docx left out"));
        await browser.choose("#choose-files", files.path("signins.ndjson"));
        assert.match(await sessions(), /^Two of 42 sessions were very likely stolen\./);
      });

      test(`over ${how}: the page knows the hash of the file that it is`, async () => {
        await open(how);
        await browser.waitFor((hash) => document.body.textContent.includes(hash), sha256(artefact()));
      });

      test(`over ${how}: each way out is stopped by the policy, or not called so`, async () => {
        await open(how);
        await browser.evaluate(() => document.querySelector(".vow .btn").click());
        await browser.waitFor(() => document.querySelector(".selftest tbody tr") !== null);
        const { said, rows } = await browser.evaluate(() => ({
          said: document.querySelector(".selftest [role=status]").textContent,
          rows: [...document.querySelectorAll(".selftest tbody tr")].map((row) => [row.cells[1].textContent, row.cells[2].textContent]),
        }));
        const proven = ([, answer]) => /^stopped by |^removed$/.test(answer);
        const from = (where) => rows.filter(([from]) => from === where);
        assert.equal(from("page").length, 8);
        assert.equal(from("worker").length, 4);
        assert.deepEqual(from("page").filter((row) => !proven(row)), []);
        assert.equal(from("worker").every(proven), tellsOfWorkers);
        if (tellsOfWorkers) assert.match(said, /^12 of 12 stopped\./);
        else assert.match(said, /^\d+ of 12 stopped, \d+ unproven\./);
        assert.deepEqual(server.asked.filter((path) => path !== "/favicon.ico"), []);
      });
    }

    if (!asFile) {
      test("from a file it says what the browser withholds, and what reads the files", async () => {
        await browser.goto(files.url("page.html"));
        await browser.waitFor(() => document.querySelector(".start h1") !== null);
        await browser.choose("#choose-files", files.path("signins.ndjson"));
        await browser.waitFor(() => document.querySelector(".failure") !== null);
        const said = await browser.evaluate(() => document.querySelector(".failure").textContent);
        assert.match(said, /none of its workers|starts no worker/);
        assert.match(said, /Chrome, Edge or Firefox/);
      });
    }
  });
}
