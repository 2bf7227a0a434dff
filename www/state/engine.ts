// The engine, and what became of it.

import { signal } from "@preact/signals";

import type { Answers, Question } from "../model";
import { createEngine, type Engine, Failure } from "../worker/engine";

/** The engine once it runs. */
export const engine = signal<Engine | null>(null);
/** What went wrong last, until it is closed. */
export const failure = signal<Failure | null>(null);

type Asked = Extract<Question, { ask: keyof Answers }>;

let starting: Promise<void> = Promise.resolve();

/** Starts the engine, or says why it cannot. */
export function startEngine(): Promise<void> {
  starting = start();
  return starting;
}

async function start(): Promise<void> {
  try {
    engine.value = await createEngine();
  } catch (error) {
    failure.value = asFailure(error);
  }
}

/** The engine, waited for while it starts: who drops files early loses none. Null where it cannot start. */
export async function running(): Promise<Engine | null> {
  await starting;
  return engine.value;
}

interface Waiting {
  question: Asked;
  signal: AbortSignal | undefined;
  /** Whether it waits until nothing else does. */
  idle: boolean;
  answer: (found: unknown) => void;
  refuse: (reason: unknown) => void;
}

/** Questions that are not put yet: the core answers one after the other, and what nobody waits for any more is
 * never put. */
let waiting: Waiting[] = [];
let isAsking = false;

/** Milliseconds without a question of a person's after which idle ones are put: who acts acts again soon. */
const PAUSE = 500;
/** When a question that is not idle was answered last. */
let answered = 0;
let pause: ReturnType<typeof setTimeout> | undefined;

/** Asks the core. Whoever no longer needs the answer aborts: it fails as cancelled, at once. */
export function ask<Q extends Asked>(question: Q, how: { signal?: AbortSignal; idle?: boolean } = {}): Promise<Answers[Q["ask"]]> {
  return new Promise((answer, refuse) => {
    const { signal, idle = false } = how;
    signal?.addEventListener("abort", () => {
      waiting = waiting.filter((one) => one.signal !== signal);
      refuse(new Failure("cancelled", "Nobody waits for this answer any more.", ""));
    });
    waiting.push({ question, signal, idle, answer: answer as Waiting["answer"], refuse });
    void putNext();
  });
}

async function putNext(): Promise<void> {
  if (isAsking) return;
  const next = waiting.find((one) => !one.idle) ?? waiting[0];
  if (next === undefined) return;
  const left = next.idle ? answered + PAUSE - performance.now() : 0;
  if (left > 0) {
    clearTimeout(pause);
    pause = setTimeout(() => void putNext(), left);
    return;
  }
  waiting = waiting.filter((one) => one !== next);
  isAsking = true;
  try {
    if (engine.value === null) throw new Failure("cleared", "Nothing is read yet.", "Drop files to begin.");
    next.answer(await engine.value.ask(next.question));
  } catch (error) {
    next.refuse(error);
  } finally {
    isAsking = false;
    if (!next.idle) answered = performance.now();
  }
  void putNext();
}

/** A failure as the page shows it: whatever is none becomes a defect, without its text. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const name = error instanceof Error ? error.name : "unknown error";
  return new Failure("defect", `A part of the page failed (${name}).`, "Reload the page and drop the files again.");
}

/** Runs something and shows what went wrong, if it did. */
export async function attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    const failed = asFailure(error);
    // Whoever cancels or clears knows it.
    if (failed.kind !== "cancelled" && failed.kind !== "cleared") failure.value = failed;
    return undefined;
  }
}
