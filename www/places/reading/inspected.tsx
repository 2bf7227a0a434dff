// What each file is: recognised as, by which marks, how well filled, and what it is good for.

import { useEffect, useState } from "preact/hooks";

import type { Behaviour, CoverageView, InputView } from "../../model";
import { Bar } from "../../parts/counts";
import { CoverageShape } from "../../parts/icons";
import { StatusWord } from "../../parts/small";
import { bytes, day, figure, of } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { useKeys } from "../../state/keys";
import { formatName } from "./formats";

/** What was read, once it is. */
export function useInputs(done: boolean): CoverageView | null {
  const [view, setView] = useState<CoverageView | null>(null);
  useEffect(() => {
    if (done) void attempt(() => ask({ ask: "coverage" })).then((found) => setView(found ?? null));
    else setView(null);
  }, [done, revision.value]);
  return view;
}

export function range(input: InputView): string {
  const { first, last } = input.summary;
  if (first === null || last === null) return "–";
  const [from, to] = [day(Date.parse(first)), day(Date.parse(last))];
  return from === to ? from : `${from} to ${to}`;
}

interface FilesProps {
  view: CoverageView;
  at: number;
  choose: (at: number) => void;
}

export function Files({ view, at, choose }: FilesProps) {
  const walk = (by: number) => choose(Math.min(Math.max(at + by, 0), view.inputs.length - 1));
  useKeys(
    "part",
    [
      { key: "j", shown: ["j", "k"], label: "file", run: () => walk(1), foot: true },
      { key: "k", label: "file before", run: () => walk(-1) },
    ],
    [view, at],
  );
  return (
    <table class="files-read known">
      <colgroup>
        <col />
        <col />
        <col class="i1" />
        <col class="i2" />
        <col class="i2" />
        <col class="i3" />
      </colgroup>
      <thead>
        <tr>
          <th>File</th>
          <th>Recognised as</th>
          <th>Time</th>
          <th class="n">Records</th>
          <th class="n">Rejected</th>
          <th>Good for</th>
        </tr>
      </thead>
      <tbody>
        {view.inputs.map((input, index) => (
          <tr key={index} class={index === at ? "pick sel" : "pick"} onClick={() => choose(index)}>
            <td title={input.summary.name}>
              <button type="button" class="link plainlink b" aria-pressed={index === at}>
                {input.summary.name}
              </button>
              <small>{bytes(input.summary.bytes)}</small>
            </td>
            <td title={formatName(input.summary.format)}>
              {input.failure !== null || input.summary.format === "unknown" ? "Not a log Sleuth knows" : formatName(input.summary.format)}
              <small>{input.failure ?? kinds(input)}</small>
            </td>
            <td>
              {range(input)}
              <small>{who(input)}</small>
            </td>
            <td class="n">{figure(input.summary.records)}</td>
            <td class="n">{input.summary.rejected_total === 0 ? <span class="mut">0</span> : figure(input.summary.rejected_total)}</td>
            <td>
              {input.fields.length === 0 ? (
                <span class="mut">–</span>
              ) : (
                <StatusWord status={input.good_for.length > 0 ? "ran" : "partial"}>
                  {input.good_for.length > 0 ? of(input.good_for.length, "behaviour") : `${figure(input.in_part.length)} in part`}
                </StatusWord>
              )}
              <small>{input.fields.length === 0 ? "" : "alone"}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const kinds = (input: InputView) => [...input.kinds.map(([kind, count]) => `${figure(count)} ${kind}`), input.gave ?? ""].filter(Boolean).join(", ");

function who(input: InputView): string {
  const parts = [];
  if (input.users > 0) parts.push(of(input.users, "user"));
  if (input.programs > 0) parts.push(of(input.programs, "application"));
  return parts.join(", ");
}

/** What one file is. */
export function Inspected({ input, behaviours }: { input: InputView; behaviours: Behaviour[] }) {
  const { summary } = input;
  const title = (id: string) => behaviours.find((one) => one.detection === id)?.title ?? id;
  const others = Object.entries(summary.other);
  return (
    <section class="note-block inspected">
      <h2 class="any">{summary.name}</h2>
      <dl class="facts">
        <Fact name="Recognised as">{summary.format === "unknown" ? "nothing Sleuth knows" : formatName(summary.format)}</Fact>
        {summary.marks.length > 0 && (
          <Fact name="By these marks">
            <span class="mono">{summary.marks.join(", ")}</span>
          </Fact>
        )}
        <Fact name="Holds">{kinds(input) || "no events"}</Fact>
        {who(input) !== "" && <Fact name="Of">{who(input)}</Fact>}
        {summary.first !== null && summary.last !== null && (
          <Fact name="Time, UTC">
            {summary.first.slice(0, 16).replace("T", " ")} to {summary.last.slice(0, 16).replace("T", " ")}
          </Fact>
        )}
        <Fact name="Accounts for">
          {of(summary.records, "record")}: {figure(summary.events)} events, {figure(summary.merged)} merged, {figure(summary.duplicates)} duplicates,{" "}
          {figure(summary.rejected_total)} rejected, {figure(summary.enrichment)} additions
          {others.map(([kind, count]) => `, ${figure(count ?? 0)} ${kind}`)}
        </Fact>
      </dl>
      {input.fields.length > 0 && (
        <>
          <h3>
            Fields of its user sign-ins <small class="mut">share that is filled</small>
          </h3>
          <ul class="filled">
            {input.fields.map((field) => (
              <li key={field.field}>
                <span class="el">{field.field}</span>
                {field.filled === 0 ? <span class="hatch" /> : <Bar records={field.filled} refused={0} most={field.of} />}
                <span class="n">{share(field.filled, field.of)}</span>
              </li>
            ))}
          </ul>
          <h3>Alone it would do for</h3>
          <Good status="ran" ids={input.good_for} words="in full" title={title} />
          <Good status="partial" ids={input.in_part} words="in part" title={title} />
        </>
      )}
    </section>
  );
}

function share(filled: number, all: number): string {
  const percent = Math.floor((filled * 100) / Math.max(1, all));
  return percent === 0 && filled > 0 ? "< 1 %" : `${percent} %`;
}

function Good({ status, ids, words, title }: { status: "ran" | "partial"; ids: string[]; words: string; title: (id: string) => string }) {
  if (ids.length === 0) {
    return (
      <p class="st">
        <CoverageShape status="blind" />
        no behaviour {words}
      </p>
    );
  }
  return (
    <details>
      <summary>
        <StatusWord status={status}>
          {of(ids.length, "behaviour")} {words}
        </StatusWord>
      </summary>
      <ul class="steps">
        {ids.map((id) => (
          <li key={id}>{title(id)}</li>
        ))}
      </ul>
    </details>
  );
}

const Fact = ({ name, children }: { name: string; children: preact.ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd class="any">{children}</dd>
  </div>
);
