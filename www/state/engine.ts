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

/** Asks the core. */
export async function ask<Q extends Asked>(question: Q): Promise<Answers[Q["ask"]]> {
  if (engine.value === null) throw new Failure("cleared", "Nothing is read yet.", "Drop files to begin.");
  return engine.value.ask(question);
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
