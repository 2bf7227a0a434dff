// Keys: each place says which it knows; the status line and the map show the same list.

import { computed, signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

export interface Key {
  /** The key as the browser names it, or two with a blank between: `g s`. */
  key: string;
  /** As a person reads it, where that differs. */
  shown?: string[];
  label: string;
  run: () => void;
  /** Whether the status line has it. */
  foot?: boolean;
}

/** Single letters work; whoever dictates text switches them off. */
export const letters = signal(true);
/** Which dialogue is open; while one is, keys of the place rest. */
export const dialogue = signal<"map" | "promise" | "tuning" | "export" | "note" | "allow" | "facets" | "columns" | "views" | "clear" | null>(null);

/** The page as a whole, the place one is at, a part of it: keys of the inner ones come first. */
type Level = "page" | "place" | "part";
const LEVELS: Level[] = ["part", "place", "page"];

const layers = signal<{ id: symbol; level: Level; keys: Key[] }[]>([]);

/** Keys that work now, those of the innermost part first. */
export const keys = computed<(Key & { level: Level })[]>(() => {
  const seen = new Set<string>();
  return layers.value
    .toSorted((left, right) => LEVELS.indexOf(left.level) - LEVELS.indexOf(right.level))
    .flatMap(({ level, keys }) => keys.map((key) => ({ ...key, level })))
    .filter((key) => !seen.has(key.key) && seen.add(key.key));
});

/** Offers keys while the part is shown. They change with what is drawn, before the next key can come: who types
 * fast never acts on the row before. */
export function useKeys(level: Level, list: Key[], dependencies: unknown[]): void {
  useLayoutEffect(() => {
    const id = Symbol();
    layers.value = [...layers.value, { id, level, keys: list }];
    return () => {
      layers.value = layers.value.filter((layer) => layer.id !== id);
    };
  }, dependencies);
}

/** A key that waits for its second. */
let waiting: { key: string; since: number } | null = null;

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") !== null;

/** Whether an element has a use of its own for the key. */
const isPressed = (target: EventTarget | null, key: string) =>
  target instanceof HTMLElement &&
  ((key === "Enter" || key === " ") && target.closest("button, a, summary, [role=slider], [data-own-enter]") !== null);

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isField(event.target)) return;
  if (dialogue.value !== null) return;
  if (event.key.length === 1 && !letters.value && event.key !== "?") return;
  if (isPressed(event.target, event.key)) return;
  const second = waiting !== null && event.timeStamp - waiting.since < 1500 ? `${waiting.key} ${event.key}` : null;
  waiting = null;
  const found = keys.value.find((key) => key.key === second) ?? keys.value.find((key) => key.key === event.key);
  if (found !== undefined) {
    event.preventDefault();
    found.run();
  } else if (keys.value.some((key) => key.key.startsWith(`${event.key} `))) {
    waiting = { key: event.key, since: event.timeStamp };
  }
});
