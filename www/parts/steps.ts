// Steps of a story that say the same.

import type { RecordRef, Step } from "../model";

/** Steps alike as one, and the first record of each of them. */
export interface Alike extends Step {
  places: RecordRef[];
}

/** Steps of one hand that say the same and follow each other, as one. */
export function alike(story: Step[]): Alike[] {
  const told: Alike[] = [];
  for (const step of story) {
    const last = told.at(-1);
    if (last?.text !== step.text || last.hand !== step.hand || last.refused !== step.refused) {
      told.push({ ...step, places: [step.place] });
      continue;
    }
    last.count += step.count;
    last.until = step.until;
    last.findings = [...new Set([...last.findings, ...step.findings])].toSorted((one, other) => one - other);
    last.places.push(step.place);
  }
  return told;
}
