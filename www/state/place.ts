// Where one is, and the way back. What the address says of it stands in `address.ts`.

import { signal } from "@preact/signals";

import type { Column } from "../model";

/** A user, an address, a device, an application. */
export interface Entity {
  column: Column;
  /** As an answer gave it. */
  value: string | null;
  /** As a person reads it. */
  label: string;
}

export type Place =
  | { name: "start" }
  | { name: "reading" }
  | { name: "sessions" }
  | { name: "session"; key: string; label?: string }
  /** `asked`: name of a question that is asked of it. */
  | { name: "entity"; entity: Entity; asked?: string }
  | { name: "tenant" }
  | { name: "report" }
  | { name: "coverage" };

export const place = signal<Place>({ name: "start" });

const trail: Place[] = [{ name: "start" }];
const scrolls = new Map<number, number>();
let at = 0;

/** Goes to a place; going back leads to where one was, with its scroll. */
export function go(next: Place): void {
  if (next.name === place.value.name && next.name !== "session" && next.name !== "entity") return;
  remember();
  trail.length = at + 1;
  trail.push(next);
  at += 1;
  // Another place may have stood here before.
  scrolls.delete(at);
  history.pushState({ at }, "");
  place.value = next;
}

/** Goes to a place instead of this one: the way back does not lead here. */
export function replace(next: Place): void {
  trail[at] = next;
  scrolls.delete(at);
  place.value = next;
}

/** What the trail calls the place one is at. */
export function label(text: string): void {
  const here = trail[at];
  if (here?.name === "session") trail[at] = { ...here, label: text };
}

/** The places one came through since the last that shows a whole, this one left out. */
export function cameBy(): Place[] {
  const start = trail.slice(0, at).findLastIndex((one) => one.name !== "session" && one.name !== "entity");
  return trail.slice(Math.max(0, start), at);
}

/** Goes back to one of [`cameBy`], counted from its end: 1 is the place before. */
export function backBy(steps: number): void {
  if (steps <= at) history.go(-steps);
}

export function back(): void {
  if (at > 0) history.back();
}

/** Forgets the way. */
export function restart(): void {
  trail.length = 0;
  trail.push({ name: "start" });
  at = 0;
  scrolls.clear();
  history.replaceState({ at: 0 }, "");
  place.value = { name: "start" };
}

/** Scrolls a pane to where it was when this place was left. */
export function restoreScroll(pane: HTMLElement): void {
  pane.scrollTop = scrolls.get(at) ?? 0;
}

/** Whether one had scrolled when this place was left. */
export const isReturning = () => (scrolls.get(at) ?? 0) > 0;

function remember(): void {
  const pane = document.querySelector("[data-keep-scroll]");
  if (pane !== null) scrolls.set(at, pane.scrollTop);
}

addEventListener("popstate", (event: PopStateEvent) => {
  const wanted = (event.state as { at?: number } | null)?.at ?? 0;
  const found = trail[Math.min(wanted, trail.length - 1)];
  if (found === undefined) return;
  remember();
  at = Math.min(wanted, trail.length - 1);
  place.value = found;
});
