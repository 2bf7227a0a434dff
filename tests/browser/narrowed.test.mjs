// What narrows and what is tried: the time that everything is counted in, grouping, a tuning while it is typed; and
// what stands once for all sessions: the next steps.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { artefact, folder, launch, serve } from "./page.mjs";
import { ndjson, tenant } from "./tenant.mjs";

let browser, server, files;

/** A risk detection, a role given and a method registered, all of one user. */
function beside() {
  const user = { id: "c0000000-0000-4000-8000-000000000000", userPrincipalName: "user.0@example.com" };
  const audit = (number, operation, time, changes) => ({
    id: `99999999-0000-4000-8000-00000000000${number}`,
    category: "UserManagement",
    correlationId: `99999999-0000-4000-8000-00000000001${number}`,
    result: "success",
    activityDisplayName: operation,
    activityDateTime: time,
    loggedByService: "Core Directory",
    initiatedBy: { user: { id: "c0000000-0000-4000-8000-000000000009", userPrincipalName: "admin@example.com" } },
    targetResources: [{ ...user, displayName: null, type: "User", modifiedProperties: changes }],
    additionalDetails: [],
  });
  return {
    audit: [
      audit(1, "Add member to role", "2026-11-03T08:00:00Z", [{ displayName: "Role.DisplayName", oldValue: null, newValue: '"Exchange Administrator"' }]),
      audit(2, "User registered security info", "2026-11-12T13:00:00Z", []),
    ],
    risk: [
      {
        "@odata.type": "#microsoft.graph.riskDetection",
        id: "88888888-0000-4000-8000-000000000001",
        requestId: "b0000000-0000-4000-8000-000000000081",
        correlationId: "e0000000-0000-4000-8000-000000000081",
        riskEventType: "anomalousToken",
        riskState: "atRisk",
        riskLevel: "high",
        riskDetail: "none",
        source: "IdentityProtection",
        detectionTimingType: "offline",
        activity: "signin",
        tokenIssuerType: "AzureAD",
        ipAddress: "203.0.113.77",
        activityDateTime: "2026-11-12T11:02:31Z",
        detectedDateTime: "2026-11-12T12:00:00Z",
        lastUpdatedDateTime: "2026-11-12T12:00:00Z",
        userId: user.id,
        userDisplayName: "User",
        userPrincipalName: user.userPrincipalName,
        additionalInfo: "[]",
        location: { city: "Amsterdam", countryOrRegion: "NL" },
      },
    ],
  };
}

before(async () => {
  files = folder();
  server = await serve({ "/": artefact() });
  files.write("signins.ndjson", ndjson(tenant()));
  files.write("office.ndjson", ndjson(tenant({ attacks: 1, users: 6 })));
  files.write("audit.ndjson", ndjson(beside().audit));
  files.write("risk.ndjson", ndjson(beside().risk));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  files?.remove();
});

async function open(...names) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.wrong.push(message.text()));
  await page.goto(server.url("/"));
  await page.setInputFiles("#choose-files", (names.length > 0 ? names : ["signins.ndjson"]).map(files.path));
  await page.locator("[role=grid] .tr.sel").waitFor({ timeout: 60_000 });
  return page;
}

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const hash = (page) => new URL(page.url()).hash;

