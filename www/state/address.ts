// The address says where one is and how one looks: the place, order, columns, what stands together, the names of
// the fields that are filtered by, and of a session the first half of half the hash of its key. Never a value,
// never what is searched for: an address is shared, logged and kept in a history.

import { effect, signal } from "@preact/signals";

import type { FacetField, GroupBy, SortBy } from "../model";
import { not, only, sort, span, text } from "./filters";
import { place, type Place } from "./place";
import { chosenColumns, COLUMN_IDS, COLUMN_OF, type ColumnId, group, GROUPS } from "./views";

/** The link of the session that is open, once it is known. */
export const link = signal<string | null>(null);

const SORTS: SortBy[] = ["severity", "score", "user", "what", "owner", "other", "changed", "findings"];
const NAMES: Place["name"][] = ["sessions", "session", "tenant", "coverage", "report", "reading"];

/** What an address said when the page was opened; it holds until something is read. */
export interface Wanted {
  name: Place["name"];
  link: string | null;
  /** Fields that were filtered by; of which values, an address does not say. */
  facets: FacetField[];
}

const inOrder = (fields: FacetField[]) => [...new Set(fields)].toSorted((left, right) => left.localeCompare(right, "en"));

function written(): string {
  const now = place.value;
  if (now.name === "start") return "";
  const parts: string[] = [];
  const say = (name: string, value: string) => value !== "" && parts.push(`${name}=${value}`);
  if (now.name === "session" && link.value !== null) say("key", link.value);
  const { by, descending } = sort.value;
  if (by !== "severity" || !descending) say("sort", `${by}-${descending ? "down" : "up"}`);
  if (group.value !== "incident") say("group", group.value);
  say("columns", chosenColumns.value?.join(".") ?? "");
  say("facets", inOrder([...only.value, ...not.value].map((one) => one.field)).join("."));
  if (span.value !== null) parts.push("time");
  if (text.value.trim() !== "") parts.push("text");
  return `#${now.name}${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
}

/** Reads the address that the page was opened with: order, columns and what stands together at once, the rest
 * when something is read. */
function read(): Wanted | null {
  const [name = "", query = ""] = location.hash.slice(1).split("?");
  const known = NAMES.find((one) => one === name);
  if (known === undefined) return null;
  const said = new Map(query.split("&").map((part) => part.split("=", 2) as [string, string | undefined]));
  const [by, way] = (said.get("sort") ?? "").split("-");
  const order = SORTS.find((one) => one === by);
  if (order !== undefined) sort.value = { by: order, descending: way === "down" };
  group.value = (Object.keys(GROUPS) as GroupBy[]).find((one) => one === said.get("group")) ?? group.value;
  const columns = (said.get("columns") ?? "").split(".");
  const shown: ColumnId[] = COLUMN_IDS.filter((id) => columns.includes(id));
  if (shown.length > 0) chosenColumns.value = shown;
  const facets = (said.get("facets") ?? "").split(".");
  const key = said.get("key") ?? "";
  return {
    name: known,
    link: /^[0-9a-f]{16}$/.test(key) ? key : null,
    facets: (Object.keys(COLUMN_OF) as FacetField[]).filter((field) => facets.includes(field)),
  };
}

export const wanted = signal<Wanted | null>(read());

effect(() => {
  const next = written();
  // Until something is read the address stays as it was opened, for the way back to it.
  if (place.value.name === "start" && wanted.value !== null) return;
  if (next !== location.hash) history.replaceState(history.state, "", next === "" ? location.pathname + location.search : next);
});
