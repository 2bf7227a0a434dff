// Distance: how far the session was from the user's usual place, over time. Its slope is speed.

import { scaleLinear } from "d3-scale";
import { useState } from "preact/hooks";

import type { DistancePoint, DistanceView, SessionView } from "../model";
import { Tip, useWidth } from "../parts/small";
import { exact, figure, length, of } from "../parts/words";
import { tables, wide } from "../state/look";
import { DAY, timeTicks } from "./axis";
import { handName, isOther, placeId } from "./lanes";
import { OnPaper, Twin } from "./twin";

/** Kilometres below which nothing moved: coordinates of addresses are no better. */
const NEAR = 50;
/** Kilometres an hour of an airliner. */
const AIRLINER = 900;
const LEFT = 120;
const TOP = 18;
const HOUR = 3_600_000;

/** `914 km`, `3,220 ± 300 km`. */
const far = (point: DistancePoint) => (point.margin === 0 ? `${figure(point.km)} km` : `${figure(point.km)} ± ${figure(point.margin)} km`);
const three = (number: number) => figure(Number(number.toPrecision(3)));
const fast = (speed: number | null) => (speed === null ? "no time at all" : `${three(speed)} km/h`);

interface Props {
  session: SessionView;
  chosen: string | null;
}

export function Distance({ session, chosen }: Props) {
  const [element, width] = useWidth<HTMLDivElement>(816);
  const view = session.distance;
  if (view === null) return null;
  const farthest = view.points.reduce((most, point) => Math.max(most, point.km - point.margin), 0);
  const home = view.usual ? `from ${view.home}, the usual place` : `from ${view.home}, where it was seen first`;
  return (
    <figure class="fig distance-fig">
      <figcaption>
        <h2>
          Distance
          <small>
            {home}; slope is speed
            {view.unplaced > 0 && `; ${of(view.unplaced, "event")} without a place`}
          </small>
        </h2>
      </figcaption>
      <div class="distance" ref={element}>
        {tables.value ? (
          <DistanceTable view={view} session={session} />
        ) : farthest < NEAR ? (
          <p class="mid">All of it was within {NEAR} km of {view.home}.</p>
        ) : (
          <>
            <Chart view={view} session={session} width={width} chosen={chosen} />
            <OnPaper table={() => <DistanceTable view={view} session={session} />} />
          </>
        )}
      </div>
    </figure>
  );
}

interface ChartProps extends Props {
  view: DistanceView;
  width: number;
}

function Chart({ view, session, width, chosen }: ChartProps) {
  const [tip, setTip] = useState<{ x: number; y: number; text: string } | null>(null);
  const { points, beside, leap } = view;
  const HEIGHT = wide.value ? 236 : 150;
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const long = Math.max(last.time - first.time, HOUR);
  const [start, end] = [first.time - long * 0.12, last.time + long * 0.06];
  const x = scaleLinear().domain([start, end]).range([LEFT, width - 8]);
  const most = Math.max(...points.map((point) => point.km), ...beside.map((point) => point.km), NEAR);
  const y = scaleLinear().domain([0, most]).range([HEIGHT, TOP + 12]);
  const ticks = timeTicks(start, end, width - LEFT, end - start > 2 * DAY ? 70 : 80);
  // Places by their distance, where their names have room.
  const levels: { km: number; at: string; label: string }[] = [];
  for (const point of [...points].sort((left, right) => right.km - left.km)) {
    if (point.km >= NEAR && levels.every((level) => Math.abs(y(level.km) - y(point.km)) > 15) && HEIGHT - y(point.km) > 15) levels.push({ km: point.km, at: point.at, label: far(point) });
  }
  const seen = beside.filter((point) => point.time >= start && point.time <= end);
  const stayed = seen.length > 0 && seen.every((point) => point.km - point.margin < NEAR);
  // What an airliner could have done from the last event before the leap.
  const hours = most / AIRLINER;
  const guide = leap === null ? null : { from: leap.from, km: points.findLast((point) => point.time <= leap.from)?.km ?? 0 };
  const show = (point: DistancePoint, whose: string) => (event: Event) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const source = point.margin === 0 ? "by the record’s coordinates" : "by the middle of the country";
    setTip({ x: box.right, y: box.top, text: `${exact(point.time)}\n${point.at || "unknown place"}, ${far(point)}\n${source}\n${whose}` });
  };
  return (
    <>
      <svg width={width} height={HEIGHT + 20} viewBox={`0 0 ${width} ${HEIGHT + 20}`} role="img" aria-label={sentence(view)}>
        {ticks.map((tick) => (
          <g key={tick.time}>
            <path d={`M${x(tick.time)} ${TOP}V${HEIGHT}`} class="k-line" />
            {x(tick.time) > LEFT + 16 && x(tick.time) < width - 18 && (
              <text x={x(tick.time)} y={HEIGHT + 15} text-anchor="middle" class="t-3">
                {tick.label}
              </text>
            )}
          </g>
        ))}
        {[...levels, { km: 0, at: view.home, label: view.usual ? "usual" : "first" }].map((level) => (
          <g key={level.km}>
            <path d={`M${LEFT} ${y(level.km)}H${width - 8}`} class={level.km === 0 ? "k-line-2" : "k-line"} />
            <text x={0} y={y(level.km) + 4} class="t-ink">
              {shorten(level.at, level.label)}
              <title>{level.at}</title>
            </text>
            <text x={LEFT - 8} y={y(level.km) + 4} text-anchor="end" class="t-3">
              {level.label}
            </text>
          </g>
        ))}
        {guide !== null && guide.from >= start && (
          <g>
            <path d={`M${x(guide.from)} ${y(guide.km)}L${x(Math.min(guide.from + hours * HOUR, end))} ${y(Math.min(most, guide.km + (AIRLINER * (Math.min(guide.from + hours * HOUR, end) - guide.from)) / HOUR))}`} class="k-mark f-none" stroke-dasharray="4 3" />
            {x(guide.from + (hours * HOUR) / 2) < width - 130 && x(guide.from + hours * HOUR) - x(guide.from) > 40 && (
              <text x={x(guide.from + hours * HOUR * 0.8) + 8} y={y(guide.km + (most - guide.km) * 0.8) + 8} class="t-3 halo">
                airliner, 900 km/h
              </text>
            )}
          </g>
        )}
        {points.slice(1).map((point, index) => {
          const before = points[index];
          if (before === undefined) return null;
          const other = isOther(session, point.hand);
          return <path key={placeId(point.place)} d={`M${x(before.time)} ${y(before.km)}L${x(point.time)} ${y(point.km)}`} class={point.hand === null ? "k-mark" : other ? "k-other" : "k-owner"} stroke-width="2" />;
        })}
        {seen.map((point) => (
          <circle key={`b${placeId(point.place)}`} cx={x(point.time)} cy={y(point.km)} r="3.5" class="f-bg k-owner" stroke-width="1.4" onPointerEnter={show(point, "another session of the user")} onPointerLeave={() => setTip(null)} />
        ))}
        {points.map((point) => {
          const other = isOther(session, point.hand);
          const kind = point.hand === null ? "f-mark" : other ? "f-other" : "f-owner";
          const on = placeId(point.place) === chosen;
          return (
            <g key={`p${placeId(point.place)}`} onPointerEnter={show(point, handName(session, point.hand))} onPointerLeave={() => setTip(null)}>
              {other ? <rect x={x(point.time) - 4} y={y(point.km) - 4} width="8" height="8" class={kind} /> : <circle cx={x(point.time)} cy={y(point.km)} r="4" class={kind} />}
              {on && <rect x={x(point.time) - 8} y={y(point.km) - 8} width="16" height="16" rx="3" class="f-none k-ink" stroke-width="1.5" />}
            </g>
          );
        })}
        {leap !== null && leap.to >= start && <LeapWords leap={leap} x={x(leap.to)} y={(TOP + 12 + HEIGHT) / 2} room={x(leap.from) - LEFT} />}
        {stayed && (
          <text x={width - 8} y={HEIGHT - 7} text-anchor="end" class="t-3 halo">
            the user’s other sessions stayed in {view.home}
          </text>
        )}
      </svg>
      <Tip tip={tip} />
    </>
  );
}

