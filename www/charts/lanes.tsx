// Lanes: the events of a session by kind over time, each in the hue and shape of who held it then.

import { scaleLinear } from "d3-scale";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import type { Lane, Lanes as LanesData, SessionView, Step } from "../model";
import { SIDES, Tip, useWidth } from "../parts/small";
import { day, exact, figure, length, minute, second } from "../parts/words";
import { overview, revision } from "../state/case";
import { ask, attempt } from "../state/engine";
import { useKeys } from "../state/keys";
import { tables } from "../state/look";
import { timeTicks, DAY } from "./axis";
import { OnPaper, Twin } from "./twin";

export const LANES: Record<Lane, string> = {
  interactive: "Interactive",
  "non-interactive": "Non-interactive",
  directory: "Directory",
  activity: "Activity",
  risk: "Risk",
};
const HEIGHTS: Record<Lane, number> = { interactive: 30, "non-interactive": 38, directory: 34, activity: 24, risk: 24 };

const LEFT = 120;
const TOP = 40;
/** Marks drawn one by one; above that, volumes. */
const MOST = 1500;

interface Props {
  session: SessionView;
  /** The record that is chosen, as `input:record`. */
  chosen: string | null;
  choose: (finding: number) => void;
}

export const placeId = (place: { input: number; record: number }) => `${place.input}:${place.record}`;

/** Whose hands, in the words of a chart. */
export function handName(session: SessionView, hand: number | null): string {
  if (hand === null) return "unknown";
  const held = session.hands[hand];
  return held === undefined ? "unknown" : `${SIDES[held.side]}${letterOf(session, hand)}`;
}

/** A letter where the other side has more than one holder. */
export function letterOf(session: SessionView, hand: number): string {
  const others = session.hands.flatMap((held, at) => (held.side === "other" || held.side === "later" ? [at] : []));
  if (others.length < 2 || !others.includes(hand)) return "";
  return ` ${String.fromCharCode(66 + Math.min(others.indexOf(hand), 24))}`;
}

export const isOther = (session: SessionView, hand: number | null) => {
  const side = hand === null ? undefined : session.hands[hand]?.side;
  return side === "other" || side === "later";
};

/** What is asked for the lanes of a session, of all its time or a part. */
const lanesOf = (key: string, zoom: { from: number; to: number } | null) =>
  ({ ask: "lanes", key, from: zoom?.from ?? null, to: zoom?.to ?? null, most: MOST }) as const;

/** What is asked for the lanes of a whole session. */
export const wholeLanes = (key: string) => lanesOf(key, null);

/** `whole` are the lanes of all its time. */
export function Lanes({ session, whole, chosen, choose }: Props & { whole: LanesData | null }) {
  const [element, width] = useWidth<HTMLDivElement>(816);
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null);
  const [part, setPart] = useState<LanesData | null>(null);
  const key = session.row.key;
  const data = zoom === null ? whole : (part ?? whole);
  useLayoutEffect(() => setZoom(null), [key]);
  useEffect(() => {
    if (zoom === null) return setPart(null);
    // A wheel turns faster than lanes are counted.
    const stale = new AbortController();
    void attempt(() => ask(lanesOf(key, zoom), { signal: stale.signal })).then((lanes) => {
      if (lanes !== undefined && !stale.signal.aborted) setPart(lanes);
    });
    return () => stale.abort();
  }, [key, zoom, revision.value]);
  useKeys("part", [{ key: "0", label: "whole time of the session", run: () => setZoom(null) }], []);

  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    if (data === null) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left - LEFT) / Math.max(1, width - LEFT), 0), 1);
    const long = data.to - data.from;
    const next = Math.max(10_000, long * (event.deltaY < 0 ? 0.6 : 1.6));
    const middle = data.from + long * share;
    const { first, last } = session.row;
    if (next >= Math.max(last, data.to) - first) setZoom(null);
    else setZoom({ from: Math.round(middle - next * share), to: Math.round(middle + next * (1 - share)) });
  };
  const range = data === null ? "" : day(data.from) === day(data.to) ? `${day(data.from)}, ${minute(data.from)} to ${minute(data.to)}` : `${day(data.from)} ${minute(data.from)} to ${day(data.to)} ${minute(data.to)}`;
  return (
    <figure class="fig">
      <figcaption>
        <h2>
          What each holder did
          <small>
            {range}
            {zoom !== null && " · part of the time"}
          </small>
          <span class="grow" />
          {zoom !== null && (
            <button type="button" class="btn quiet" onClick={() => setZoom(null)}>
              Whole time <kbd>0</kbd>
            </button>
          )}
        </h2>
      </figcaption>
      <div class="lanes" ref={element} onWheel={onWheel}>
        {data === null ? null : tables.value ? (
          <LanesTable data={data} session={session} />
        ) : (
          <>
            <LanesChart data={data} session={session} width={width} chosen={chosen} choose={choose} />
            <OnPaper table={() => <LanesTable data={data} session={session} />} />
          </>
        )}
      </div>
    </figure>
  );
}

