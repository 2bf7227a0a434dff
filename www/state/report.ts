// The case file: marks, notes, allow list and tuning, in a file that the analyst saves.

import { saveFile } from "../parts/copy";
import { version } from "../proof/proof";
import type { Allowed } from "../model";
import { allow, overview, tune } from "./case";
import { ask, attempt } from "./engine";
import { parseViews, picked, views } from "./views";
import { author, caseName, keptMarks, type Mark, marks, takeMarks } from "./marks";

/** Offers the case file; the marks in it count as saved. */
export async function saveCase(): Promise<void> {
  const kept = marks.value;
  saveFile("signin-sleuth-case.json", "application/json", await writeCase());
  keptMarks(kept);
}

/** What a case file holds. */
async function writeCase(): Promise<Uint8Array> {
  const settings = await ask({ ask: "tuning" });
  const changed = settings.filter((setting) => setting.value !== setting.default);
  const file = {
    kind: "signin-sleuth-case",
    schema: 1,
    tool: version,
    name: caseName.value,
    author: author.value,
    views: views.value,
    allowed: (overview.value?.allowed ?? []).map((one) => one.entry),
    tuning: Object.fromEntries(changed.map((setting) => [setting.key, setting.value])),
    marks: [...marks.value].map(([key, mark]) => ({ key, ...mark })),
  };
  return new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`);
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** Takes a case file over; how many marks it had, or null where it is none. */
export function parseCase(content: string): number | null {
  let file: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed !== "object" || parsed === null) return null;
    file = parsed as Record<string, unknown>;
  } catch {
    return null;
  }
  if (file["kind"] !== "signin-sleuth-case" || !Array.isArray(file["marks"])) return null;
  const taken = new Map<string, Mark>();
  for (const one of file["marks"] as Record<string, unknown>[]) {
    const verdict = one?.["verdict"];
    const key = text(one?.["key"]);
    if (key === "") continue;
    taken.set(key, {
      verdict: verdict === "malicious" || verdict === "benign" ? verdict : null,
      note: text(one["note"]),
      at: typeof one["at"] === "number" ? one["at"] : 0,
    });
  }
  takeMarks(taken);
  const kept = parseViews(file["views"]);
  views.value = [...views.value.filter((one) => kept.every((other) => other.name !== one.name)), ...kept];
  caseName.value = text(file["name"]) || caseName.value;
  author.value = text(file["author"]) || author.value;
  const values = file["tuning"];
  void attempt(async () => {
    const entries = listed(file["allowed"]);
    if (entries.length > 0) await allow(entries);
    if (typeof values === "object" && values !== null) await retune(new Map(Object.entries(values as Record<string, unknown>)));
  });
  return taken.size;
}

/** Entries of an allow list; what is none is left out. */
export function listed(value: unknown): Allowed[] {
  if (!Array.isArray(value)) return [];
  return (value as Record<string, unknown>[]).flatMap((entry) => {
    const named = Array.isArray(entry?.["all"]) ? entry["all"].length : 0;
    const all = picked(entry?.["all"]);
    return all.length === named && named > 0 ? [{ all, note: text(entry["note"]) }] : [];
  });
}

/** Entries of a file that the page or an analyst wrote: an allow list, a case file, a bare list. Null where one
 * of them is none. */
export function parseAllowList(content: string): Allowed[] | null {
  try {
    const file: unknown = JSON.parse(content);
    const list = Array.isArray(file) ? file : (file as Record<string, unknown> | null)?.["allowed"];
    const entries = listed(list);
    return Array.isArray(list) && entries.length === list.length ? entries : null;
  } catch {
    return null;
  }
}

async function retune(values: Map<string, unknown>): Promise<void> {
  const settings = await ask({ ask: "tuning" });
  const wanted = settings.map((setting) => ({ ...setting, value: text(values.get(setting.key)) || setting.default }));
  if (wanted.some((setting, index) => setting.value !== settings[index]?.value)) await tune(wanted);
}
