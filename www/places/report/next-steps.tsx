// What to do next for all sessions of the report: each step once, with the sessions it is for; what ends something
// first, and of each kind the steps that matter most.

import { useEffect, useState } from "preact/hooks";

import type { NextStep, Phase, Row } from "../../model";
import { Said } from "../../parts/small";
import { figure, moment, of, shortName } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { go } from "../../state/place";

const PHASES: Record<Phase, string> = {
  contain: "Contain",
  evidence: "Find evidence",
  ask: "Ask",
  recover: "Recover, and close the way in",
};
/** Steps of one kind that are shown at first. */
const FEW = 4;
/** Users that a step names. */
const NAMED = 3;

export function NextSteps({ rows }: { rows: Row[] }) {
  const [steps, setSteps] = useState<NextStep[]>([]);
  const keys = rows.map((row) => row.key);
  useEffect(() => {
    const stale = new AbortController();
    void attempt(() => ask({ ask: "steps", keys }, { signal: stale.signal })).then((found) => {
      if (!stale.signal.aborted) setSteps(found ?? []);
    });
    return () => stale.abort();
  }, [keys.join(" "), revision.value]);
  if (steps.length === 0) return null;
  return (
    <>
      <h2>Next steps</h2>
      {(Object.keys(PHASES) as Phase[]).map((phase) => {
        const own = steps.filter((step) => step.phase === phase);
        return own.length === 0 ? null : <OfPhase key={phase} phase={phase} steps={own} rows={rows} />;
      })}
    </>
  );
}

function OfPhase({ phase, steps, rows }: { phase: Phase; steps: NextStep[]; rows: Row[] }) {
  const [all, setAll] = useState(false);
  const rest = steps.slice(FEW);
  const list = (some: NextStep[], from: number) => (
    <ol class="told-findings next" start={from + 1}>
      {some.map((step) => (
        <li key={step.text}>
          <span class="any">
            <Said text={step.text} />
          </span>{" "}
          <Whose step={step} rows={rows} />
        </li>
      ))}
    </ol>
  );
  return (
    <>
      <h4>{PHASES[phase]}</h4>
      {list(steps.slice(0, FEW), 0)}
      {rest.length > 0 && (
        <>
          <button type="button" class="link no-print more-steps" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Fewer" : `${figure(rest.length)} more`}
          </button>
          <div class={all ? "" : "folded"}>{list(rest, FEW)}</div>
        </>
      )}
    </>
  );
}

/** The sessions that a step is for: each a way there; of many how many. */
function Whose({ step, rows }: { step: NextStep; rows: Row[] }) {
  const own = rows.filter((row) => step.sessions.includes(row.key));
  if (rows.length > 1 && own.length === rows.length) return <span class="mut">all {of(rows.length, "session")}</span>;
  if (own.length > NAMED) {
    return (
      <span class="mut">
        {of(own.length, "session")} of {of(step.users.length, "user")}
      </span>
    );
  }
  return (
    <span class="mut any">
      {own.map((row, index) => (
        <span key={row.key}>
          {index > 0 && ", "}
          <button type="button" class="link" title={row.what} onClick={() => go({ name: "session", key: row.key, label: shortName(row.user) })}>
            {shortName(row.user)}
          </button>{" "}
          {moment(row.marked)}
        </span>
      ))}
    </span>
  );
}
