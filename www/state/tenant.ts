// What the Tenant place counts, and which records.

import { signal } from "@preact/signals";

import type { Column, Match, Named, TallyOrder } from "../model";

/** A filter, and how a person reads its value. */
export interface Pick extends Match {
  label: string;
}

/** Which view. */
export const viewId = signal("app");
export const picks = signal<Pick[]>([]);
/** The order chosen, where it is not that of the view. */
export const ordered = signal<TallyOrder | null>(null);

export const COLUMNS: Record<Column, string> = {
  user: "User",
  app: "Application",
  resource: "Resource",
  scope: "Scope",
  country: "Country",
  city: "City",
  network: "Network",
  address: "Address",
  device: "Device",
  agent: "Program",
  result: "Result",
  ended: "Ended",
  stream: "Stream",
  client: "Client app",
  legacy: "Legacy",
  protocol: "Protocol",
  transfer: "Transfer",
  access: "Conditional access",
  policy: "Policy",
  requirement: "Requirement",
  protection: "Token protection",
  token: "Incoming token",
  method: "Method",
  risk: "Risk",
  session: "Session",
  hour: "Hour, UTC",
  credential: "Credential",
  operation: "Act",
  category: "Workload",
};

/** Columns whose values have a place of their own. */
export const isEntity = (column: Column) => ["user", "address", "device", "app", "resource"].includes(column);

/** Words that Entra runs together, apart: `notApplied`, `not applied`. Only of columns whose words are Entra's. */
const RUN_TOGETHER: Column[] = ["protocol", "transfer", "access", "requirement", "protection", "token"];
export const apart = (text: string) => text.replaceAll(/([a-z])([A-Z0-9])/g, "$1 $2").toLowerCase();

/** A value as a person reads it. */
export function label(column: Column, named: Named): string {
  if (named.value === null) return "not in the exports";
  if (named.value === "") return "none";
  if (column === "result") return named.more === "" ? named.label : `${named.label} ${named.more}`;
  return RUN_TOGETHER.includes(column) ? apart(named.label) : named.label;
}

/** What there is to say beside it. */
export function beside(column: Column, named: Named): string {
  if (column === "policy") return apart(named.more);
  return column === "result" || column === "country" ? "" : named.more;
}

const same = (one: Match) => (other: Match) => one.column === other.column && one.value === other.value;

/** Counts only records with this value, or only those without. */
export function pick(column: Column, named: Named, not: boolean): void {
  const next = { column, value: named.value, not, label: label(column, named) };
  picks.value = [...picks.value.filter((other) => !same(next)(other)), next];
}

export function unpick(one: Match): void {
  picks.value = picks.value.filter((other) => !same(one)(other));
}

export function showView(id: string): void {
  viewId.value = id;
  ordered.value = null;
}

export function clearTenant(): void {
  showView("app");
  picks.value = [];
}
