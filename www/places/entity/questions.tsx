// Questions by name about an entity, the command's too, and the answer to the one that is asked.

import { useEffect, useState } from "preact/hooks";

import type { Column, NamedAnswer, NamedCell, NamedQuestion } from "../../model";
import { CopyButton } from "../../parts/copy";
import { Time } from "../../parts/small";
import { exact, figure, of, rowsToPaste, shortName } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { span, within } from "../../state/filters";
import { go } from "../../state/place";

/** Rows that are drawn. */
const DRAWN = 200;
/** Columns whose values are ways on. */
const WAYS: Record<string, Column> = { user: "user", address: "address" };

interface ListProps {
  column: Column;
  /** Name of the question that is asked. */
  asked: string | null;
  choose: (name: string | null) => void;
}

/** The questions; those that the exports cannot answer say what is missing. */
export function Questions({ column, asked, choose }: ListProps) {
  const [questions, setQuestions] = useState<NamedQuestion[]>([]);
  useEffect(() => {
    const stale = new AbortController();
    void attempt(() => ask({ ask: "questions", column }, { signal: stale.signal })).then((found) => {
      if (!stale.signal.aborted) setQuestions(found ?? []);
    });
    return () => stale.abort();
  }, [column, revision.value]);
  if (questions.length === 0) return null;
  return (
    <section class="note-block questions">
      <h2>Questions</h2>
      <ul>
        {questions.map((question) => (
          <li key={question.name}>
            <button type="button" class="link" aria-pressed={question.name === asked} onClick={() => choose(question.name === asked ? null : question.name)}>
              {question.about}
            </button>
            {question.lacks.length > 0 && <small class="mut">not in the exports: {question.lacks.join(", ")}</small>}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface AnswerProps {
  column: Column;
  value: string;
  /** Name of the question. */
  name: string;
  close: () => void;
}

/** The answer: one table. */
export function Answer({ column, value, name, close }: AnswerProps) {
  const [answer, setAnswer] = useState<NamedAnswer | null>(null);
  useEffect(() => {
    const stale = new AbortController();
    void attempt(() => ask({ ask: "named", name, subject: value, within: within.value }, { signal: stale.signal })).then((found) => {
      if (!stale.signal.aborted) setAnswer(found ?? null);
    });
    return () => stale.abort();
  }, [name, value, span.value, revision.value]);
  if (answer === null) return null;
  const { columns, rows } = answer;
  const isNumber = columns.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === "number"));
  const more = answer.total > DRAWN ? `the first ${figure(DRAWN)} of ${figure(answer.total)} rows` : of(answer.total, "row");
  return (
    <section class="sec wide-sec answer" aria-label={answer.about}>
      <h2>
        {answer.about}
        <small>{more}</small>
        <span class="acts">
          {rows.length > 0 && <CopyButton text={() => rowsToPaste([columns, ...rows.map((row) => row.map(plain))])} label="Copy table" />}
          <button type="button" class="btn small" onClick={close}>
            Close
          </button>
        </span>
      </h2>
      {answer.lacks.length > 0 && <p class="mid">Of this nothing can be said: {answer.lacks.join(", ")} {answer.lacks.length === 1 ? "is" : "are"} not in the exports.</p>}
      {rows.length === 0 && <p class="mid">No record answers{span.value === null ? "" : " in this time"}.</p>}
      {rows.length > 0 && (
        <div class="scroller" tabIndex={0} role="region" aria-label="Answer">
          <table>
            <thead>
              <tr>
                {columns.map((head, index) => (
                  <th key={head} class={isNumber[index] ? "n" : ""}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, DRAWN).map((row, at) => (
                <tr key={at}>
                  {row.map((cell, index) => (
                    <td key={index} class={isNumber[index] ? "n" : ""} title={typeof cell === "string" ? cell : undefined}>
                      <Cell cell={cell} way={WAYS[columns[index] ?? ""]} own={columns[index] === column ? value : null} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** A value; one that has a place of its own leads there. */
function Cell({ cell, way, own }: { cell: NamedCell; way: Column | undefined; own: string | null }) {
  if (typeof cell === "number") return <>{figure(cell)}</>;
  if (typeof cell === "object") return <Time at={cell.time} as={exact} />;
  if (cell === "") return <span class="mut">–</span>;
  if (way === undefined || cell === own) return <>{cell}</>;
  return (
    <button type="button" class="link el" onClick={() => go({ name: "entity", entity: { column: way, value: cell, label: cell } })}>
      {way === "user" ? shortName(cell) : cell}
    </button>
  );
}

const plain = (cell: NamedCell) => (typeof cell === "object" ? new Date(cell.time).toISOString() : cell);
