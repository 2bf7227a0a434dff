// Coverage: what could be looked for, what not, how to get the rest, and what was read.

import { useLayoutEffect, useState } from "preact/hooks";

import { Holds, statusOf } from "../../charts/holds";
import { KINDS } from "../../charts/strip";
import type { Behaviour, Counts, CoverageView, ExportHint, InputView, Notice, OpenQuestion, RecordKind } from "../../model";
import { CopyButton } from "../../parts/copy";
import { chooseFiles } from "../../parts/drop";
import { usePlaceFocus } from "../../parts/frame";
import { useKeptScroll, useLater } from "../../parts/later";
import { CoverageShape } from "../../parts/icons";
import { Kbd, STATUS, StatusWord } from "../../parts/small";
import { capital, figure, moment, of } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { dialogue, useKeys } from "../../state/keys";
import { toggleOnly } from "../../state/filters";
import { go } from "../../state/place";
import { GUIDES } from "../../exports";
import { Families } from "./families";
import { Inputs } from "./inputs";
import { canTell, TellTimes } from "./times";

/** What the inspector tells of. */
type Chosen = { is: "kind"; kind: RecordKind } | { is: "open"; at: number } | { is: "behaviour"; id: string };

export function Coverage() {
  const focus = usePlaceFocus<HTMLElement>();
  const [view, setView] = useState<CoverageView | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  // Asked before anything is painted.
  useLayoutEffect(() => {
    void attempt(() => ask({ ask: "coverage" })).then((found) => {
      if (found === undefined) return;
      setView(found);
      setChosen((before) => before ?? first(found));
    });
  }, [revision.value]);
  useKeptScroll(view !== null);
  const walk = (by: number) => {
    if (view === null) return;
    const all = order(view);
    const now = all.findIndex((one) => chosen !== null && same(one, chosen));
    const next = all[Math.min(Math.max(now + by, 0), all.length - 1)];
    if (next !== undefined) setChosen(next);
  };
  useKeys(
    "place",
    [
      { key: "j", shown: ["j", "k"], label: "question, behaviour", run: () => walk(1), foot: true },
      { key: "k", label: "before", run: () => walk(-1) },
      { key: "c", label: "copy", run: () => document.querySelector<HTMLElement>(".side [data-copy]")?.click(), foot: true },
      { key: "u", label: "tuning", run: () => (dialogue.value = "tuning"), foot: true },
      { key: "o", label: "add files", run: chooseFiles, foot: true },
    ],
    [view, chosen],
  );
  if (view === null) return <main class="two" tabIndex={-1} ref={focus} />;
  const { ran, partial, blind } = view.sums;
  const all = ran + partial + blind;
  return (
    <main class="two coverage" tabIndex={-1} ref={focus}>
      <div class="main" data-pane data-keep-scroll>
        <div class="say">
          <h1>{headline(view)}</h1>
          <p>
            {ran === all
              ? "What Sleuth does not know of, it cannot find."
              : `${of(all, "behaviour")}: ${figure(ran)} looked for in full, ${figure(partial)} in part, ${figure(blind)} not at all. Where it could not look, no finding means nothing.`}
          </p>
        </div>
        {view.notices.length > 0 && <Notices view={view} />}
        {view.bins !== null && (
          <section class="sec">
            <h2 class="holds-head">
              <span>
                What the exports hold<small>{`records per ${view.bins.step >= 86_400_000 ? `${view.bins.step / 86_400_000} days` : "6 hours"}, each row on its own scale`}</small>
              </span>
              <span class="key">
                <StatusWord status="ran">whole period</StatusWord>
                <StatusWord status="partial">in part</StatusWord>
                <StatusWord status="blind">not exported</StatusWord>
              </span>
            </h2>
            <Holds
              bins={view.bins}
              rows={view.holds}
              chosen={chosen?.is === "kind" ? chosen.kind : null}
              choose={(kind) => setChosen({ is: "kind", kind })}
            />
          </section>
        )}
        {view.open.length > 0 && <Open view={view} chosen={chosen} choose={setChosen} />}
        <Families behaviours={view.behaviours} />
        <Behaviours view={view} chosen={chosen} choose={setChosen} />
        <Inputs inputs={view.inputs} />
      </div>
      <aside class="side coverage-side" aria-label="How to see it" data-pane>
        {chosen?.is === "kind" && <KindGuide row={view.holds.find((row) => row.kind === chosen.kind)} />}
        {chosen?.is === "open" && <OpenGuide question={view.open[chosen.at]} view={view} />}
        {chosen?.is === "behaviour" && <BehaviourGuide behaviour={view.behaviours.find((one) => one.detection === chosen.id)} />}
      </aside>
    </main>
  );
}