/** As much of a place's name as has room beside its distance. */
function shorten(at: string, label: string): string {
  const room = Math.max(5, Math.floor((LEFT - 16 - 5.6 * label.length) / 6.2));
  return at.length > room ? `${at.slice(0, room - 1)}…` : at;
}

function LeapWords({ leap, x, y, room }: { leap: NonNullable<DistanceView["leap"]>; x: number; y: number; room: number }) {
  const left = room > 150;
  const anchor = left ? "end" : "start";
  const at = left ? x - 14 : x + 12;
  const steep = leap.speed === null || leap.speed > AIRLINER;
  return (
    <g>
      <text x={at} y={y - 4} text-anchor={anchor} class={`t-b halo ${steep ? "t-other" : "t-ink"}`}>
        {leap.speed === null ? "at once" : fast(leap.speed)}
      </text>
      <text x={at} y={y + 11} text-anchor={anchor} class="halo">
        {figure(leap.km)} km{leap.to > leap.from && ` in ${length(leap.to - leap.from)}`}
      </text>
    </g>
  );
}

function sentence(view: DistanceView): string {
  const farthest = view.points.reduce<DistancePoint | null>((most, point) => (most === null || point.km > most.km ? point : most), null);
  const most = farthest === null ? "" : `at most ${far(farthest)} from ${view.home}, in ${farthest.at}`;
  return view.leap === null ? most : `${most}; ${figure(view.leap.km)} km in ${length(view.leap.to - view.leap.from)} at ${exact(view.leap.to)}, ${fast(view.leap.speed)}`;
}

function DistanceTable({ view, session }: { view: DistanceView; session: SessionView }) {
  const rows = [
    ...view.points.map((point) => ({ point, by: handName(session, point.hand) })),
    ...view.beside.map((point) => ({ point, by: "another session" })),
  ].toSorted((left, right) => left.point.time - right.point.time);
  return (
    <Twin
      caption={`Distance from ${view.home}${view.leap === null ? "" : `; fastest: ${figure(view.leap.km)} km in ${length(view.leap.to - view.leap.from)}, ${fast(view.leap.speed)}`}`}
      rows={rows}
      columns={[
        { head: "Time, UTC", cell: ({ point }) => exact(point.time), by: ({ point }) => point.time },
        { head: "Place", cell: ({ point }) => point.at || "unknown" },
        { head: "Distance", cell: ({ point }) => far(point), by: ({ point }) => point.km },
        { head: "Source", cell: ({ point }) => (point.margin === 0 ? "coordinates" : "country") },
        { head: "Holder", cell: ({ by }) => by },
      ]}
    />
  );
}
