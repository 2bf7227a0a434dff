// Which sessions are shown, in which order, and which one is chosen.

import { batch, computed, signal } from "@preact/signals";

import type { FacetField, Filter, Picked, SortBy, Within } from "../model";

export const text = signal("");
/** A stretch of time, in milliseconds UTC. */
export const span = signal<{ from: number; to: number } | null>(null);
/** The same as a question puts it. */
export const within = computed<Within>(() => ({ from: span.value?.from ?? null, to: span.value?.to ?? null }));
export const only = signal<Picked[]>([]);
export const not = signal<Picked[]>([]);
export const sort = signal<{ by: SortBy; descending: boolean }>({ by: "severity", descending: true });
/** Key of the row that is chosen. */
export const selected = signal<string | null>(null);

export const filter = computed<Filter>(() => ({
  text: text.value,
  from: span.value?.from ?? null,
  to: span.value?.to ?? null,
  only: only.value,
  not: not.value,
}));

export const isFiltered = computed(
  () => text.value.trim() !== "" || span.value !== null || only.value.length > 0 || not.value.length > 0,
);

const is = (one: Picked) => (other: Picked) => one.field === other.field && one.value === other.value;
const without = (list: Picked[], picked: Picked) => list.filter((other) => !is(picked)(other));

/** Shows only this value, or all again; with others of its field, either is enough. */
export function toggleOnly(picked: Picked): void {
  batch(() => {
    const had = only.value.some(is(picked));
    not.value = without(not.value, picked);
    only.value = had ? without(only.value, picked) : [...only.value, picked];
  });
}

/** Leaves this value out, or takes it in again. */
export function toggleNot(picked: Picked): void {
  batch(() => {
    const had = not.value.some(is(picked));
    only.value = without(only.value, picked);
    not.value = had ? without(not.value, picked) : [...not.value, picked];
  });
}

export function remove(picked: Picked): void {
  batch(() => {
    only.value = without(only.value, picked);
    not.value = without(not.value, picked);
  });
}

export const isOnly = (picked: Picked) => only.value.some(is(picked));
export const isNot = (picked: Picked) => not.value.some(is(picked));

export function sortBy(by: SortBy): void {
  const now = sort.value;
  const down: SortBy[] = ["severity", "score", "findings"];
  sort.value = now.by === by ? { by, descending: !now.descending } : { by, descending: down.includes(by) };
}

export function clearFilters(): void {
  batch(() => {
    text.value = "";
    span.value = null;
    only.value = [];
    not.value = [];
    selected.value = null;
    sort.value = { by: "severity", descending: true };
  });
}

export const fieldName: Record<FacetField, string> = {
  severity: "severity",
  detection: "finding",
  network: "network",
  country: "country",
  user: "user",
  agent: "agent",
  app: "application",
  device: "device",
  address: "address",
};
