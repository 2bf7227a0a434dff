// The strip: records per bin in rows of their own scale, flagged sessions above, a brush over all.

import { scaleLinear } from "d3-scale";
import { useRef, useState } from "preact/hooks";

import type { Mark, RecordKind, Strip as StripData } from "../model";
import { SeverityMark } from "../parts/icons";
import { Tip, useWidth } from "../parts/small";
import { capital, exact, figure, length, moment, shortName } from "../parts/words";
import { selected, span } from "../state/filters";
import { tables } from "../state/look";
import { go } from "../state/place";
import { timeTicks, weekends, DAY } from "./axis";
import { barPath } from "./bars";
import { Brush } from "./brush";
import { Twin } from "./twin";

export const KINDS: Record<RecordKind, string> = {
  interactive: "Interactive",
  "non-interactive": "Non-interactive",
  failed: "Failed",
  directory: "Directory audit",
  "service-principal": "Service principals",
  "managed-identity": "Managed identities",
  activity: "Mail, files, Graph",
  risk: "Risk detections",
};

const HEIGHTS: Record<RecordKind, number> = {
  interactive: 22,
  "non-interactive": 22,
  failed: 15,
  directory: 17,
  "service-principal": 15,
  "managed-identity": 15,
  activity: 15,
  risk: 15,
};

const ABOVE = "Above the line";
const BELOW = "Below the line";
const LEFT = 158;
const RIGHT = 16;
const LANE = 15;

/** How many bins a strip of this width has room for. */
export const stripRoom = (width: number) => Math.max(24, Math.floor((width - LEFT - RIGHT) / 3));

export function Strip({ strip }: { strip: StripData }) {
  const [element, width] = useWidth<HTMLDivElement>(1280);
  return (
    <div class="strip" ref={element}>
      {tables.value ? <StripTable strip={strip} /> : <StripChart strip={strip} width={width} />}
    </div>
  );
}

function unit(step: number): string {
  if (step >= DAY) return step === DAY ? "/d" : `/${step / DAY} d`;
  if (step >= 3_600_000) return step === 3_600_000 ? "/h" : `/${step / 3_600_000} h`;
  return `/${step / 60_000} min`;
}

