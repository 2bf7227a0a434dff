// How the table of sessions is looked at: columns, what stands together, and looks that were kept under a name.
// They live as long as the page; a case file keeps them.

import { batch, computed, signal } from "@preact/signals";

import type { FacetField, GroupBy, Picked, SortBy } from "../model";
import { not, only, sort, span, text } from "./filters";
import { wide } from "./look";

/** Columns in the order in which they stand. */
export const COLUMN_IDS = [
  "severity",
  "score",
  "user",
  "what",
  "owner",
  "other",
  "network",
  "address",
  "country",
  "agent",
  "app",
  "device",
  "after",
  "changed",
  "first",
  "last",
  "findings",
  "events",
  "marked",
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export const COLUMN_NAMES: Record<ColumnId, string> = {
  severity: "Severity",
  score: "Score",
  user: "User",
  what: "What happened",
  owner: "Owner",
  other: "Other",
  network: "Other network",
  address: "Other addresses",
  country: "Other country",
  agent: "Other agent",
  app: "Applications",
  device: "Devices",
  after: "After sign-in",
  changed: "Changed hands",
  first: "First event",
  last: "Last event",
  findings: "Findings",
  events: "Events",
  marked: "Marked",
};

/** Columns that always stand: without them a row says nothing. */
export const FIXED: ColumnId[] = ["severity", "user", "what"];
const NARROW: ColumnId[] = ["severity", "score", "user", "what", "owner", "other", "after", "changed", "marked"];
const WIDE: ColumnId[] = [...NARROW, "findings"];

/** The column that shows a field of the facets. */
export const COLUMN_OF: Record<FacetField, ColumnId> = {
  severity: "severity",
  detection: "what",
  network: "network",
  country: "country",
  user: "user",
  agent: "agent",
  app: "app",
  device: "device",
  address: "address",
};

/** Columns that were chosen; null is what fits. */
export const chosenColumns = signal<ColumnId[] | null>(null);
export const columns = computed<ColumnId[]>(() => {
  const wanted = chosenColumns.value ?? (wide.value ? WIDE : NARROW);
  return COLUMN_IDS.filter((id) => wanted.includes(id));
});

export const group = signal<GroupBy>("incident");
export const GROUPS: Record<GroupBy, string> = {
  incident: "incident",
  user: "user",
  session: "session",
  network: "other network",
  address: "other address",
  detection: "what was found",
  none: "nothing",
};

/** Shows a column, or hides it. */
export function toggleColumn(id: ColumnId): void {
  if (FIXED.includes(id)) return;
  const now = columns.value;
  chosenColumns.value = now.includes(id) ? now.filter((one) => one !== id) : [...now, id];
}

/** A look at the table: what is left of it, in which order, with which columns. */
export interface View {
  name: string;
  text: string;
  span: { from: number; to: number } | null;
  only: Picked[];
  not: Picked[];
  sort: { by: SortBy; descending: boolean };
  group: GroupBy;
  columns: ColumnId[] | null;
}

export const views = signal<View[]>([]);

/** The look of now. */
export function view(name: string): View {
  return { name, text: text.value, span: span.value, only: only.value, not: not.value, sort: sort.value, group: group.value, columns: chosenColumns.value };
}

/** Keeps the look of now; one of the same name goes. */
export function keepView(name: string): void {
  views.value = [...views.value.filter((one) => one.name !== name), view(name)];
}

export function dropView(name: string): void {
  views.value = views.value.filter((one) => one.name !== name);
}

export function takeView(one: View): void {
  batch(() => {
    text.value = one.text;
    span.value = one.span;
    only.value = one.only;
    not.value = one.not;
    sort.value = one.sort;
    group.value = one.group;
    chosenColumns.value = one.columns;
  });
}

/** Looks that everybody has. */
export const BUILT_IN: View[] = [
  { name: "By incident, the worst first", text: "", span: null, only: [], not: [], sort: { by: "severity", descending: true }, group: "incident", columns: null },
  { name: "By time of the change of hands", text: "", span: null, only: [], not: [], sort: { by: "changed", descending: false }, group: "none", columns: null },
  { name: "By user, with addresses and agents", text: "", span: null, only: [], not: [], sort: { by: "severity", descending: true }, group: "user", columns: ["severity", "score", "user", "what", "other", "network", "agent", "changed", "marked"] },
  { name: "By network of the other side", text: "", span: null, only: [], not: [], sort: { by: "changed", descending: false }, group: "network", columns: ["severity", "score", "user", "what", "network", "agent", "app", "changed", "marked"] },
];

export function clearViews(): void {
  batch(() => {
    views.value = [];
    group.value = "incident";
    chosenColumns.value = null;
  });
}

const SORTS: SortBy[] = ["severity", "score", "user", "what", "owner", "other", "changed", "findings"];

/** Views of a case file; what is none is left out. */
export function parseViews(value: unknown): View[] {
  if (!Array.isArray(value)) return [];
  return (value as Record<string, unknown>[]).flatMap((one) => {
    if (typeof one?.["name"] !== "string" || one["name"] === "") return [];
    const order = one["sort"] as { by?: unknown; descending?: unknown } | undefined;
    const span = one["span"] as { from?: unknown; to?: unknown } | null | undefined;
    return [
      {
        name: one["name"],
        text: typeof one["text"] === "string" ? one["text"] : "",
        span: typeof span?.from === "number" && typeof span.to === "number" ? { from: span.from, to: span.to } : null,
        only: picked(one["only"]),
        not: picked(one["not"]),
        sort: { by: SORTS.find((by) => by === order?.by) ?? "severity", descending: order?.descending !== false },
        group: (Object.keys(GROUPS) as GroupBy[]).find((by) => by === one["group"]) ?? "incident",
        columns: Array.isArray(one["columns"]) ? COLUMN_IDS.filter((id) => (one["columns"] as unknown[]).includes(id)) : null,
      },
    ];
  });
}

const FIELDS = Object.keys(COLUMN_OF) as FacetField[];

/** Values of fields out of a file; what is none is left out. */
export function picked(value: unknown): Picked[] {
  if (!Array.isArray(value)) return [];
  return (value as Record<string, unknown>[]).flatMap((one) => {
    const field = FIELDS.find((known) => known === one?.["field"]);
    return field === undefined || typeof one["value"] !== "string" ? [] : [{ field, value: one["value"] }];
  });
}
