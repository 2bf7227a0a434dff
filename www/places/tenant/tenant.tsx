// Tenant: what an administrator asks of a log. One count by columns, in many views; each row is a way on.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Column, Tallied, TalliedRow, TallyOrder } from "../../model";
import { Times } from "../../charts/times";
import { CopyButton } from "../../parts/copy";
import { Bar, Ranked, useTally, Value } from "../../parts/counts";
import { usePlaceFocus } from "../../parts/frame";
import { useKeptScroll, useLater } from "../../parts/later";
import { CoverageShape } from "../../parts/icons";
import { OnlyTime, wholeTime } from "../../parts/only";
import { Time } from "../../parts/small";
import { figure, moment, of, rowsToPaste } from "../../parts/words";
import { overview } from "../../state/case";
import { span } from "../../state/filters";
import { useKeys } from "../../state/keys";
import { go } from "../../state/place";
import { COLUMNS, isEntity, label, ordered, pick, picks, showView, unpick, viewId } from "../../state/tenant";
import { countOf, GROUPS, type View, VIEWS } from "./views";

/** What the inspector breaks a row down by, in this order; those the row has are left out. */
const BREAK_DOWN: Column[] = ["user", "app", "resource", "address", "agent", "device", "ended", "result"];

export function Tenant() {
  const focus = usePlaceFocus<HTMLElement>();
  const view = VIEWS.find((one) => one.id === viewId.value) ?? VIEWS[0]!;
  const only = [...(view.only ?? []), ...picks.value.map(({ column, value, not }) => ({ column, value, not }))];
  const order: TallyOrder = ordered.value ?? view.order ?? "most";
  const counted = useTally({ ...countOf(view), only, order }, 0, view.id);
  // Until a view is counted the one before stands, whole: a sentence of one with the numbers of another is wrong.
  const last = useRef<{ view: View; counted: Tallied } | null>(null);
  if (counted !== null) last.current = { view, counted };
  const told = last.current;
  const needs = useTally(view.needs === undefined ? null : { of: "sign-ins", by: [view.needs], only: [], order: "most", limit: 1000 });
  useKeptScroll(told !== null);
  const [at, setAt] = useState(0);
  useLayoutEffect(() => setAt(0), [view.id, order, JSON.stringify(only), span.value]);
  const rows = told?.counted.rows ?? [];
  const by = told?.view.by ?? view.by;
  const row = rows[at];
  const walk = (by: number) => setAt(Math.min(Math.max(at + by, 0), Math.max(0, rows.length - 1)));
  const turn = (by: number) => {
    const next = VIEWS[VIEWS.indexOf(view) + by];
    if (next !== undefined) showView(next.id);
  };
  const place = row === undefined ? -1 : by.findIndex((column, index) => isEntity(column) && (row.values[index]?.value ?? "") !== "");
  const open = () => {
    const [column, named] = [by[place], row?.values[place]];
    if (column !== undefined && named !== undefined) go({ name: "entity", entity: { column, value: named.value, label: label(column, named) } });
  };
  const filter = (not: boolean) => {
    const [column, named] = [by[0], row?.values[0]];
    if (column !== undefined && named !== undefined) pick(column, named, not);
  };
  useKeys(
    "place",
    [
      { key: "j", shown: ["j", "k"], label: "row", run: () => walk(1), foot: true },
      { key: "k", label: "row before", run: () => walk(-1) },
      { key: "[", shown: ["[", "]"], label: "view", run: () => turn(-1), foot: true },
      { key: "]", label: "next view", run: () => turn(1) },
      { key: "Enter", shown: ["↵"], label: "open", run: open, foot: true },
      { key: "y", label: "only this", run: () => filter(false), foot: true },
      { key: "x", label: "not this", run: () => filter(true), foot: true },
      { key: "Escape", shown: ["Esc"], label: "clear filters", run: () => (picks.value = []) },
      wholeTime,
    ],
    [view, rows, at, place],
  );
  useEffect(() => {
    document.querySelector(".tenant-table tr.sel")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <main class="three tenant" tabIndex={-1} ref={focus}>
      <nav class="rail" aria-label="Views" data-pane>
        {GROUPS.map((group) => (
          <section class="facets" key={group.title}>
            <h3>{group.title}</h3>
            <ul>
              {group.views.map((one) => (
                <li key={one.id} class={one.id === view.id ? "facet on" : "facet"}>
                  {one.id === view.id && <span class="ground" style={{ width: "100%" }} />}
                  <button type="button" class="only" aria-current={one.id === view.id ? "true" : undefined} onClick={() => showView(one.id)}>
                    <span class="el">{one.label}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div class="main" data-pane data-keep-scroll>
        {told !== null && <Say view={told.view} counted={told.counted} needs={told.view === view ? needs : null} />}
        {overview.value?.strip != null && <Times strip={overview.value.strip} acts={view.of === "acts"} />}
        <Picks />
        {rows.length > 0 && told !== null && <Table view={told.view} counted={told.counted} order={order} at={at} choose={setAt} />}
      </div>
      <aside class="side tenant-side" aria-label="The chosen row" data-pane>
        {row !== undefined && told !== null && <Chosen key={`${told.view.id} ${at}`} view={told.view} row={row} />}
      </aside>
    </main>
  );
}

/** The sentence, and what the exports do not say. */
function Say({ view, counted, needs }: { view: View; counted: Tallied; needs: Tallied | null }) {
  const lacking = needs?.rows.find((row) => row.values[0]?.value === null)?.records ?? 0;
  const blind = needs !== null && needs.records > 0 && lacking === needs.records;
  const field = view.needs === undefined ? "" : COLUMNS[view.needs].toLowerCase();
  const nothing = counted.all === 0;
  return (
    <div class="say">
      <h1>
        {nothing
          ? `${span.value === null ? "The exports hold no" : "In this time there are no"} ${view.of === "acts" ? "acts" : "sign-ins"}.`
          : blind
            ? `Cannot be told: the exports do not say the ${field}.`
            : counted.records === 0 && picks.value.length > 0
              ? "No record is left by these filters."
              : counted.records === 0 && view.none !== undefined && span.value === null
                ? view.none
                : view.say(counted)}
      </h1>
      <OnlyTime />
      <p>
        {view.why}
        {counted.records === 0 && view.none !== undefined && span.value === null && (
          <>
            {" "}
            <button type="button" class="link" onClick={() => go({ name: "coverage" })}>
              How to export them
            </button>
          </>
        )}
      </p>
      {lacking > 0 && !blind && (
        <p class="st">
          <CoverageShape status="partial" />
          <span>
            {figure(lacking)} of {of(needs?.records ?? 0, "sign-in")} do not say the {field}: their export lacks it.
          </span>
        </p>
      )}
    </div>
  );
}

function Picks() {
  if (picks.value.length === 0) return null;
  return (
    <div class="filters">
      <span class="chips">
        {picks.value.map((one) => (
          <span class="chip" key={`${one.column} ${one.value}`}>
            <span title={one.label}>
              {one.not && <b>not </b>}
              <b>{COLUMNS[one.column].toLowerCase()}</b> {one.label}
            </span>
            <button type="button" aria-label={`Remove filter ${COLUMNS[one.column]} ${one.label}`} onClick={() => unpick(one)}>
              ×
            </button>
          </span>
        ))}
        <button type="button" class="btn quiet small" onClick={() => (picks.value = [])}>
          Clear
        </button>
      </span>
    </div>
  );
}

interface TableProps {
  view: View;
  counted: Tallied;
  order: TallyOrder;
  at: number;
  choose: (at: number) => void;
}

/** Rows that are drawn at once. */
const FIRST = 30;

function Table({ view, counted, order, at, choose }: TableProps) {
  const rows = useLater(counted.rows, FIRST);
  const records = view.of === "acts" ? "Records" : "Sign-ins";
  const text = () =>
    rowsToPaste([
      [...view.by.map((column) => COLUMNS[column]), records, "Refused", "Users", "First", "Last"],
      ...counted.rows.map((row) => [
        ...row.values.map((named, index) => label(view.by[index] ?? "app", named)),
        row.records,
        row.refused,
        row.users,
        new Date(row.first).toISOString(),
        new Date(row.last).toISOString(),
      ]),
    ]);
  const sorter = (by: TallyOrder, words: string) => (
    <button type="button" class="sorter" onClick={() => (ordered.value = by)}>
      {words}
    </button>
  );
  const sorted = (by: TallyOrder, down: "ascending" | "descending") => (order === by ? down : "none");
  return (
    <>
      <div class="scroller">
        <table class={`tenant-table by-${Math.min(3, view.by.length)}`} aria-label={view.label} style={{ maxWidth: `${view.by.length * 320 + 510}px` }}>
          <colgroup>
            {view.by.map((column) => (
              <col key={column} />
            ))}
            <col class="c-bar" />
            <col class="c-n" />
            <col class="c-n x-refused" />
            <col class="c-u" />
            <col class="c-t" />
            <col class="c-t x-last" />
          </colgroup>
          <thead>
            <tr>
              {view.by.map((column, index) => (
                <th key={column} aria-sort={index === 0 ? sorted("value", "ascending") : undefined}>
                  {index === 0 ? sorter("value", COLUMNS[column]) : COLUMNS[column]}
                </th>
              ))}
              <th class="c-bar">
                <span class="vh">Bar</span>
              </th>
              <th class="n" aria-sort={sorted("most", "descending")}>
                {sorter("most", records)}
              </th>
              <th class="n x-refused">Refused</th>
              <th class="n" aria-sort={sorted("rarest", "ascending")}>
                {sorter("rarest", "Users")}
              </th>
              <th>First</th>
              <th class="x-last">Last</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index} class={index === at ? "pick sel" : "pick"} onClick={() => choose(index)}>
                {row.values.map((named, place) => (
                  <td key={place}>
                    <Value column={view.by[place] ?? "app"} named={named} />
                  </td>
                ))}
                <td class="c-bar">
                  <Bar records={row.records} refused={row.refused} most={counted.most} />
                </td>
                <td class="n">{figure(row.records)}</td>
                <td class="n x-refused">{row.refused === 0 ? <span class="mut">0</span> : figure(row.refused)}</td>
                <td class="n" title={`${figure(row.users)} of ${figure(counted.all_users)}`}>
                  {figure(row.users)}
                </td>
                <td>
                  <Time at={row.first} as={moment} />
                </td>
                <td class="x-last">
                  <Time at={row.last} as={moment} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="under-table" style={{ maxWidth: `${view.by.length * 320 + 510}px` }}>
        <span class="mut">
          {counted.groups > counted.rows.length
            ? `The first ${figure(counted.rows.length)} of ${figure(counted.groups)}: filter to see the rest.`
            : `${of(counted.groups, "row")}.`}{" "}
          {of(counted.all_users, "user")} in all.
        </span>
        <CopyButton text={text} label={counted.groups > counted.rows.length ? `Copy these ${figure(counted.rows.length)} rows` : "Copy table"} />
      </div>
    </>
  );
}

/** The chosen row: what to do with it, and what else its records have. */
function Chosen({ view, row }: { view: View; row: TalliedRow }) {
  const own = view.by.map((column, index) => ({ column, value: row.values[index]?.value ?? null, not: false }));
  const only = [...(view.only ?? []).filter((one) => !view.by.includes(one.column)), ...picks.value, ...own].map(({ column, value, not }) => ({ column, value, not }));
  const share = row.refused === 0 ? "" : `, ${figure(row.refused)} of them refused`;
  return (
    <>
      <section class="note-block">
        {view.by.map((column, index) => {
          const named = row.values[index];
          if (named === undefined) return null;
          const text = label(column, named);
          return (
            <div class="of-row" key={column}>
              <span class="mut">{COLUMNS[column]}</span>
              <span class="any b">
                <Value column={column} named={named} />
              </span>
              <span class="acts">
                <button type="button" class="btn small" aria-label={`Only ${text}`} onClick={() => pick(column, named, false)}>
                  Only
                </button>
                <button type="button" class="btn small" aria-label={`Not ${text}`} onClick={() => pick(column, named, true)}>
                  Not
                </button>
              </span>
            </div>
          );
        })}
        <p>
          {of(row.records, view.of === "acts" ? "record" : "sign-in")}
          {share}, of {of(row.users, "user")},{" "}
          {moment(row.first) === moment(row.last) ? (
            <>
              at <Time at={row.first} as={moment} />
            </>
          ) : (
            <>
              from <Time at={row.first} as={moment} /> to <Time at={row.last} as={moment} />
            </>
          )}
          .
        </p>
      </section>
      {view.of !== "acts" &&
        BREAK_DOWN.filter((column) => !view.by.includes(column)).map((column) => <Ranked key={column} column={column} only={only} few={5} />)}
    </>
  );
}