function StripChart({ strip, width }: { strip: StripData; width: number }) {
  const [tip, setTip] = useState<{ x: number; y: number; text: string } | null>(null);
  const { from, step, bins } = strip.bins;
  const to = from + step * bins;
  const plot = Math.max(100, width - LEFT - RIGHT);
  const x = scaleLinear()
    .domain([from, to])
    .range([LEFT, LEFT + plot]);
  const px = plot / bins;

  const above = strip.marks.filter((mark) => mark.above);
  const below = strip.marks.filter((mark) => !mark.above);
  let y = 0;
  const placedLanes: { label: string; marks: Mark[]; y: number }[] = [];
  const crowds: { label: string; counts: number[]; height: number; class: string; base: number; max: number }[] = [];
  for (const side of [
    { label: ABOVE, marks: above, counts: strip.flagged, height: 28, class: "f-other" },
    { label: BELOW, marks: below, counts: strip.weak, height: 15, class: "f-other-mid" },
  ]) {
    const { label, marks, counts, height } = side;
    if (counts !== null) {
      y += height + 2;
      crowds.push({ label, counts, height, class: side.class, base: y, max: Math.max(0, ...counts) });
    } else if (marks.length > 0 || label === ABOVE) {
      placedLanes.push({ label, marks, y: y + LANE / 2 + 1 });
      y += LANE;
    }
  }
  y += 7;
  const rows = strip.rows.map((row) => {
    const height = HEIGHTS[row.kind];
    y += height + 4;
    return { ...row, base: y, height, max: Math.max(0, ...row.counts) };
  });
  const bottom = y + 2;
  const ticks = timeTicks(from, to, plot, 74);
  const outside = span.value;

  return (
    <>
      <svg
        width={width}
        height={bottom + 18}
        role="group"
        aria-label={`Records over time from ${moment(from)} to ${moment(to)}, with ${figure(above.length || (strip.flagged?.reduce((a, b) => a + b, 0) ?? 0))} sessions above the line`}
      >
        <g aria-hidden="true">
          {step < 2 * DAY &&
            weekends(from, to).map((time) => (
              <rect
                key={time}
                class="f-chrome"
                x={x(Math.max(time, from))}
                width={Math.max(0, x(Math.min(time + DAY, to)) - x(Math.max(time, from)))}
                y={0}
                height={bottom}
              />
            ))}
          {ticks.map((tick) => (
            <g key={tick.time}>
              <path d={`M${x(tick.time)} 0V${bottom + 4}`} class="k-line" />
              {x(tick.time) < width - 44 && (
                <text x={x(tick.time) + 4} y={bottom + 14} class="t-3">
                  {tick.label}
                </text>
              )}
            </g>
          ))}
          {placedLanes.map((lane) => (
            <g key={lane.label}>
              <text x={16} y={lane.y + 4} class="t-ink">
                {lane.label}
              </text>
              <text x={LEFT - 10} y={lane.y + 4} text-anchor="end" class="t-3">
                {lane.marks.length}
              </text>
              <path d={`M${LEFT} ${lane.y}H${LEFT + plot}`} class="k-line" />
            </g>
          ))}
          {crowds.map((crowd) => (
            <g key={crowd.label}>
              <text x={16} y={crowd.base - 4} class="t-ink">
                {crowd.label}
              </text>
              <text x={LEFT - 10} y={crowd.base - 4} text-anchor="end" class="t-3">
                {figure(crowd.max)}
                {unit(step)}
              </text>
              <path d={`M${LEFT} ${crowd.base}H${LEFT + plot}`} class="k-line-2" />
              <path d={barPath(crowd.counts, crowd.max, (index) => LEFT + index * px, px, crowd.base, crowd.height)} class={crowd.class} />
            </g>
          ))}
          {rows.map((row) => (
            <g key={row.kind}>
              <text x={16} y={row.base - row.height / 2 + 4} class="t-ink">
                {KINDS[row.kind]}
              </text>
              {row.total > 0 && (
                <text x={LEFT - 10} y={row.base - row.height / 2 + 4} text-anchor="end" class="t-3">
                  {figure(row.max)}
                  {unit(step)}
                </text>
              )}
              <path d={`M${LEFT} ${row.base + 0.5}H${LEFT + plot}`} class="k-line-2" />
              <path d={barPath(row.counts, row.max, (index) => LEFT + index * px, px, row.base, row.height)} class="f-mark" />
              {row.kind !== "failed" &&
                row.gaps.map(([start, end]) => (
                  <Gap
                    key={start}
                    x={x(Math.max(start, from))}
                    width={x(Math.min(end, to)) - x(Math.max(start, from))}
                    y={row.base - row.height}
                    height={row.height}
                    words={row.total === 0 ? "not in the exports" : "no records here"}
                  />
                ))}
            </g>
          ))}
        </g>
        {outside !== null && (
          <g aria-hidden="true">
            <rect class="veil" x={LEFT} width={Math.max(0, x(outside.from) - LEFT)} y={0} height={bottom} />
            <rect class="veil" x={x(outside.to)} width={Math.max(0, LEFT + plot - x(outside.to))} y={0} height={bottom} />
          </g>
        )}
        <Brush from={from} to={to} step={step} left={LEFT} plot={plot} height={bottom} />
        {placedLanes.map((lane) => (
          <MarkLane key={lane.label} marks={lane.marks} y={lane.y} x={x} right={LEFT + plot} label={lane.label} onTip={setTip} />
        ))}
      </svg>
      <Tip tip={tip} />
    </>
  );
}

function Gap({ x, width, y, height, words }: { x: number; width: number; y: number; height: number; words: string }) {
  if (width < 1) return null;
  const room = words.length * 5.8 + 12;
  return (
    <>
      <rect class="f-hatch" x={x} width={width} y={y} height={height} />
      {width > room + 12 && (
        <>
          <rect class="f-bg" x={x + 8} width={room} y={y + height / 2 - 8} height={16} />
          <text x={x + 14} y={y + height / 2 + 4} class="t-ink">
            {words}
          </text>
        </>
      )}
    </>
  );
}

interface LaneProps {
  marks: Mark[];
  y: number;
  x: (time: number) => number;
  /** Where the strip ends. */
  right: number;
  label: string;
  onTip: (tip: { x: number; y: number; text: string } | null) => void;
}

/** Marks of one lane; those nearer than 14 pixels become the strongest and how many. One tab stop; arrows
 * go from mark to mark. */
