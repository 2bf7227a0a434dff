// Where one is, and the way back. The address bar never changes: an address could be shared, logged
// or kept in a history, and it would carry something of the case.

import { signal } from "@preact/signals";

export type Place =
  | { name: "start" }
  | { name: "reading" }
  | { name: "sessions" }
  | { name: "session"; key: string }
  | { name: "coverage" };

export const place = signal<Place>({ name: "start" });

const trail: Place[] = [{ name: "start" }];
const scrolls = new Map<number, number>();
let at = 0;

/** Goes to a place; going back leads to where one was, with its scroll. */
export function go(next: Place): void {
  if (next.name === place.value.name && next.name !== "session") return;
  remember();
  trail.length = at + 1;
  trail.push(next);
  at += 1;
  history.pushState({ at }, "");
  place.value = next;
}

/** Goes to a place instead of this one: the way back does not lead here. */
export function replace(next: Place): void {
  trail[at] = next;
  place.value = next;
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
  // A read that is over cannot be gone back to.
  place.value = found.name === "reading" ? { name: "sessions" } : found;
});
