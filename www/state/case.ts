// What is read, and how far reading is.

import { batch, computed, signal } from "@preact/signals";

import type { Allowed, Overview, Setting } from "../model";
import type { Engine, Progress, Source } from "../worker/engine";
import type { TimesTold } from "../worker/messages";
import { asFailure, ask, engine, failure, running, startEngine } from "./engine";
import { clearFilters, selected } from "./filters";
import { clearMarks } from "./marks";
import { forgetNames } from "./pseudonyms";
import { wanted } from "./address";
import { clearTenant } from "./tenant";
import { clearViews } from "./views";
import { go, type Place, place, replace, restart } from "./place";

/** The read under way, or the last one. */
export const progress = signal<Progress | null>(null);
/** When it began, in milliseconds of the page's own clock. */
export const began = signal(0);
/** What the whole looks like; null until something is read. */
export const overview = signal<Overview | null>(null);
/** Goes up whenever answers may differ from before: after a read and after tuning. */
export const revision = signal(0);
/** What the last tuning changed, in a sentence. */
export const tuned = signal("");
/** Bins that the strip has room for. */
export const room = signal(360);
/** Sources that may not fit, until it is decided what to do. */
export const tooLarge = signal<{ sources: Source[]; bytes: number } | null>(null);
/** How much was read where reading was stopped; null where all was. */
export const stopped = signal<{ bytes: number; total: number } | null>(null);
/** Whether the read under way ends where it is. */
export const halting = signal(false);
/** What is added to what was read before; null where all is read. */
export const adding = signal<"files" | "times" | null>(null);
/** Whether the sample tenant is open. */
export const isSample = signal(false);

export const isReading = computed(() => progress.value !== null && !progress.value.done);

/** Bytes from which a browser may refuse: measured, events take some 210 bytes and records 5.4 kB. */
const LARGE = 16e9;

/** Reads files, after a question where they may not fit. */
export async function read(sources: Source[], anyway = false): Promise<void> {
  if (sources.length === 0 || isReading.value) return;
  const bytes = sources.reduce((sum, source) => sum + source.file.size, 0);
  if (bytes > LARGE && !anyway) {
    tooLarge.value = { sources, bytes };
    return;
  }
  tooLarge.value = null;
  const isAdded = !isSample.value && (overview.value?.events ?? 0) > 0;
  isSample.value = false;
  await run((engine, report) => engine.read(sources, report), isAdded ? { added: "files", missing: stopped.value } : {});
}

/** Reads again what was read before, to its end. */
export async function readOn(): Promise<void> {
  if (!isReading.value) await run((engine, report) => engine.read([], report));
}

/** Ends the read under way where it is, and keeps what it has read. */
export function halt(): void {
  if (!isReading.value || halting.value) return;
  halting.value = true;
  engine.value?.halt();
}

export async function openSample(): Promise<void> {
  if (isReading.value) return;
  isSample.value = true;
  await run((engine, report) => engine.sample(report));
}

/** Makes the case anew, with what a person told of the times of a file; nothing is read again. */
export async function tellTimes(name: string, told: TimesTold): Promise<void> {
  if (isReading.value || engine.value === null) return;
  const times = { ...engine.value.times, [name]: told };
  await run((engine, report) => engine.retime(times, report), { then: { name: "coverage" }, added: "times", missing: stopped.value });
}

interface Run {
  /** Where one goes after it. */
  then?: Place;
  /** What is added to what was read before. */
  added?: "files" | "times";
  /** What is missing of the files that are added to. */
  missing?: { bytes: number; total: number } | null;
}

async function run(read: (engine: Engine, report: (progress: Progress) => void) => Promise<void>, how: Run = {}): Promise<void> {
  const { then = { name: "sessions" }, added = null, missing = null } = how;
  const from = place.value;
  batch(() => {
    began.value = performance.now();
    halting.value = false;
    adding.value = added;
    progress.value = { bytes: 0, total: 0, records: 0, rejected: 0, done: false, files: [], flagged: null };
  });
  go({ name: "reading" });
  const started = await running();
  if (started === null) {
    // Why it does not run is on the page already.
    progress.value = null;
    replace(from);
    return;
  }
  failure.value = null;
  try {
    await read(started, (report) => {
      progress.value = { ...report, done: false };
    });
    overview.value = await ask({ ask: "overview", bins: room.value });
    batch(() => {
      const { bytes, total } = progress.value ?? { bytes: 0, total: 0 };
      const all = { bytes: bytes + (missing?.bytes ?? 0), total: total + (missing?.total ?? 0) };
      stopped.value = (halting.value || missing !== null) && all.bytes < all.total ? all : null;
      if (progress.value !== null) progress.value = { ...progress.value, done: true };
      revision.value += 1;
      selected.value = null;
    });
    // Where nothing was recognised, the list of files says why.
    if ((overview.value?.events ?? 0) > 0) replace(await aimed(then));
  } catch (error) {
    const failed = asFailure(error);
    progress.value = null;
    if (failed.kind !== "cancelled" && failed.kind !== "cleared") failure.value = failed;
    replace(overview.value === null ? { name: "start" } : from.name === "reading" ? { name: "sessions" } : from);
  }
}

/** Where the address led that the page was opened with, once; else where one goes after a read. */
async function aimed(then: Place): Promise<Place> {
  const aim = wanted.value;
  wanted.value = null;
  if (aim === null || aim.name === "entity") return then;
  if (aim.name !== "session") return { name: aim.name } as Place;
  const key = aim.link === null ? null : await ask({ ask: "linked", link: aim.link });
  return key === null ? then : { name: "session", key };
}

/** Asks for the overview anew, for a strip of another width or after tuning. */
export async function refresh(): Promise<void> {
  if (engine.value === null || overview.value === null) return;
  overview.value = await ask({ ask: "overview", bins: room.value });
}

/** Looks again with these values; nothing is read again. */
export async function tune(settings: Setting[]): Promise<void> {
  const changes = Object.fromEntries(settings.map((setting) => [setting.key, setting.value]));
  const before = overview.value;
  await engine.value?.tune(changes);
  await refresh();
  batch(() => {
    revision.value += 1;
    const after = overview.value;
    if (before !== null && after !== null) tuned.value = difference(before, after);
  });
}

/** Puts aside what is known to be harmless; nothing is read again. */
export async function allow(entries: Allowed[]): Promise<void> {
  const before = overview.value;
  await engine.value?.allow(entries);
  await refresh();
  batch(() => {
    revision.value += 1;
    const after = overview.value;
    if (before !== null && after !== null) tuned.value = difference(before, after);
  });
}

function difference(before: Overview, after: Overview): string {
  const part = (words: string, was: number, is: number) =>
    was === is ? `${is} ${words}, as before` : `${was} → ${is} ${words}`;
  const aside = (seen: Overview) => seen.allowed.reduce((sum, one) => sum + one.hidden, 0);
  const parts = [part("above the line", before.above, after.above), part("below it", before.below, after.below)];
  if (aside(before) + aside(after) > 0) parts.push(part("put aside", aside(before), aside(after)));
  return parts.join("; ");
}

/** Ends the workers and forgets everything. */
export async function clear(): Promise<void> {
  engine.value?.clear();
  batch(() => {
    progress.value = null;
    overview.value = null;
    tooLarge.value = null;
    stopped.value = null;
    tuned.value = "";
    isSample.value = false;
    failure.value = null;
    revision.value += 1;
    clearFilters();
    clearMarks();
    forgetNames();
    clearTenant();
    clearViews();
    restart();
  });
  engine.value = null;
  await startEngine();
}
