// What the analyst says of sessions. It lives as long as the page; nothing is stored.

import { computed, signal } from "@preact/signals";

export interface Mark {
  verdict: "malicious" | "benign" | null;
  note: string;
  /** When it was last changed. */
  at: number;
}

export const marks = signal<ReadonlyMap<string, Mark>>(new Map());
/** What the report is called, and who made it. */
export const caseName = signal("");
export const author = signal("");
/** The marks that the case file has that was saved or loaded last. */
const saved = signal<ReadonlyMap<string, Mark>>(new Map());
/** Marks that no case file has. */
export const unsaved = computed(() => [...marks.value].filter(([key, mark]) => saved.value.get(key) !== mark).length);

export function markOf(key: string): Mark | undefined {
  return marks.value.get(key);
}

/** Marks a session; the same mark again takes it away. */
export function mark(key: string, verdict: "malicious" | "benign"): void {
  const before = markOf(key);
  set(key, { verdict: before?.verdict === verdict ? null : verdict, note: before?.note ?? "", at: Date.now() });
}

export function note(key: string, text: string): void {
  set(key, { verdict: markOf(key)?.verdict ?? null, note: text, at: Date.now() });
}

/** Takes over marks of a file beside those that are there; of one session the file's. */
export function takeMarks(taken: ReadonlyMap<string, Mark>): void {
  marks.value = new Map([...marks.value, ...taken]);
  saved.value = new Map([...saved.value, ...taken]);
}

/** A case file with these marks was saved. */
export function keptMarks(kept: ReadonlyMap<string, Mark>): void {
  saved.value = kept;
}

export function clearMarks(): void {
  caseName.value = "";
  author.value = "";
  marks.value = new Map();
  saved.value = new Map();
}

function set(key: string, next: Mark): void {
  const all = new Map(marks.value);
  if (next.verdict === null && next.note.trim() === "") all.delete(key);
  else all.set(key, next);
  marks.value = all;
}

// Leaving loses them: the browser asks first.
addEventListener("beforeunload", (event) => {
  if (unsaved.value > 0) event.preventDefault();
});
