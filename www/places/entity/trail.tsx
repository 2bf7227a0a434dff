// How one came to an entity; each step leads back to it.

import { CopyButton } from "../../parts/copy";
import { backBy, cameBy, type Entity, type Place } from "../../state/place";
import { COLUMNS } from "../../state/tenant";

const TITLES: Record<Place["name"], string> = {
  start: "Start",
  reading: "Files",
  sessions: "Sessions",
  session: "Session",
  tenant: "Tenant",
  entity: "",
  coverage: "Coverage",
  report: "Report",
};

export function Trail({ now }: { now: Entity }) {
  const steps = cameBy();
  return (
    <nav class="trail" aria-label="Trail">
      {steps.map((step, index) => (
        <span class="step" key={index}>
          <button type="button" class="link el" onClick={() => backBy(steps.length - index)}>
            {step.name === "entity" ? step.entity.label : step.name === "session" ? `session of ${step.label ?? "a user"}` : TITLES[step.name]}
          </button>
          <span class="sep">›</span>
        </span>
      ))}
      <b class="el" title={now.label}>
        {now.label}
      </b>
      <CopyButton text={() => now.value ?? ""} label="Copy" class="tiny" />
      <span class="grow" />
      <span>{COLUMNS[now.column]}</span>
    </nav>
  );
}
