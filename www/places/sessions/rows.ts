// Rows of the table, fetched in pages as they come into view.

import { batch, signal } from "@preact/signals";

import type { Facet, Loosen, Row, RowGroup } from "../../model";
import { attempt, ask } from "../../state/engine";
import { filter, selected, sort } from "../../state/filters";
import { group } from "../../state/views";

const PAGE = 100;

interface Table {
  total: number;
  above: number;
  allowed: number;
  all: number;
  groups: RowGroup[];
  facets: Facet[];
  loosen: Loosen | null;
  /** Rows by number; those not yet fetched are missing. */
  rows: Map<number, Row>;
}

export const table = signal<Table | null>(null);

/** Counts up with every change of filter or order: answers to older questions are dropped. */
let turn = 0;
let stale = new AbortController();
const asked = new Set<number>();
/** Number of a row that is to be chosen once it is here. */
let awaited: number | null = null;

/** Starts over with the filter and order of now. */
export async function reload(): Promise<void> {
  turn += 1;
  stale.abort();
  stale = new AbortController();
  awaited = null;
  asked.clear();
  await fetchPage(0, true);
  const key = selected.value;
  const rows = table.value?.rows;
  if (key === null || rows === undefined || [...rows.values()].some((row) => row.key === key)) return;
  // The chosen row stays chosen while it is among those left, else the first is.
  const keys = await allKeys();
  if (selected.value === key && !keys.includes(key)) selected.value = keys[0] ?? null;
}

/** Fetches what is missing between two rows. */
export function want(from: number, to: number): void {
  const first = Math.floor(Math.max(0, from) / PAGE);
  for (let page = first; page * PAGE <= to; page += 1) {
    if (!asked.has(page)) void fetchPage(page, false);
  }
}

async function fetchPage(page: number, fresh: boolean): Promise<void> {
  asked.add(page);
  const now = turn;
  const signal = stale.signal;
  const answer = await attempt(() =>
    ask(
      {
      ask: "sessions",
      filter: filter.value,
      group: group.value,
      sort: sort.value.by,
      descending: sort.value.descending,
      offset: page * PAGE,
      limit: PAGE,
      },
      { signal },
    ),
  );
  if (answer === undefined || now !== turn) return;
  const rows = new Map(fresh ? [] : table.value?.rows);
  answer.rows.forEach((row, index) => rows.set(answer.offset + index, row));
  batch(() => {
    table.value = {
      total: answer.total,
      above: answer.above,
      allowed: answer.allowed,
      all: answer.all,
      groups: page === 0 ? answer.groups : (table.value?.groups ?? []),
      facets: page === 0 ? answer.facets : (table.value?.facets ?? []),
      loosen: answer.loosen,
      rows,
    };
    const come = awaited === null ? undefined : rows.get(awaited);
    if (come !== undefined) {
      awaited = null;
      selected.value = come.key;
    }
    // Where all rows are here, the chosen one is among them or the first is chosen, before the next key comes.
    const gone = answer.total <= PAGE && answer.rows.every((row) => row.key !== selected.value);
    if (fresh && (selected.value === null || gone)) selected.value = answer.rows[0]?.key ?? null;
  });
}

/** Chooses a row by its number, at once or when it is fetched. */
export function chooseRow(index: number): void {
  const row = table.value?.rows.get(index);
  awaited = row === undefined ? index : null;
  if (row !== undefined) selected.value = row.key;
  want(index - 25, index + 25);
}

/** Number of the chosen row among those fetched; -1 where it is not. */
export function chosenIndex(): number {
  for (const [index, row] of table.value?.rows ?? []) if (row.key === selected.value) return index;
  return -1;
}

/** Keys of all rows in their order, for going from session to session. */
export async function allKeys(): Promise<string[]> {
  return (
    (await attempt(() =>
      ask({ ask: "keys", filter: filter.value, group: group.value, sort: sort.value.by, descending: sort.value.descending }),
    )) ?? []
  );
}