async function done(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

/** Moves the beginning of the time to the last day, by keys. */
async function lastDay(page) {
  const from = page.getByRole("slider", { name: "Time from" });
  await from.focus();
  for (let step = 0; step < 60 && Date.parse("2026-11-12T00:00:00Z") > Number(await from.getAttribute("aria-valuenow")); step += 1) {
    await press(page, "Shift+ArrowRight");
  }
}

test("a time that is chosen in one place narrows what every place counts, says so, and has a way out", async () => {
  const page = await open();
  await press(page, "g", "t");
  await page.getByText("3 applications in 85 sign-ins of 4 users.").waitFor();
  assert.equal(await page.locator(".only-time").count(), 0);
  await lastDay(page);
  await page.getByText("3 applications in 5 sign-ins of 2 users.").waitFor();
  assert.match(await page.locator(".only-time").innerText(), /^12 Nov \d\d:\d\d to 12 Nov \d\d:\d\d only\. Whole time 0$/);
  assert.equal(await page.locator(".under-table").innerText().then((text) => text.includes("2 users in all.")), true);
  // The entity counts that time alone, and its sessions too.
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Address", exact: true }).click();
  await page.locator(".tenant-table").getByRole("button", { name: "198.51.100.24" }).click();
  await page.getByText("1 of 2 users signed in from it, 1 time.").waitFor();
  await page.locator(".entity .only-time").waitFor();
  // Sessions has the same time as a filter, and an address says only that there is one.
  await press(page, "g", "s");
  await page.locator(".filters .chip").getByText("time").waitFor();
  assert.equal(hash(page), "#sessions?time");
  await press(page, "g", "t");
  await page.getByText("2 addresses in 5 sign-ins of 2 users.").waitFor();
  await press(page, "0");
  await page.getByText(/addresses in 85 sign-ins of 4 users\.$/).waitFor();
  assert.equal(await page.locator(".only-time").count(), 0);
  await done(page);
});

test("a time without records is told from exports without them", async () => {
  const page = await open();
  await press(page, "g", "t");
  await page.getByRole("slider", { name: "Time from" }).focus();
  // The day between the last of the ordinary ones and the one of the thefts holds nothing.
  const until = Date.parse("2026-11-12T00:00:00Z");
  const to = page.getByRole("slider", { name: "Time to" });
  const from = page.getByRole("slider", { name: "Time from" });
  for (let step = 0; step < 40 && Number(await from.getAttribute("aria-valuenow")) < Date.parse("2026-11-10T12:00:00Z"); step += 1) await press(page, "Shift+ArrowRight");
  await to.focus();
  for (let step = 0; step < 40 && Number(await to.getAttribute("aria-valuenow")) > until; step += 1) await press(page, "ArrowLeft");
  await page.getByText("In this time there are no sign-ins.").waitFor();
  await page.getByRole("button", { name: "Whole time" }).click();
  await page.getByText("3 applications in 85 sign-ins of 4 users.").waitFor();
  await done(page);
});

test("sessions stand together by address and by session; a head says how bad, how many, from when to when", async () => {
  const page = await open();
  const heads = page.locator(".tr.group");
  await page.getByLabel("Group").selectOption("address");
  await heads.getByText("2 sessions, 2 users, 12 Nov").waitFor();
  assert.equal(await heads.count(), 1);
  assert.match(await heads.first().innerText(), /203\.0\.113\.77/);
  assert.match(await heads.first().textContent(), /^(high|critical): /);
  // One press leads to the address.
  await heads.getByRole("button", { name: "203.0.113.77" }).click();
  await page.getByRole("heading", { name: "203.0.113.77 held two sessions of two users." }).waitFor();
  await press(page, "Backspace");
  await page.getByLabel("Group").selectOption("session");
  await heads.nth(1).waitFor();
  const titles = await heads.locator("b").allInnerTexts();
  assert.deepEqual(titles.toSorted(), ["a0000000 of user.0", "a0000000 of user.1"]);
  await done(page);
});

test("a tuning is counted while it is typed, and nothing changes until it is taken", async () => {
  const page = await open();
  const before = await page.locator(".sessions h1").innerText();
  await press(page, "u");
  const field = page.getByLabel("max-gap-minutes").first();
  const effect = page.locator(".tunables", { hasText: "foci-pivot" }).locator(".effect");
  const was = await effect.innerText();
  assert.doesNotMatch(was, /→/);
  await field.fill("1");
  await effect.getByText("→").waitFor();
  await page.locator("dialog [role=status]").getByText(/^Would be: /).waitFor();
  assert.equal(await page.locator(".sessions h1").innerText(), before);
  // What it does not take is said at once, and the counts are those of now.
  await field.fill("1x");
  await page.locator(".tunable .wrong").waitFor();
  assert.equal(await effect.innerText(), was);
  await field.fill("1");
  await effect.getByText("→").waitFor();
  const counted = (await effect.innerText()).split(" so far")[0];
  await press(page, "Enter");
  await effect.getByText("so far as typed").waitFor({ state: "detached" });
  assert.equal(await effect.innerText(), counted, "what was counted is what is found");
  assert.equal(await field.inputValue(), "1");
  await press(page, "Escape");
  await done(page);
});

test("the organisation’s own networks are shown, and told otherwise", async () => {
  const page = await open("office.ndjson");
  const flagged = page.locator("[role=grid] .tr.pick:not(.weak)");
  assert.equal(await flagged.count(), 1);
  await press(page, "u");
  const row = page.locator(".own-networks tbody tr");
  assert.match(await row.innerText(), /198\.51\.100\.0\/24\s+AS64497\s+6\s+11\s+own, by how many/);
  await page.getByRole("button", { name: "Not ours: 198.51.100.0/24" }).click();
  await row.getByText("not own, as told").waitFor();
  assert.equal(await page.getByLabel("not-ours").inputValue(), "198.51.100.0/24");
  await page.getByRole("button", { name: "As the sign-ins show: 198.51.100.0/24" }).click();
  await row.getByText("own, by how many").waitFor();
  // What is typed is counted before it is taken: the other network is the organisation's, and nothing was stolen.
  await page.getByLabel("ours", { exact: true }).fill("203.0.113.0/24");
  await page.locator("dialog [role=status]").getByText("Would be: 1 → 0 above the line").waitFor();
  await page.getByLabel("ours", { exact: true }).press("Enter");
  await page.locator(".own-networks").getByText("own, as told").waitFor();
  await press(page, "Escape");
  await flagged.waitFor({ state: "detached" });
  await done(page);
});

test("what is known of a user: risk, roles, methods, what is usual, and when it was where", async () => {
  const page = await open("signins.ndjson", "audit.ndjson", "risk.ndjson");
  await press(page, "g", "t");
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "User", exact: true }).click();
  await page.locator(".tenant-table").getByRole("button", { name: "user.0@example.com" }).click();
  await page.locator(".entity-risk").getByText("anomalous token").waitFor();
  await page.getByText("last said: at risk, high, 12 Nov 11:02").waitFor();
  assert.match(await page.locator(".entity-roles tbody tr").first().innerText(), /Exchange Administrator.*given by admin@example\.com: Add member to role/s);
  await page.getByRole("heading", { name: "Changes of sign-in methods" }).waitFor();
  const usual = await page.locator(".usual").innerText();
  assert.match(usual, /AS64497/);
  assert.doesNotMatch(usual, /AS14061/, "what another did is not usual");
  // Ticks: the office on eleven days, the other network on one.
  const ticks = await page.locator(".spans .track path.f-mark").evaluateAll((paths) => paths.map((path) => path.getAttribute("d").split("M").length - 1));
  assert.ok(ticks[0] > 10 && ticks[1] <= 3, `${ticks}`);
  // On to the address of the risk, and back.
  await page.locator(".entity-risk").getByRole("button", { name: "203.0.113.77" }).click();
  await page.getByRole("heading", { name: /^203\.0\.113\.77 held/ }).waitFor();
  await page.locator(".trail").getByRole("button", { name: "user.0@example.com" }).click();
  await page.locator(".entity-risk").waitFor();
  await done(page);
});

