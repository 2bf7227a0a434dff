// What a tuning would find, before it is taken: asked for while someone types, and given up when they type on.

import { useEffect, useState } from "preact/hooks";

import type { Preview, Setting } from "../model";
import type { Failure } from "../worker/failure";
import { revision } from "./case";
import { asFailure, ask } from "./engine";

/** Milliseconds without a letter after which it is asked for. */
const PAUSE = 200;

export interface Trial {
  /** What it would find; null while nothing is tried. */
  preview: Preview | null;
  /** How much of it is worked out, while it is. */
  done: number | null;
  /** Why it cannot be tried. */
  wrong: Failure | null;
}

const NOTHING: Trial = { preview: null, done: null, wrong: null };

/** Tries values that differ from those of now; null tries none. Answers are worked out a part at a time, after all
 * else that is asked. */
export function useTrial(settings: Setting[] | null): Trial {
  const [trial, setTrial] = useState<Trial>(NOTHING);
  const wanted = settings === null ? "" : JSON.stringify(Object.fromEntries(settings.map(({ key, value }) => [key, value])));
  useEffect(() => {
    if (wanted === "") {
      setTrial(NOTHING);
      return;
    }
    const stale = new AbortController();
    const { signal } = stale;
    const timer = setTimeout(() => {
      setTrial((before) => ({ ...before, done: 0, wrong: null }));
      void tried(JSON.parse(wanted) as Record<string, string>, signal, (done) => setTrial((before) => ({ ...before, done }))).then(
        (preview) => !signal.aborted && setTrial({ preview, done: null, wrong: null }),
        (error: unknown) => !signal.aborted && setTrial({ preview: null, done: null, wrong: asFailure(error) }),
      );
    }, PAUSE);
    return () => {
      stale.abort();
      clearTimeout(timer);
    };
  }, [wanted, revision.value]);
  return trial;
}

async function tried(changes: Record<string, string>, signal: AbortSignal, tell: (done: number) => void): Promise<Preview> {
  for (;;) {
    signal.throwIfAborted();
    const preview = await ask({ ask: "preview", changes }, { signal, idle: true });
    if (preview.done >= 1) return preview;
    tell(preview.done);
  }
}