interface ChartProps extends Props {
  data: LanesData;
  width: number;
}

function LanesChart({ data, session, width, chosen, choose }: ChartProps) {
  const [tip, setTip] = useState<{ x: number; y: number; text: string } | null>(null);
  const { row } = session;
  const long = Math.max(data.to - data.from, 60_000);
  // Air before the first event, so that its label has room.
  const start = data.from - long * 0.1;
  const end = data.to + long * 0.03;
  const x = scaleLinear().domain([start, end]).range([LEFT, width - 1]);
  const missing = missingLanes();
  const shown: Lane[] = ["interactive", "non-interactive", "directory"];
  if (data.lanes.includes("activity")) shown.push("activity");
  if (data.lanes.includes("risk")) shown.push("risk");
  let y = TOP;
  const lanes = shown.map((lane) => {
    const top = y;
    y += HEIGHTS[lane];
    return { lane, top, middle: top + HEIGHTS[lane] / 2, bottom: y };
  });
  const bottom = y;
  const other = row.opened ? row.first : row.changed;
  const ticks = timeTicks(start, end, width - LEFT, data.to - data.from > 2 * DAY ? 70 : 80);
  const heldUntil = Math.max(row.last, data.to);
  const otherName = row.other?.side === "later" ? "Later" : "Other side";
  const ownerName = row.owner?.side === "first" ? "First seen" : "Owner";

  return (
    <>
      <svg width={width} height={bottom + 18} viewBox={`0 0 ${width} ${bottom + 18}`} role="group" aria-label={sentence(session, data)}>
        <g aria-hidden="true">
          {other !== null && <rect x={x(Math.max(other, start))} y={TOP} width={Math.max(0, x(end) - x(Math.max(other, start)))} height={bottom - TOP} class="f-other-tint half" />}
          {ticks.map((tick) => (
            <g key={tick.time}>
              <path d={`M${x(tick.time)} ${TOP}V${bottom}`} class="k-line" />
              {x(tick.time) > LEFT + 16 && x(tick.time) < width - 18 && (
                <text x={x(tick.time)} y={bottom + 14} text-anchor="middle" class="t-3">
                  {tick.label}
                </text>
              )}
            </g>
          ))}
          {lanes.map(({ lane, bottom: line, middle }) => (
            <g key={lane}>
              <path d={`M0 ${line + 0.5}H${width}`} class="k-line" />
              <text x={0} y={middle + 4} class="t-ink">
                {LANES[lane]}
              </text>
            </g>
          ))}
          {lanes
            .filter(({ lane }) => missing.has(lane))
            .map(({ lane, top, bottom: line }) => (
              <g key={lane}>
                <rect x={LEFT} y={top + 4} width={width - LEFT} height={line - top - 8} class="f-hatch" />
                <rect x={LEFT + 10} y={(top + line) / 2 - 9} width={118} height={18} class="f-bg" />
                <text x={LEFT + 18} y={(top + line) / 2 + 4} class="t-ink">
                  not in the exports
                </text>
              </g>
            ))}
          {!row.opened && session.hands.length > 0 && (
            <g>
              <path d={`M${x(Math.max(row.first, start))} 33.5H${x(Math.min(other ?? heldUntil, end))}`} class="k-owner" stroke-width="2" />
              {row.first >= start && <circle cx={x(row.first)} cy="33.5" r="3.5" class={row.starts ? "f-owner" : "f-bg k-owner"} />}
              <text
                x={Math.max(x(Math.max(row.first, start)), LEFT) - (x(row.first) > LEFT + ownerName.length * 7 ? 8 : -8)}
                y={x(row.first) > LEFT + ownerName.length * 7 ? 37 : 26}
                text-anchor={x(row.first) > LEFT + ownerName.length * 7 ? "end" : "start"}
                class="t-owner t-b"
              >
                {ownerName}
              </text>
            </g>
          )}
          {other !== null && other <= end && (
            <g>
              <path d={`M${x(Math.max(other, start))} 33.5H${x(heldUntil)}`} class="k-other" stroke-width="5" />
              <text x={x(heldUntil)} y="24" text-anchor="end" class="t-other t-b halo">
                {x(heldUntil) - x(other) > 300 ? `${otherName}, ${length(heldUntil - other)}` : ""}
              </text>
              {other >= start && (
                <>
                  <path d={`M${x(other)} 15V${bottom}`} class="k-ink" stroke-width="1.2" />
                  <text x={x(other) + (x(other) > width - 150 ? -6 : 6)} y="22" text-anchor={x(other) > width - 150 ? "end" : "start"} class="t-ink t-b halo">
                    {second(other)} {row.opened ? "opened" : "changed hands"}
                  </text>
                </>
              )}
            </g>
          )}
        </g>
        {lanes.map((lane) => (
          <LaneMarks key={lane.lane} {...lane} data={data} session={session} x={x} width={width} chosen={chosen} choose={choose} onTip={setTip} />
        ))}
      </svg>
      <Tip tip={tip} />
    </>
  );
}

