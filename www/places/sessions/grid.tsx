// The table of flagged sessions: only rows in view exist, so that thousands are as light as ten.

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

import type { Column, Row, RowGroup } from "../../model";
import { SeverityShape } from "../../parts/icons";
import { Time } from "../../parts/small";
import { moment, of } from "../../parts/words";
import { selected, sort, sortBy } from "../../state/filters";
import { useKeys } from "../../state/keys";
import { wide } from "../../state/look";
import { go } from "../../state/place";
import { COLUMN_NAMES, type ColumnId, columns, group } from "../../state/views";
import { headOf, SHOWN, tracks } from "./columns";
import { Layout } from "./layout";
import { chooseRow, chosenIndex, table, want } from "./rows";

const ROW = 30;
const RULE = 34;

export function Grid() {
  const pane = useRef<HTMLDivElement>(null);
  const data = table.value;
  const total = data?.total ?? 0;
  const above = data?.above ?? 0;
  const allowed = data?.allowed ?? 0;
  const layout = new Layout(total, above, allowed, data?.groups ?? []);
  const virtual = useVirtual(pane, layout, (place) => (layout.item(place) === "rule" ? RULE : ROW));
  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => want(first, last), [first, last, data]);

  const move = (by: number) => {
    const now = chosenIndex();
    const next = Math.min(Math.max(now === -1 ? 0 : now + by, 0), total - 1);
    if (next < 0) return;
    chooseRow(next);
    virtual.scrollToIndex(layout.placeOf(next), { align: "auto" });
  };
  const open = () => {
    if (selected.value !== null) go({ name: "session", key: selected.value });
  };
  useKeys(
    "part",
    [
      { key: "j", shown: ["j", "k"], label: "next, previous", run: () => move(1), foot: true },
      { key: "k", label: "previous session", run: () => move(-1) },
      { key: "ArrowDown", shown: ["↓"], label: "next session", run: () => move(1) },
      { key: "ArrowUp", shown: ["↑"], label: "previous session", run: () => move(-1) },
      { key: "PageDown", shown: ["PgDn"], label: "twenty rows on", run: () => move(20) },
      { key: "PageUp", shown: ["PgUp"], label: "twenty rows back", run: () => move(-20) },
      { key: "Home", label: "first session", run: () => move(-total) },
      { key: "End", label: "last session", run: () => move(total) },
      { key: "Enter", shown: ["↵"], label: "open", run: open, foot: true },
    ],
    [data, total],
  );
  const chosen = chosenIndex();
  const ids = columns.value;
  const { cols, least } = tracks(ids, wide.value);
  return (
    <div
      class="grid"
      role="grid"
      tabIndex={0}
      ref={pane}
      aria-label="Flagged sessions"
      aria-rowcount={layout.count + 1}
      aria-colcount={ids.length}
      style={{ "--cols": cols, "--least": `${least}px` }}
      aria-activedescendant={chosen >= 0 ? `row-${chosen}` : undefined}
      data-keep-scroll
    >
      <div role="rowgroup" class="grid-head">
        <div class="tr" role="row" aria-rowindex={1}>
          {ids.map((id) => (
            <Head key={id} id={id} />
          ))}
        </div>
      </div>
      <div role="rowgroup" class="grid-body" style={{ height: `${virtual.getTotalSize()}px`, minWidth: `${least}px` }}>
        {shown.map((place) => {
          const what = layout.item(place.index);
          const style = { transform: `translateY(${place.start}px)` };
          if (what === "rule") {
            return (
              <div class="tr rule" role="row" key="rule" style={style} aria-rowindex={place.index + 2}>
                <div role="gridcell" aria-colspan={ids.length}>
                  <b>Below the line: {of(total - above - allowed, "session")}.</b> Weak signs, or several that rest on the same evidence. Worth a look,
                  not an alarm.
                </div>
              </div>
            );
          }
          if (what === "aside") {
            return (
              <div class="tr rule" role="row" key="aside" style={style} aria-rowindex={place.index + 2}>
                <div role="gridcell" aria-colspan={ids.length}>
                  <b>Put aside by your allow list: {of(allowed, "session")}.</b> Counted here alone; the list stands under Tuning.
                </div>
              </div>
            );
          }
          if (typeof what === "object") {
            return (
              <div class="tr group" role="row" key={`group ${what.first}`} style={style} aria-rowindex={place.index + 2}>
                <div role="gridcell" aria-colspan={ids.length}>
                  <GroupHead head={what} />
                </div>
              </div>
            );
          }
          return <SessionRow key={what} index={what} place={place.index} row={data?.rows.get(what)} style={style} />;
        })}
      </div>
    </div>
  );
}