function headline(view: CoverageView): string {
  const open = view.open.length;
  const about = view.open.filter((question) => question.sessions > 0).length;
  if (open === 0) return "These exports answer all that Sleuth asks.";
  const are = (number: number) => (number === 1 ? "question is" : "questions are");
  if (about === 0) return `${capital(inWords(open))} ${are(open)} open; an export would answer each.`;
  const rest = open - about;
  return `${capital(inWords(about))} ${are(about)} open about the sessions above the line${rest > 0 ? `, ${inWords(rest)} about the rest` : ""}.`;
}

const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const inWords = (number: number) => WORDS[number] ?? figure(number);

function first(view: CoverageView): Chosen | null {
  if (view.open.length > 0) return { is: "open", at: 0 };
  const one = view.behaviours[0];
  return one === undefined ? null : { is: "behaviour", id: one.detection };
}

const order = (view: CoverageView): Chosen[] => [
  ...view.open.map((_, at): Chosen => ({ is: "open", at })),
  ...view.behaviours.map((one): Chosen => ({ is: "behaviour", id: one.detection })),
];

const same = (one: Chosen, other: Chosen) => JSON.stringify(one) === JSON.stringify(other);

interface ListProps {
  view: CoverageView;
  chosen: Chosen | null;
  choose: (chosen: Chosen) => void;
}

