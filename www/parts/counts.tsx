// Records counted by what they have: asked for, and drawn as bars.

import { useLayoutEffect, useState } from "preact/hooks";

import type { Column, Match, Named, Tallied, Tally } from "../model";
import { revision } from "../state/case";
import { attempt, ask } from "../state/engine";
import { within } from "../state/filters";
import { go } from "../state/place";
import { beside, COLUMNS, isEntity, label } from "../state/tenant";
import { figure, shortName } from "./words";

/** What to count, of the time that is looked at. */
export type Count = Omit<Tally, "within" | "ticks"> & Partial<Pick<Tally, "ticks">>;

/** The question, of the time that is looked at now. */
export const countedNow = (tally: Count): Tally => ({ ticks: null, ...tally, within: within.value });

/** What a question counts, whatever it is filtered by. */
const counts = (tally: Count | null, name: string) => (tally === null ? "" : `${name} ${tally.of} ${tally.by.join(" ")}`);

/** The answer to a question of counts; until it comes, what was there before stays where it counts the same. It is
 * asked after some milliseconds, so that who walks through rows asks for the last alone. `name` tells questions apart
 * that count the same for another purpose. */
export function useTally(tally: Count | null, after = 0, name = ""): Tallied | null {
  const [found, setFound] = useState<{ counts: string; answer: Tallied } | null>(null);
  const question = JSON.stringify(tally === null ? null : countedNow(tally));
  // Asked before anything is painted.
  useLayoutEffect(() => {
    const stale = new AbortController();
    const { signal } = stale;
    const asked = JSON.parse(question) as Tally | null;
    const put = () => {
      if (asked === null) setFound(null);
      else
        void attempt(() => ask({ ask: "tally", tally: asked }, { signal })).then((answer) => {
          if (!signal.aborted && answer !== undefined) setFound({ counts: counts(asked, name), answer });
        });
    };
    const timer = after === 0 ? undefined : setTimeout(put, after);
    if (after === 0) put();
    return () => {
      stale.abort();
      clearTimeout(timer);
    };
  }, [question, revision.value]);
  return found?.counts === counts(tally, name) ? found.answer : null;
}

/** A value; pressed, it leads to what is known of it. What the exports lack is hatched. */
export function Value({ column, named, short = false }: { column: Column; named: Named; short?: boolean }) {
  const whole = label(column, named);
  const text = short && column === "user" ? shortName(whole) : whole;
  const more = short ? "" : beside(column, named);
  const title = [whole, beside(column, named)].filter(Boolean).join(" · ");
  if (named.value === null) return <span class="lacking">{text}</span>;
  if (named.value === "") return <span class="mut">{text}</span>;
  const shown = (
    <>
      {column === "policy" ? <span class="el">{text}</span> : text}
      {more !== "" && !more.includes(named.value) && <small class={column === "policy" ? "outcome" : ""}>{more}</small>}
    </>
  );
  if (!isEntity(column)) {
    return (
      <span class="el" title={title}>
        {shown}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="link el"
      title={title}
      onClick={(event) => {
        event.stopPropagation();
        go({ name: "entity", entity: { column, value: named.value, label: whole } });
      }}
    >
      {shown}
    </button>
  );
}

interface RankedProps {
  column: Column;
  only: Match[];
  title?: string;
  /** Rows shown. */
  few?: number;
  /** Whether a single value is worth showing. */
  always?: boolean;
}

/** The values of a column, the most frequent first; nothing where no record has any. */
export function Ranked({ column, only, title, few = 6, always = false }: RankedProps) {
  const counted = useTally({ of: "sign-ins", by: [column], only, order: column === "hour" ? "value" : "most", limit: few }, 120);
  if (counted === null || counted.groups === 0) return null;
  const first = counted.rows[0]?.values[0];
  if (counted.groups === 1 && (first?.value ?? "") === "" && !always) return null;
  const rest = counted.groups - counted.rows.length;
  return (
    <section class="ranked">
      <h3>{title ?? COLUMNS[column]}</h3>
      <ul>
        {counted.rows.map((row, index) => {
          const named = row.values[0];
          return named === undefined ? null : (
            <li key={index}>
              <Value column={column} named={named} short />
              <Bar records={row.records} refused={row.refused} most={counted.most} />
              <span class="n">{figure(row.records)}</span>
            </li>
          );
        })}
        {rest > 0 && <li class="rest">{figure(rest)} more</li>}
      </ul>
    </section>
  );
}

/** How many, and how many of them were refused: hollow. */
export function Bar({ records, refused, most }: { records: number; refused: number; most: number }) {
  const share = (number: number) => `${(number / Math.max(1, most)) * 100}%`;
  return (
    <span class="counted" aria-hidden="true">
      {records > refused && <i style={{ width: share(records - refused) }} />}
      {refused > 0 && <i class="hollow" style={{ width: share(refused) }} />}
    </span>
  );
}