function MarkLane({ marks, y, x, right, label, onTip }: LaneProps) {
  const [focused, setFocused] = useState(0);
  const group = useRef<SVGGElement>(null);
  const clusters: { x: number; marks: Mark[] }[] = [];
  for (const mark of marks.toSorted((left, right) => left.time - right.time)) {
    const at = x(mark.time);
    const last = clusters.at(-1);
    if (last !== undefined && at - last.x < (last.marks.length > 1 ? 34 : 14)) last.marks.push(mark);
    else clusters.push({ x: at, marks: [mark] });
  }
  const rank = ["info", "low", "medium", "high", "critical"];
  const move = (by: number) => {
    const next = Math.min(Math.max(focused + by, 0), clusters.length - 1);
    setFocused(next);
    group.current?.querySelectorAll<SVGGElement>("[data-mark]")[next]?.focus();
  };
  return (
    <g ref={group} role="list" aria-label={label}>
      {clusters.map((cluster, index) => {
        const strongest = cluster.marks.toSorted((left, right) => rank.indexOf(right.severity) - rank.indexOf(left.severity))[0];
        if (strongest === undefined) return null;
        const chosen = cluster.marks.some((mark) => mark.key === selected.value);
        const text = cluster.marks
          .slice(0, 6)
          .map((mark) => `${capital(mark.severity)}: ${shortName(mark.user)}, ${mark.what}\n${exact(mark.time)}, ${length(mark.last - mark.first)} long`)
          .join("\n");
        const show = (target: Element) => {
          const box = target.getBoundingClientRect();
          onTip({ x: box.right, y: box.top, text });
        };
        const start = x(Math.max(strongest.first, strongest.time - 40 * DAY));
        const end = x(strongest.last);
        const leftward = cluster.x > right - 36;
        return (
          <g key={strongest.key} role="listitem">
            {strongest.changed && strongest.above && cluster.marks.length === 1 && cluster.x - start > 5 && (
              <path d={`M${start} ${y}H${cluster.x}`} class="k-owner" stroke-width="2" />
            )}
            {(strongest.above || strongest.changed) && end - cluster.x > 7 && <path d={`M${cluster.x} ${y}H${end}`} class="k-other" stroke-width={strongest.above ? 4 : 1.5} />}
            <g
              data-mark
              role="button"
              tabindex={index === focused ? 0 : -1}
              aria-label={`${cluster.marks.length > 1 ? `×${cluster.marks.length}, ` : ""}${text}. Open`}
              class="mark"
              onFocus={(event) => {
                setFocused(index);
                show(event.currentTarget);
              }}
              onBlur={() => onTip(null)}
              onPointerEnter={(event) => show(event.currentTarget)}
              onPointerLeave={() => onTip(null)}
              onClick={() => {
                if (selected.value === strongest.key) go({ name: "session", key: strongest.key });
                else selected.value = strongest.key;
              }}
              onKeyDown={(event) => {
                if (event.key === "ArrowRight") move(1);
                else if (event.key === "ArrowLeft") move(-1);
                else if (event.key === "Enter") go({ name: "session", key: strongest.key });
                else return;
                event.preventDefault();
                event.stopPropagation();
              }}
            >
              <rect x={cluster.x - 12} y={y - 8} width={24} height={16} fill="transparent" />
              {chosen && <circle cx={cluster.x} cy={y} r="8.5" fill="none" class="k-ink" stroke-width="1.5" />}
              <SeverityMark severity={strongest.severity} x={cluster.x} y={y} />
              {cluster.marks.length > 1 && (
                <text x={cluster.x + (leftward ? -10 : 9)} y={y + 4} text-anchor={leftward ? "end" : "start"} class="t-ink t-b halo">
                  ×{cluster.marks.length}
                </text>
              )}
            </g>
          </g>
        );
      })}
    </g>
  );
}

function StripTable({ strip }: { strip: StripData }) {
  const rows = Array.from({ length: strip.bins.bins }, (_, index) => index).filter(
    (index) => strip.rows.some((row) => (row.counts[index] ?? 0) > 0),
  );
  const time = (index: number) => strip.bins.from + index * strip.bins.step;
  const marked = (counts: number[] | null, above: boolean) => (index: number) =>
    counts?.[index] ?? strip.marks.filter((mark) => mark.above === above && mark.time >= time(index) && mark.time < time(index + 1)).length;
  const sides = [
    { head: ABOVE, count: marked(strip.flagged, true) },
    { head: BELOW, count: marked(strip.weak, false) },
  ];
  return (
    <Twin
      caption="Records and flagged sessions over time"
      rows={rows}
      columns={[
        { head: "From, UTC", cell: (index) => moment(time(index)), by: time },
        ...sides.map(({ head, count }) => ({ head, cell: (index: number) => figure(count(index)), by: count })),
        ...strip.rows.map((row) => ({
          head: KINDS[row.kind],
          cell: (index: number) => (row.total === 0 ? "not exported" : figure(row.counts[index] ?? 0)),
          by: (index: number) => row.counts[index] ?? 0,
        })),
      ]}
    />
  );
}