interface LaneMarksProps extends Props {
  lane: Lane;
  top: number;
  middle: number;
  bottom: number;
  data: LanesData;
  x: (time: number) => number;
  width: number;
  onTip: (tip: { x: number; y: number; text: string } | null) => void;
}

function LaneMarks({ lane, middle, bottom, top, data, session, x, width, chosen, choose, onTip }: LaneMarksProps) {
  const marks = data.marks.filter((mark) => mark.lane === lane);
  const plain = marks.filter((mark) => mark.findings.length === 0);
  const dense = plain.length > (width - LEFT) / 2;
  const volumes = data.volumes.filter((volume) => volume.lane === lane);
  const max = Math.max(1, ...volumes.map((volume) => volume.count));
  // Each finding's number stands at its first record of this lane; of those that share it, the strongest's.
  const firsts = new Map<Step, number[]>();
  session.findings.forEach((_, index) => {
    const first = marks.find((mark) => mark.findings.includes(index + 1));
    if (first !== undefined) firsts.set(first, [...(firsts.get(first) ?? []), index + 1]);
  });
  const badges: { number: number; more: number; mark: Step; at: number; label: string }[] = [];
  let free = LEFT;
  for (const [mark, [number = 0, ...others]] of [...firsts].toSorted(([left], [right]) => left.time - right.time)) {
    const at = Math.max(x(mark.time), free + 8);
    const label = others.length > 0 ? `+${others.length}` : "";
    badges.push({ number, more: others.length, mark, at, label });
    free = at + 9 + (label === "" ? 0 : 12 + 6 * label.length);
  }
  badges.forEach((badge, index) => {
    // A label covers neither the next number nor the mark of another event.
    const next = marks
      .map((mark) => x(mark.time))
      .filter((at) => at > badge.at + 9)
      .reduce((nearest, at) => Math.min(nearest, at), badges[index + 1]?.at ?? width);
    const room = Math.floor((next - badge.at - 26) / 5.9);
    const label = badge.mark.text.split(/, | for /)[0] ?? "";
    const labelled = `${badge.label} ${label}`.trim();
    if (lane === "directory" && labelled.length <= room) badge.label = labelled;
    else if (badge.label.length > room) badge.label = "";
  });
  const tipFor = (mark: Step) =>
    `${exact(mark.time)}\n${mark.text}\n${handName(session, mark.hand)}${mark.findings.length > 0 ? `, finding ${mark.findings.join(", ")}` : ""}`;
  const show = (mark: Step) => (event: Event) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    onTip({ x: box.right, y: box.top, text: tipFor(mark) });
  };
  const near = (mark: Step, index: number, list: Step[]) => {
    const before = list[index - 1];
    const after = list[index + 1];
    const gap = Math.min(
      before === undefined ? 99 : x(mark.time) - x(before.time),
      after === undefined ? 99 : x(after.time) - x(mark.time),
    );
    return gap < 8;
  };
  return (
    <g>
      {volumes.map((volume) => {
        const high = Math.max(1, (volume.count / max) * (bottom - top - 10));
        const kind = isOther(session, volume.hand) ? "f-other-mid" : volume.hand === null ? "f-mark" : "f-owner-mid";
        return (
          <rect key={`${volume.hand} ${volume.from}`} x={x(volume.from)} width={Math.max(1, x(volume.to) - x(volume.from) - 0.5)} y={bottom - high} height={high} class={kind}>
            <title>{`${figure(volume.count)} events, ${exact(volume.from)}`}</title>
          </rect>
        );
      })}
      {plain.map((mark, index) => (
        <g key={placeId(mark.place)} onPointerEnter={show(mark)} onPointerLeave={() => onTip(null)}>
          <Event mark={mark} x={x(mark.time)} y={middle} other={isOther(session, mark.hand)} tick={dense || near(mark, index, plain)} />
        </g>
      ))}
      {marks
        .filter((mark) => mark.findings.length > 0)
        .map((mark) => (
          <g key={`f${placeId(mark.place)}`} onPointerEnter={show(mark)} onPointerLeave={() => onTip(null)}>
            <Event mark={mark} x={x(mark.time)} y={middle} other={isOther(session, mark.hand)} tick={false} />
            {chosen === placeId(mark.place) && <rect x={x(mark.time) - 9} y={middle - 9} width="18" height="18" rx="3" fill="none" class="k-ink" stroke-width="1.5" />}
          </g>
        ))}
      {badges.map((badge) => (
        <g
          key={badge.number}
          role="button"
          tabindex={0}
          aria-label={`Finding ${badge.number}${badge.more > 0 ? ` +${badge.more}` : ""}: ${badge.mark.text}, ${exact(badge.mark.time)}`}
          class="mark"
          onClick={() => choose(badge.number)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            event.stopPropagation();
            choose(badge.number);
          }}
          onFocus={show(badge.mark)}
          onBlur={() => onTip(null)}
          onPointerEnter={show(badge.mark)}
          onPointerLeave={() => onTip(null)}
        >
          <rect x={badge.at - 12} y={middle - 12} width="24" height="24" fill="transparent" />
          <rect x={badge.at - 8.5} y={middle - 8.5} width="17" height="17" rx="3" class="f-bg" />
          <rect x={badge.at - 7.5} y={middle - 7.5} width="15" height="15" rx="3" class="f-ink" />
          <text x={badge.at} y={middle + 4} text-anchor="middle" class="t-bg t-b">
            {badge.number}
          </text>
          {badge.label !== "" && (
            <text x={badge.at + 13} y={middle + 4} class="t-ink halo">
              {badge.label}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

/** One event: disc for the owner's side, square for the other, hollow when refused, a tick where it is tight. */
function Event({ mark, x, y, other, tick }: { mark: Step; x: number; y: number; other: boolean; tick: boolean }) {
  const hue = mark.hand === null ? "k-mark" : other ? "k-other" : "k-owner";
  const fill = mark.refused ? "f-bg" : mark.hand === null ? "f-mark" : other ? "f-other" : "f-owner";
  if (tick) return <path d={`M${x} ${y - 8}V${y + 8}`} class={hue} stroke-width={mark.refused ? 1 : 2} stroke-dasharray={mark.refused ? "2 2" : undefined} />;
  if (other) return <rect x={x - 4} y={y - 4} width="8" height="8" class={`${fill} ${hue}`} stroke-width="1.4" />;
  return <circle cx={x} cy={y} r="4" class={`${fill} ${hue}`} stroke-width="1.4" />;
}

function missingLanes(): Set<Lane> {
  const rows = overview.value?.strip?.rows ?? [];
  const missing = new Set<Lane>();
  for (const row of rows) {
    if (row.total === 0 && (row.kind === "interactive" || row.kind === "non-interactive" || row.kind === "directory")) missing.add(row.kind);
  }
  return missing;
}

function sentence(session: SessionView, data: LanesData): string {
  const { row } = session;
  const change = row.opened ? "the other side opened it" : row.changed === null ? "it did not change hands" : `it changed hands at ${exact(row.changed)}`;
  return `${figure(data.events)} events from ${exact(data.from)} to ${exact(data.to)}; ${change}`;
}

function LanesTable({ data, session }: { data: LanesData; session: SessionView }) {
  const counted = data.volumes.map((volume) => ({
    time: volume.from,
    lane: LANES[volume.lane],
    hand: handName(session, volume.hand),
    text: `${figure(volume.count)} events until ${exact(volume.to)}`,
    findings: "",
  }));
  const marks = data.marks.map((mark) => ({
    time: mark.time,
    lane: LANES[mark.lane],
    hand: handName(session, mark.hand),
    text: mark.text,
    findings: mark.findings.join(", "),
  }));
  return (
    <Twin
      caption="Events of the session"
      rows={[...marks, ...counted].toSorted((left, right) => left.time - right.time)}
      columns={[
        { head: "Time, UTC", cell: (event) => exact(event.time), by: (event) => event.time },
        { head: "Lane", cell: (event) => event.lane },
        { head: "Holder", cell: (event) => event.hand },
        { head: "Event", cell: (event) => event.text },
        { head: "Finding", cell: (event) => event.findings },
      ]}
    />
  );
}