function Open({ view, chosen, choose }: ListProps) {
  return (
    <section class="sec wide-sec">
      <h2>
        Open questions<small>those about sessions above the line first</small>
      </h2>
      <div class="scroller">
        <table class="open">
          <colgroup>
            <col />
            <col class="o2" />
            <col class="o3" />
          </colgroup>
          <thead>
            <tr>
              <th>Question</th>
              <th>Export that answers it</th>
              <th>It would add</th>
            </tr>
          </thead>
          <tbody>
            {view.open.map((question, at) => {
              const is = chosen?.is === "open" && chosen.at === at;
              return (
                <tr key={question.export.kind} class={is ? "pick sel" : "pick"} onClick={() => choose({ is: "open", at })}>
                  <td>
                    <button type="button" class="link plainlink b" aria-pressed={is}>
                      {question.question}
                    </button>
                    <small title={`${capital(question.export.why)}.`}>
                      {question.sessions > 0 && `About ${of(question.sessions, "session")} above the line. `}
                      {capital(question.export.why)}.
                    </small>
                  </td>
                  <td class="answer" title={question.export.kind}>
                    {capital(question.export.kind)}
                  </td>
                  <td>
                    <StatusWord status={question.blind.length > 0 ? "blind" : "partial"}>
                      {of(question.blind.length > 0 ? question.blind.length : question.partial.length, "behaviour")}
                    </StatusWord>
                    <small>{question.blind.length > 0 ? "not looked for now" : "in part now"}</small>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** `asn`, `session_id`: a field in words. */
const fieldWords = (field: string) => (field === "asn" ? "network number" : field.replaceAll("_", " "));

const titles = (view: CoverageView, ids: string[]) =>
  ids.map((id) => view.behaviours.find((one) => one.detection === id)?.title ?? id).join("; ");

/** Behaviours that are drawn at once. */
const FIRST = 15;

function Behaviours({ view, chosen, choose }: ListProps) {
  const behaviours = useLater(view.behaviours, FIRST);
  return (
    <section class="sec wide-sec">
      <h2>
        Behaviours<small>{of(view.behaviours.length, "behaviour")} that this version knows</small>
      </h2>
      <div class="scroller">
        <table class="behaviours">
          <colgroup>
            <col />
            <col class="b2" />
            <col class="b3" />
            <col class="b4" />
            <col class="b5" />
          </colgroup>
          <thead>
            <tr>
              <th>Looked for</th>
              <th>On this data</th>
              <th>Missing</th>
              <th class="n">Findings</th>
              <th>Tuned</th>
            </tr>
          </thead>
          <tbody>
            {behaviours.map((one) => {
              const is = chosen?.is === "behaviour" && chosen.id === one.detection;
              const missing = one.missing.map((field) => fieldWords(field.field)).join(", ");
              return (
                <tr key={one.detection} class={is ? "pick sel" : "pick"} onClick={() => choose({ is: "behaviour", id: one.detection })}>
                  <td title={one.title}>
                    <button type="button" class="link plainlink" aria-pressed={is}>
                      {one.title}
                    </button>
                  </td>
                  <td>
                    <StatusWord status={one.status} />
                  </td>
                  <td title={missing || one.note}>{missing || (one.status === "ran" || one.note === "" ? <span class="mut">nothing</span> : one.note)}</td>
                  <td class="n">{one.status === "blind" ? <span class="mut">could not look</span> : figure(one.hits)}</td>
                  <td title={one.tuned.join(", ")}>{one.tuned.length === 0 ? <span class="mut">–</span> : one.tuned.join(", ")}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const Tell = ({ notice, input }: { notice: Notice; input: InputView | undefined }) =>
  input !== undefined && canTell(notice) ? <TellTimes notice={notice} input={input} /> : null;

/** Notices shown before someone asks for all. */
const FEW = 6;

function Notices({ view }: { view: CoverageView }) {
  const [all, setAll] = useState(false);
  const rest = view.notices.length - FEW;
  return (
    <section class="sec notices">
      <h2>To know before reading on</h2>
      <ul>
        {(all ? view.notices : view.notices.slice(0, FEW)).map((notice, index) => (
          <li key={index}>
            <CoverageShape status="partial" />
            <span>
              {notice.input !== null && <b class="any">{view.inputs[notice.input]?.summary.name}: </b>}
              {notice.text} <span class="mid">{notice.next}</span>
              <Tell notice={notice} input={notice.input === null ? undefined : view.inputs[notice.input]} />
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" class="link more-notices" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Fewer" : `${figure(rest)} more`}
        </button>
      )}
    </section>
  );
}

function Guide({ kind }: { kind: RecordKind }) {
  const guide = GUIDES.find((one) => one.kind === kind);
  if (guide === undefined) return null;
  return (
    <>
      <h4>Export it</h4>
      <ol class="steps">
        {guide.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <h4 class="codehead">
        Or by Graph PowerShell
        <CopyButton text={() => guide.powershell} label="Copy" shortcut="c" />
      </h4>
      <pre class="code" tabIndex={0} aria-label="PowerShell commands">
        {guide.powershell}
      </pre>
      <h4>Needs</h4>
      <p>{guide.needs}</p>
      <p class="acts">
        <button type="button" class="btn" onClick={chooseFiles}>
          Add files <Kbd keys={["o"]} />
        </button>
      </p>
    </>
  );
}

function KindGuide({ row }: { row: Counts | undefined }) {
  if (row === undefined) return null;
  const status = statusOf(row);
  return (
    <>
      <p class="st mid">
        <CoverageShape status={status} />
        {status === "ran" ? "over the whole period" : status === "partial" ? "not over the whole period" : "not in the exports"}
      </p>
      <h2>{KINDS[row.kind]}</h2>
      <p>
        {row.total === 0
          ? "No record of this kind was read."
          : row.gaps.length === 0
            ? `${of(row.total, "record")} over the whole period.`
            : `${of(row.total, "record")}, none from ${row.gaps.map(([from, to]) => `${moment(from)} to ${moment(to)}`).join(" and from ")}, while other exports have records then.`}
      </p>
      <Guide kind={row.kind} />
    </>
  );
}

function OpenGuide({ question, view }: { question: OpenQuestion | undefined; view: CoverageView }) {
  if (question === undefined) return null;
  const kind = GUIDES.find((guide) => question.export.holds.some((one) => one === guide.kind))?.kind;
  const isBlind = question.blind.length > 0;
  return (
    <>
      <p class="st mid">
        <CoverageShape status={isBlind ? "blind" : "partial"} />
        {isBlind ? "not in the exports" : "in part"}
      </p>
      <h2>{question.question}</h2>
      <p>
        <b>{capital(question.export.kind)}</b>: {question.export.why}.
      </p>
      <h4>In short</h4>
      <Ways hint={question.export} />
      {kind !== undefined && <Guide kind={kind} />}
      <h4>What it would add</h4>
      <ul class="steps">
        {[...question.blind, ...question.partial].map((id) => (
          <li key={id}>{titles(view, [id])}</li>
        ))}
      </ul>
    </>
  );
}

/** How to make an export, and other ways to the same. */
function Ways({ hint }: { hint: ExportHint }) {
  return (
    <>
      <p>{hint.how}</p>
      {hint.also.length > 0 && (
        <details>
          <summary>Or {of(hint.also.length, "other way")}</summary>
          <ul class="steps">
            {hint.also.map((other) => (
              <li key={other.how}>
                {capital(other.kind)}. <span class="any">{other.how}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function BehaviourGuide({ behaviour }: { behaviour: Behaviour | undefined }) {
  if (behaviour === undefined) return null;
  const show = () => {
    toggleOnly({ field: "detection", value: behaviour.detection });
    go({ name: "sessions" });
  };
  return (
    <>
      <p class="st mid">
        <CoverageShape status={behaviour.status} />
        looked for {STATUS[behaviour.status]}
      </p>
      <h2>{behaviour.title}</h2>
      <p class="mono mut">{behaviour.detection}</p>
      <h4>What it looks for</h4>
      <p>{behaviour.looks_for}</p>
      <h4>Why it matters</h4>
      <p>{behaviour.why}</p>
      {behaviour.note !== "" && (
        <>
          <h4>On this data</h4>
          <p>{behaviour.note}</p>
        </>
      )}
      {behaviour.missing.length > 0 && (
        <>
          <h4>Missing fields</h4>
          <table class="fields">
            <tbody>
              {behaviour.missing.map((field) => (
                <tr key={field.field}>
                  <td>{fieldWords(field.field)}</td>
                  <td class="n">
                    {figure(field.records)} of {of(field.of, "record")}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {behaviour.exports.map((hint) => (
        <div key={hint.kind}>
          <h4>{capital(hint.kind)}</h4>
          <p>{capital(hint.why)}.</p>
          <Ways hint={hint} />
        </div>
      ))}
      <h4>References</h4>
      <ul class="steps">
        {behaviour.references.map((reference) => (
          <li key={reference}>{reference}</li>
        ))}
      </ul>
      <p class="acts">
        {behaviour.hits > 0 && (
          <button type="button" class="btn" onClick={show}>
            Show {of(behaviour.hits, "finding")}
          </button>
        )}
        <button type="button" class="btn" onClick={() => (dialogue.value = "tuning")}>
          Tuning <Kbd keys={["u"]} />
        </button>
      </p>
    </>
  );
}

