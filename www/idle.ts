// What is worked out while nobody asks, so that who asks first has it as soon as who asks again.

import { effect } from "@preact/signals";

import type { Question } from "./model";
import { countedNow } from "./parts/counts";
import { countOf, VIEWS } from "./places/tenant/views";
import { overview, revision } from "./state/case";
import { COUNTED } from "./state/columns";
import { ask, engine } from "./state/engine";

/** Works out what the places ask for when they open, a part at a time, whenever something else was found. */
export function workAhead(): void {
  effect(() => {
    const now = revision.value;
    const isOf = () => revision.value === now && engine.value !== null && overview.value !== null;
    // Afterwards: nothing that is looked at there is to begin it anew.
    void Promise.resolve()
      .then(() => ahead(isOf))
      .catch(() => {});
  });
}

async function ahead(isOf: () => boolean): Promise<void> {
  const put = async (question: Asked) => isOf() && (await ask(question, { idle: true }));
  await put({ ask: "coverage" });
  for (const column of COUNTED) {
    // In parts: done once the core says so.
    while (isOf() && (await put({ ask: "prepare", column })) !== true);
  }
  for (const view of VIEWS) await put({ ask: "tally", tally: countedNow(countOf(view)) });
}

type Asked = Extract<Question, { ask: "coverage" | "prepare" | "tally" }>;