test("where risk was not exported, the user says so", async () => {
  const page = await open();
  await page.locator("[role=grid]").focus();
  await press(page, "Enter");
  await page.locator(".trail").getByRole("button", { name: /^user\.\d@example\.com$/ }).click();
  await page.getByText("Neither risk detections nor the risk of sign-ins were exported.").waitFor();
  assert.equal(await page.locator(".entity-risk").count(), 0);
  await done(page);
});

test("next steps stand once for all sessions, what ends something first, the rest one press away", async () => {
  const page = await open();
  await press(page, "g", "r");
  const steps = page.locator(".told-findings.next");
  await steps.first().waitFor();
  const first = steps.first().locator("li");
  assert.ok((await first.count()) <= 4);
  const revoke = page.locator(".next li", { hasText: "Revoke the user's sessions:" });
  assert.equal(await revoke.count(), 1);
  assert.match(await revoke.innerText(), /all 2 sessions$/);
  const more = page.locator(".more-steps").first();
  const folded = page.locator(".folded").first();
  assert.equal(await folded.isVisible(), false);
  await page.emulateMedia({ media: "print" });
  assert.equal(await folded.isVisible(), true, "on paper nothing is a press away");
  await page.emulateMedia({ media: "screen" });
  await more.click();
  assert.equal(await more.getAttribute("aria-expanded"), "true");
  await done(page);
});

test("the lanes of a session are followed by their table on paper", async () => {
  const page = await open();
  await page.locator("[role=grid]").focus();
  await press(page, "Enter");
  await page.locator(".lanes svg").waitFor();
  const table = page.locator(".lanes .on-paper table");
  assert.equal(await table.count(), 0);
  await page.emulateMedia({ media: "print" });
  await table.waitFor();
  assert.equal(await table.locator("tbody tr").count(), 3);
  await page.emulateMedia({ media: "screen" });
  await table.waitFor({ state: "detached" });
  // Where the browser prints, it says so first, and lays the page out for paper when all have heard it.
  const rows = () => document.querySelectorAll(".lanes .on-paper tbody tr").length;
  assert.deepEqual(
    await page.evaluate(async (rows) => {
      const seen = [];
      for (const event of ["beforeprint", "afterprint"]) {
        dispatchEvent(new Event(event));
        await null;
        seen.push(new Function(`return (${rows})()`)());
      }
      return seen;
    }, String(rows)),
    [3, 0],
  );
  await done(page);
});

test("named questions are asked from a session and of an entity, and answered of the time that is looked at", async () => {
  const page = await open("signins.ndjson", "audit.ndjson", "risk.ndjson");
  await page.locator("[role=grid]").focus();
  await press(page, "Enter");
  await page.getByRole("button", { name: "who else was at 203.0.113.77" }).click();
  const answer = page.locator(".answer");
  await answer.getByText("2 rows").waitFor();
  assert.match(await answer.locator("h2").innerText(), /^Who signed in or acted from an address/);
  await answer.getByText("acts in mailboxes and files is not in the exports", { exact: false }).waitFor();
  // A row is a way on; there the questions are those about a user.
  await answer.getByRole("button", { name: "user.0" }).click();
  const questions = page.locator(".questions");
  await questions.getByRole("button", { name: "What was changed of a user or application" }).click();
  await answer.getByText("Add member to role").waitFor();
  assert.equal(await answer.locator("tbody tr").count(), 2);
  assert.equal(await questions.getByRole("button", { pressed: true }).count(), 1);
  await answer.getByRole("button", { name: "Close" }).click();
  assert.equal(await answer.count(), 0);
  // What was asked on the way here is there again on the way back.
  await press(page, "Backspace");
  await answer.getByText("2 rows").waitFor();
  await done(page);
});
