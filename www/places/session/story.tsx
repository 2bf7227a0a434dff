// The story: what happened, in order of time. Events alike that follow each other are one line.

import { handName, isOther, placeId } from "../../charts/lanes";
import type { SessionView, Step } from "../../model";
import { Again, Time } from "../../parts/small";
import { alike } from "../../parts/steps";
import { day, exact, figure, of, second } from "../../parts/words";

/** Findings of a step that have a button each: the strongest. */
const BADGES = 3;

interface Props {
  view: SessionView;
  chosen: string | null;
  choose: (finding: number) => void;
  raw: (step: Step) => void;
}

export function Story({ view, chosen, choose, raw }: Props) {
  const changed = view.row.changed;
  let told: number | null = null;
  return (
    <div class="story">
      <h2>
        In order
        <small>
          {view.steps > view.story.length
            ? `the first ${figure(view.story.length)} of ${of(view.steps, "step")}`
            : of(view.story.reduce((sum, step) => sum + step.count, 0), "event")}
        </small>
      </h2>
      <ol tabIndex={0} aria-label="What happened, in order of time">
        {alike(view.story).map((step) => {
          const newDay = told === null || day(told) !== day(step.time);
          told = step.time;
          const isChosen = step.places.some((place) => placeId(place) === chosen);
          const isChange = changed !== null && step.time === changed && isOther(view, step.hand);
          return (
            <li key={placeId(step.place)} class={`${step.findings.length > 0 ? "evidence" : ""} ${isChosen ? "on" : ""} ${isChange ? "change" : ""}`}>
              <span class="when">
                <Time at={step.time} as={newDay ? exact : second} />
              </span>
              <span class={`hand ${step.hand === null ? "nobody" : (view.hands[step.hand]?.side ?? "nobody")} ${step.refused ? "refused" : ""}`} title={handName(view, step.hand)} />
              <span class="what" title={step.text}>
                {isChange && <b>Changed hands. </b>}
                {step.text}
                <Again step={step} />
              </span>
              <span class="marks">
                {step.findings.slice(0, BADGES).map((number) => (
                  <button type="button" class="number" key={number} aria-label={`Finding ${number}`} onClick={() => choose(number)}>
                    {number}
                  </button>
                ))}
                {step.findings.length > BADGES && (
                  <span class="mut" title={`Findings ${step.findings.join(", ")}`}>
                    +{step.findings.length - BADGES}
                  </span>
                )}
              </span>
              <button type="button" class="link" onClick={() => raw(step)} aria-label={`raw record of ${exact(step.time)}`}>
                raw
              </button>
            </li>
          );
        })}
      </ol>
      {view.steps > view.story.length && <p class="mut more-steps">{of(view.steps - view.story.length, "more step")}: the table of the chart has all events.</p>}
    </div>
  );
}
