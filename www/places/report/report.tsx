// Report: what is handed over. Findings, story, coverage and next steps, from what was read and what the analyst marked.

import { signal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { AllowedCount, CoverageView, Row, SessionView } from "../../model";
import { saveFile } from "../../parts/copy";
import { usePlaceFocus } from "../../parts/frame";
import { CoverageShape } from "../../parts/icons";
import { Again, Kbd, SeverityWord, Time } from "../../parts/small";
import { named, WithoutNames } from "../../parts/nameless";
import { alike } from "../../parts/steps";
import { bytes, capital, exact, figure, moment, of, withAbove } from "../../parts/words";
import { commit, version } from "../../proof/proof";
import { overview, revision } from "../../state/case";
import { attempt, ask, engine } from "../../state/engine";
import { fieldName, span } from "../../state/filters";
import { hash, learnHash } from "../../state/hash";
import { useKeys } from "../../state/keys";
import { author, caseName, type Mark, marks } from "../../state/marks";
import { go } from "../../state/place";
import { withoutNames } from "../../state/pseudonyms";
import { parseCase, saveCase } from "../../state/report";
import { formatName } from "../reading/formats";
import { asHtml, asMarkdown } from "./handout";
import { NextSteps } from "./next-steps";

/** Sessions told in full; more stand in a table. */
const FULL = 30;
/** Sessions that the table names. */
const NAMED = 200;

/** A session of the report, with what the analyst said of it. */
interface Told {
  row: Row;
  mark: Mark | undefined;
}

export function Report() {
  const focus = usePlaceFocus<HTMLElement>();
  const [rows, setRows] = useState<Row[]>([]);
  const [above, setAbove] = useState(0);
  const [views, setViews] = useState<ReadonlyMap<string, SessionView>>(new Map());
  const [coverage, setCoverage] = useState<CoverageView | null>(null);
  useEffect(() => {
    learnHash();
    void attempt(async () => {
      const filter = { text: "", from: null, to: null, only: [], not: [] };
      const page = await ask({ ask: "sessions", filter, group: "incident", sort: "severity", descending: true, offset: 0, limit: 1000 });
      setRows(page.rows);
      setAbove(page.above);
      setCoverage(await ask({ ask: "coverage" }));
    });
  }, [revision.value]);
  const all: Told[] = rows.map((row) => ({ row, mark: marks.value.get(row.key) }));
  const stolen = all.filter(({ row, mark }) => mark?.verdict === "malicious" || (row.above && mark?.verdict !== "benign"));
  const benign = all.filter(({ mark }) => mark?.verdict === "benign");
  const asked = all.filter(({ row, mark }) => mark !== undefined && mark.verdict === null && !row.above);
  const wanted = stolen.slice(0, FULL).map(({ row }) => row.key);
  useEffect(() => {
    let current = true;
    void attempt(async () => {
      const found = new Map<string, SessionView>();
      for (const key of wanted) {
        const view = await ask({ ask: "session", key });
        if (!current) return;
        if (view !== null) found.set(key, view);
      }
      setViews(found);
    });
    return () => {
      current = false;
    };
  }, [wanted.join(" "), revision.value]);
  const hashes = useHashes(coverage);
  useKeys("place", [{ key: "p", label: "print", run: () => print(), foot: true }], []);
  const sums = overview.value;
  if (sums === null) return <main class="two" tabIndex={-1} ref={focus} />;
  const told = stolen.flatMap((one) => {
    const view = views.get(one.row.key);
    return view === undefined ? [] : [{ ...one, view }];
  });
  const rest = stolen.slice(FULL);
  // Of very many only the first are here; how many there are is known.
  const isWhole = told.length === Math.min(stolen.length, FULL) && coverage !== null;
  const further = rest.length + Math.max(0, above - rows.length);
  return (
    <main class="two report" tabIndex={-1} ref={focus}>
      <div class="main" data-pane data-keep-scroll>
        <article class="paper-like">
          <p class="mid">
            {caseName.value || "Sign-in review"}
            {author.value !== "" && ` · ${author.value}`}
          </p>
          <h1>
            {sums.headline.map((line) => (
              <span key={line}>{line} </span>
            ))}
          </h1>
          <p>{sums.lead}</p>
          {all.some(({ mark }) => (mark?.verdict ?? null) !== null) && (
            <p>
              The analyst confirmed {of(all.filter(({ mark }) => mark?.verdict === "malicious").length, "session")} as malicious
              {benign.length > 0 ? ` and marked ${figure(benign.length)} benign, left out below` : ""}.
            </p>
          )}
          {sums.caution !== null && (
            <p>
              <b>{sums.caution.text}</b> {sums.caution.next}
            </p>
          )}
          <h2>Sessions</h2>
          {stolen.length === 0 && <p>No session is above the line or marked malicious. What could not be looked for stands under Coverage.</p>}
          {told.map(({ row, mark, view }) => (
            <Session key={row.key} row={row} mark={mark} view={view} />
          ))}
          {told.length < Math.min(stolen.length, FULL) && <p class="mut">{of(Math.min(stolen.length, FULL) - told.length, "session")} being put together …</p>}
          {rest.length > 0 && <Short title={`${of(further, "further session")} above the line`} rows={rest.slice(0, NAMED)} total={further} />}
          {stolen.length > 0 && <NextSteps rows={stolen.map(({ row }) => row)} />}
          {sums.allowed.length > 0 && <Aside allowed={sums.allowed} />}
          {benign.length > 0 && <Short title="Marked benign" rows={benign} />}
          {asked.length > 0 && <Short title="Noted, below the line" rows={asked} />}
          {coverage !== null && <Seen coverage={coverage} />}
          {coverage !== null && <Files coverage={coverage} hashes={hashes} />}
          <p class="colophon">
            Made by Sign-in Sleuth {version}, commit {commit}, facts of {sums.knowledge}. SHA-256 of the page: {hash.value}. All times UTC. No data left the machine it was made on.
          </p>
        </article>
      </div>
      <aside class="side" aria-label="What to hand over" data-pane>
        <section class="note-block">
          <h2>The report</h2>
          <label class="labelled">
            Name of the case
            <input class="field" value={caseName.value} autocomplete="off" onInput={(event) => (caseName.value = event.currentTarget.value)} />
          </label>
          <label class="labelled">
            Made by
            <input class="field" value={author.value} autocomplete="off" onInput={(event) => (author.value = event.currentTarget.value)} />
          </label>
          <p>It tells the sessions above the line and those marked malicious; those marked benign are named with your notes, and left out of the rest.</p>
          {span.value !== null && <p>It tells the whole time, whatever time is looked at elsewhere.</p>}
          <div class="acts">
            <button type="button" class="btn pri" onClick={() => print()}>
              Print, or save as PDF <Kbd keys={["p"]} />
            </button>
            <button type="button" class="btn" aria-disabled={!isWhole} onClick={() => isWhole && void saveReport("html")}>
              Save as HTML
            </button>
            <button type="button" class="btn" aria-disabled={!isWhole} onClick={() => isWhole && void saveReport("md")}>
              Save as Markdown
            </button>
            {coverage !== null && hashes.size === 0 && !wantsHashes.value && coverage.inputs.reduce((sum, { summary }) => sum + summary.bytes, 0) > LARGE && (
              <button type="button" class="btn" onClick={() => (wantsHashes.value = true)}>
                Add SHA-256 of the files
              </button>
            )}
          </div>
          <WithoutNames />
        </section>
        <CaseFile />
        {stolen.length > 0 && (
          <section class="note-block">
            <h2>Contents</h2>
            <ul class="toc">
              {stolen.slice(0, FULL).map(({ row }) => (
                <li key={row.key}>
                  <button type="button" class="link el" onClick={() => document.getElementById(`r-${row.key}`)?.scrollIntoView()}>
                    {row.user}
                  </button>
                  <span class="mut el">{row.what}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </aside>
    </main>
  );
}

/** Saves what is shown: the same words, without the page around them. */
async function saveReport(kind: "html" | "md"): Promise<void> {
  const article = document.querySelector(".paper-like");
  if (article === null) return;
  const title = caseName.value || "Sign-in review";
  const text = await attempt(() => withoutNames(kind === "html" ? asHtml(article, title) : asMarkdown(article)));
  if (text !== undefined) saveFile(named(`signin-sleuth-report.${kind}`), kind === "html" ? "text/html" : "text/markdown", text);
}

/** Bytes from which hashes are not worked out unasked: at 300 MB a second it would take long. */
const LARGE = 600e6;

/** SHA-256 of each file, worked out one after the other; of very large ones when they are asked for. */
function useHashes(coverage: CoverageView | null): ReadonlyMap<number, string> {
  const [hashes, setHashes] = useState<ReadonlyMap<number, string>>(new Map());
  const all = coverage?.inputs.reduce((sum, { summary }) => sum + summary.bytes, 0) ?? 0;
  const wanted = coverage !== null && (all <= LARGE || wantsHashes.value);
  useEffect(() => {
    let current = wanted;
    const work = async () => {
      for (const [index] of coverage?.inputs.entries() ?? []) {
        const hash = current ? await engine.value?.digest(index) : undefined;
        if (!current || hash === undefined) return;
        setHashes((known) => new Map([...known, [index, hash]]));
      }
    };
    setHashes(new Map());
    void attempt(work);
    return () => {
      current = false;
    };
  }, [coverage, wanted]);
  return hashes;
}

/** Whether hashes of very large files were asked for. */
const wantsHashes = signal(false);

function CaseFile() {
  const [said, say] = useState("");
  const load = async (file: File) => {
    const found = parseCase(await file.text());
    say(found === null ? "It is no case file. Nothing was changed." : `${of(found, "mark")} taken over.`);
  };
  return (
    <section class="note-block">
      <h2>Case file</h2>
      <p>Your marks and notes, the allow list and what was tuned; no records. Load it beside the same exports to go on later.</p>
      <div class="acts">
        <button type="button" class="btn" onClick={() => void attempt(saveCase)}>
          Save case file
        </button>
        <label class="btn file">
          Load a case file
          <input
            type="file"
            class="vh"
            id="load-case"
            accept=".json,application/json"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) void load(file);
              event.currentTarget.value = "";
            }}
          />
        </label>
      </div>
      <p role="status">{said}</p>
    </section>
  );
}

function Session({ row, mark, view }: { row: Row; mark: Mark | undefined; view: SessionView }) {
  return (
    <section class="told" id={`r-${row.key}`}>
      <h3 class="any">
        {row.user}
        <SeverityWord severity={row.severity} />
        <span class="mid">score {row.score}</span>
        {mark?.verdict === "malicious" && <span class="mid">confirmed malicious</span>}
        <button type="button" class="link no-print" onClick={() => go({ name: "session", key: row.key })}>
          open
        </button>
      </h3>
      <p class="any">
        {view.verdict.lead} {view.verdict.text}
      </p>
      {(mark?.note ?? "") !== "" && <p class="noted">{mark?.note}</p>}
      {view.incident !== null && view.incident.exposed.length > 0 && (
        <>
          <h4>What was exposed</h4>
          <ul class="told-findings plain">
            {view.incident.exposed.map((told) => (
              <li key={told} class="any">
                {told}
              </li>
            ))}
          </ul>
        </>
      )}
      <h4>What happened</h4>
      <table class="told-steps">
        <colgroup>
          <col class="w" />
          <col />
        </colgroup>
        <tbody>
          {alike(view.story).map((step, index) => (
            <tr key={index}>
              <td>
                <Time at={step.time} as={exact} />
              </td>
              <td>
                {step.text}
                <Again step={step} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {view.steps > view.story.length && <p class="mut">{figure(view.steps - view.story.length)} further events are not listed.</p>}
      <h4>Findings</h4>
      <ol class="told-findings">
        {view.findings.map((finding) => (
          <li key={finding.id}>
            <b>{finding.title}</b>, {finding.severity}, confidence {finding.confidence}. <span class="any">{finding.why}</span>{" "}
            <span class="mut">
              {of(finding.records, "record")}
              {finding.techniques.length > 0 && `; ${finding.techniques.join(", ")}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Short({ title, rows, total = rows.length }: { title: string; rows: Told[]; total?: number }) {
  return (
    <>
      <h2>{title}</h2>
      <table class="told-steps short">
        <colgroup>
          <col class="w" />
          <col />
          <col />
          <col />
        </colgroup>
        <tbody>
          {rows.map(({ row, mark }) => (
            <tr key={row.key}>
              <td>
                <Time at={row.marked} as={moment} />
              </td>
              <td>{row.user}</td>
              <td>{row.what}</td>
              <td>{mark?.note ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > rows.length && <p class="mut">The first {figure(rows.length)} are named; the CSV of the findings has all.</p>}
    </>
  );
}

/** What the allow list puts aside is named: who reads the report may know better. */
function Aside({ allowed }: { allowed: AllowedCount[] }) {
  return (
    <>
      <h2>Put aside by the allow list</h2>
      <ul class="told-findings plain">
        {allowed.map((one, index) => (
          <li key={index} class="any">
            {one.entry.all.map((picked) => `${fieldName[picked.field]} ${picked.value}`).join(" and ")}: {withAbove(one.hidden, one.above)} otherwise. {one.entry.note}
          </li>
        ))}
      </ul>
    </>
  );
}

function Seen({ coverage }: { coverage: CoverageView }) {
  const { ran, partial, blind } = coverage.sums;
  return (
    <>
      <h2>Coverage</h2>
      <p>
        {of(ran + partial + blind, "behaviour")}: {figure(ran)} looked for in full, {figure(partial)} in part, {figure(blind)} not at all. Where nothing could be looked for, no finding means nothing.
      </p>
      {coverage.notices.length > 0 && (
        <ul class="told-findings plain">
          {coverage.notices.map((notice, index) => (
            <li key={index}>
              {notice.input !== null && <b class="any">{coverage.inputs[notice.input]?.summary.name}: </b>}
              {notice.text} {notice.next}
            </li>
          ))}
        </ul>
      )}
      {coverage.open.length > 0 && (
        <>
          <h4>Open questions</h4>
          <ul class="told-findings plain">
            {coverage.open.map((question) => (
              <li key={question.export.kind}>
                <CoverageShape status={question.blind.length > 0 ? "blind" : "partial"} /> <b>{question.question}</b> {capital(question.export.kind)}: {question.export.how}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Files({ coverage, hashes }: { coverage: CoverageView; hashes: ReadonlyMap<number, string> }) {
  return (
    <>
      <h2>Files</h2>
      <table class="told-steps short">
        <colgroup>
          <col class="file" />
          <col />
          <col class="few" span={3} />
        </colgroup>
        <thead>
          <tr>
            <th>File</th>
            <th>Recognised as</th>
            <th class="n">Bytes</th>
            <th class="n">Records</th>
            <th class="n">Rejected</th>
          </tr>
        </thead>
        <tbody>
          {coverage.inputs.map(({ summary }, index) => (
            <Fragment key={index}>
              <tr class={hashes.has(index) ? "hashed" : ""}>
                <td>{summary.name}</td>
                <td>{summary.format === "unknown" ? "no log Sleuth knows" : formatName(summary.format)}</td>
                <td class="n">{bytes(summary.bytes)}</td>
                <td class="n">{figure(summary.records)}</td>
                <td class="n">{figure(summary.rejected_total)}</td>
              </tr>
              {hashes.has(index) && (
                <tr>
                  <td colSpan={5} class="digest mono">
                    SHA-256 {hashes.get(index)}
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </>
  );
}