/** What rows share: its name, the worst of them, how many of how many users, from when to when. */
function GroupHead({ head }: { head: RowGroup }) {
  const { key, title } = head;
  const column: Column | undefined = group.value === "user" || group.value === "address" ? group.value : undefined;
  return (
    <>
      <SeverityShape severity={head.severity} />
      <span class="vh">{head.severity}: </span>
      {key === null ? (
        <b>On their own</b>
      ) : column === undefined ? (
        <b class="el" title={group.value === "session" ? key : title}>
          {title}
        </b>
      ) : (
        <button type="button" class="link el b" tabIndex={-1} title={title} onClick={() => go({ name: "entity", entity: { column, value: key, label: title } })}>
          {title}
        </button>
      )}
      <span class="grow" />
      <span class="nw">
        {group.value === "incident" && key !== null ? "" : `${of(head.rows, "session")}${group.value === "user" ? "" : `, ${of(head.users, "user")}`}, `}
        <Time at={head.from} as={moment} /> to <Time at={head.to} as={moment} />
      </span>
    </>
  );
}

function Head({ id }: { id: ColumnId }) {
  const now = sort.value;
  const { by, class: own } = SHOWN[id];
  const kind = own?.split(" ")[0] === "el" || own === "nw" ? undefined : own?.split(" ")[0];
  if (by === undefined) {
    return (
      <div role="columnheader" class={kind} aria-label={COLUMN_NAMES[id]}>
        {headOf(id)}
      </div>
    );
  }
  const is = now.by === by;
  return (
    <div role="columnheader" class={kind} aria-sort={!is ? "none" : now.descending ? "descending" : "ascending"}>
      <button type="button" class="sorter" tabIndex={-1} onClick={() => sortBy(by)}>
        {headOf(id)}
        {is && <span aria-hidden="true"> {now.descending ? "↓" : "↑"}</span>}
      </button>
    </div>
  );
}

interface RowProps {
  index: number;
  place: number;
  row: Row | undefined;
  style: { transform: string };
}

function SessionRow({ index, place, row, style }: RowProps) {
  if (row === undefined) {
    return (
      <div class="tr waiting" role="row" style={style} aria-rowindex={place + 2}>
        <div role="gridcell" aria-colspan={columns.value.length}>
          <i />
          <span class="vh">Not drawn yet</span>
        </div>
      </div>
    );
  }
  const isChosen = selected.value === row.key;
  return (
    <div
      class={`tr pick ${isChosen ? "sel" : ""} ${row.above ? "" : "weak"} ${row.allowed === null ? "" : "aside"}`}
      role="row"
      id={`row-${index}`}
      style={style}
      aria-rowindex={place + 2}
      aria-selected={isChosen}
      onClick={() => (selected.value = row.key)}
      onDblClick={() => go({ name: "session", key: row.key })}
    >
      {columns.value.map((id) => {
        const { class: kind, title, cell } = SHOWN[id];
        return (
          <div role="gridcell" key={id} class={kind} title={title?.(row)}>
            {cell(row)}
          </div>
        );
      })}
    </div>
  );
}

/** A virtual list in Preact. */
function useVirtual(pane: { current: HTMLDivElement | null }, { count, shape }: Layout, size: (index: number) => number) {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const options = {
    count,
    getScrollElement: () => pane.current,
    estimateSize: size,
    overscan: 12,
    paddingStart: 0,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    scrollPaddingStart: 42,
    onChange: () => redraw(0),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  // Heads and the line between above and below move when the filter does.
  useLayoutEffect(() => {
    virtual.measure();
  }, [shape]);
  return virtual;
}
