// The inspector: the findings, and of the chosen one why, evidence, what else it could be, what to do.

import { isOther, placeId } from "../../charts/lanes";
import type { EvidenceRow, FindingView, SessionView } from "../../model";
import { Kql } from "../../parts/code";
import { CopyButton } from "../../parts/copy";
import { CoverageShape, SeverityShape } from "../../parts/icons";
import { Said, Time } from "../../parts/small";
import { tuningOf } from "../../parts/tuning";
import { day, exact, figure, of, second } from "../../parts/words";
import { dialogue } from "../../state/keys";

interface Props {
  view: SessionView;
  /** Number of the finding, from one. */
  finding: number;
  choose: (finding: number) => void;
  /** The record that is chosen, as `input:record`. */
  chosen: string | null;
  pick: (row: EvidenceRow) => void;
  raw: (row: EvidenceRow) => void;
}

export function Inspector({ view, finding, choose, chosen, pick, raw }: Props) {
  const shown = view.findings[finding - 1];
  return (
    <aside class="side inspector" aria-label="Findings" data-pane>
      <h2 class="inspector-head">
        {of(view.findings.length, "finding")}
        <small>
          {of(view.groups.length, "kind")} of evidence
        </small>
      </h2>
      <ol class="findings">
        {view.findings.map((one, index) => (
          <li key={one.id}>
            <button type="button" aria-current={index + 1 === finding ? "true" : undefined} onClick={() => choose(index + 1)}>
              <span class="number">{index + 1}</span>
              <SeverityShape severity={one.severity} />
              <span class="vh">{one.severity}: </span>
              <span class="grow el" title={one.title}>
                {one.title}
              </span>
              <span class="mut">{one.group}</span>
            </button>
          </li>
        ))}
      </ol>
      {shown !== undefined && <Finding key={shown.id} view={view} shown={shown} chosen={chosen} pick={pick} raw={raw} />}
    </aside>
  );
}

interface FindingProps {
  view: SessionView;
  shown: FindingView;
  chosen: string | null;
  pick: (row: EvidenceRow) => void;
  raw: (row: EvidenceRow) => void;
}

function Finding({ view, shown, chosen, pick, raw }: FindingProps) {
  return (
    <div class="finding">
      <h3>
        <SeverityShape severity={shown.severity} />
        <span class="any grow">{shown.title}</span>
        <button
          type="button"
          class="link tune"
          title="Thresholds of this detection"
          onClick={() => {
            tuningOf.value = shown.detection;
            dialogue.value = "tuning";
          }}
        >
          Tune
        </button>
      </h3>
      <p class="id mut">
        {[shown.detection, shown.variant, shown.severity, `confidence ${shown.confidence}`, ...shown.techniques].join(" · ")}
      </p>
      <h4>Why</h4>
      <p class="any">{shown.why}</p>
      <h4>
        Evidence <span class="mut">{of(shown.records, "record")}</span>
      </h4>
      <ul class="evidence-list">
        {shown.evidence.map((row, index) => (
          <Evidence key={placeId(row.place)} view={view} row={row} near={shown.evidence[index - 1]?.time ?? null} chosen={chosen === placeId(row.place)} pick={pick} raw={raw} />
        ))}
      </ul>
      {shown.records > shown.evidence.length && <p class="mut">{figure(shown.records - shown.evidence.length)} more: the evidence file has all.</p>}
      <h4>
        Could it be harmless? <span class="mut">the exports do not rule it out</span>
      </h4>
      <ul class="benign">
        {shown.benign.map((cause) => (
          <li key={cause}>
            <CoverageShape status="partial" />
            <span>{cause}</span>
          </li>
        ))}
      </ul>
      <h4>Ask the customer</h4>
      <ul class="ask">
        {shown.ask.map((question) => (
          <li key={question}>
            <Said text={question} />
          </li>
        ))}
      </ul>
      <h4 id="do">Do now</h4>
      <ol class="ask do">
        {shown.next.map((step) => (
          <li key={step}>
            <Said text={step} />
          </li>
        ))}
      </ol>
      <h4 class="codehead">
        Confirm in Sentinel
        <CopyButton text={() => shown.kql} label="Copy KQL" shortcut="c" class="copy-kql" />
      </h4>
      <Kql text={shown.kql} />
      {shown.facts.length > 0 && (
        <>
          <h4>Facts</h4>
          <dl class="facts">
            {shown.facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="any">{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

interface EvidenceProps {
  view: SessionView;
  row: EvidenceRow;
  near: number | null;
  chosen: boolean;
  pick: (row: EvidenceRow) => void;
  raw: (row: EvidenceRow) => void;
}

function Evidence({ view, row, near, chosen, pick, raw }: EvidenceProps) {
  const side = row.hand === null ? "nobody" : (view.hands[row.hand]?.side ?? "nobody");
  const newDay = near === null || day(near) !== day(row.time);
  return (
    <li class={chosen ? "on" : ""} onClick={() => pick(row)}>
      <span class={`hand ${side}`} title={isOther(view, row.hand) ? "Other side" : side === "nobody" ? "Cannot be told" : "Owner’s side"}>
        <span>
          <Time at={row.time} as={newDay ? exact : second} />
        </span>
      </span>
      <span class="el" title={`${row.role}: ${row.text}`}>
        {row.text}
      </span>
      <button
        type="button"
        class="link"
        aria-label={`raw record of ${exact(row.time)}`}
        onClick={(event) => {
          event.stopPropagation();
          pick(row);
          raw(row);
        }}
      >
        raw
      </button>
    </li>
  );
}
