// Who used something, and when: one row each, a tick wherever there were sign-ins. What was refused alone is hollow.

import { timeTicks } from "../../charts/axis";
import { OnPaper, Twin } from "../../charts/twin";
import type { Column, TalliedRow } from "../../model";
import { Value } from "../../parts/counts";
import { useWidth } from "../../parts/small";
import { exact, figure, moment } from "../../parts/words";
import { COLUMNS, label } from "../../state/tenant";

interface Props {
  by: Column;
  rows: TalliedRow[];
  span: [number, number];
  /** Values at which a session above the line was in other hands. */
  others: ReadonlySet<string>;
  asTable: boolean;
}

/** Parts of the time that ticks are told in. */
const PARTS = 256;
/** Pixels of the names, of the counts, and of the gaps between. */
const NAMES = 160;
const COUNTS = 130;
const GAP = 12;
const HEIGHT = 12;

export function Spans({ by, rows, span, others, asTable }: Props) {
  const [element, width] = useWidth<HTMLDivElement>(816);
  const name = (row: TalliedRow) => (row.values[0] === undefined ? "" : label(by, row.values[0]));
  const table = () => (
    <Twin
      caption="From when to when"
      rows={rows}
      columns={[
        { head: COLUMNS[by], cell: name },
        { head: "First", cell: (row) => exact(row.first), by: (row) => row.first },
        { head: "Last", cell: (row) => exact(row.last), by: (row) => row.last },
        { head: "Sign-ins", cell: (row) => figure(row.records), by: (row) => row.records },
        { head: "Refused", cell: (row) => figure(row.refused), by: (row) => row.refused },
        { head: "In other hands", cell: (row) => (others.has(row.values[0]?.value ?? "") ? "yes" : "") },
      ]}
    />
  );
  if (asTable) return table();
  const plot = Math.max(80, Math.min(width, 1140) - NAMES - COUNTS - 2 * GAP);
  const at = (time: number) => ((time - span[0]) / Math.max(1, span[1] - span[0])) * (plot - 6);
  // Labels are whole minutes: of less than ten they would say the same. One that would leave the chart is none.
  const axis = span[1] - span[0] < 600_000 ? [] : timeTicks(span[0], span[1], plot, 74).filter((tick) => at(tick.time) < plot - 40);
  return (
    <div ref={element}>
      {axis.length > 0 && (
        <div class="spans-axis" aria-hidden="true">
          <svg width={plot} height="16">
            {axis.map((tick) => (
              <g key={tick.time}>
                <path d={`M${at(tick.time) + 0.5} 3V16`} class="k-line-2" />
                <text x={at(tick.time) + 4} y="12" class="t-3">
                  {tick.label}
                </text>
              </g>
            ))}
          </svg>
        </div>
      )}
      <ul class="spans">
        {rows.map((row, index) => {
          const named = row.values[0];
          return named === undefined ? null : (
            <li key={index}>
              <span class="who">
                {others.has(named.value ?? "") && <span class="hand other" role="img" aria-label="In other hands" title="A session above the line was in other hands here" />}
                <Value column={by} named={named} short />
              </span>
              <svg class="track" width={plot} height={HEIGHT} role="img" aria-label={`${moment(row.first)} to ${moment(row.last)}`}>
                <title>{`${moment(row.first)} to ${moment(row.last)}`}</title>
                <path d={`M0 ${HEIGHT / 2}H${plot}`} class="k-line" />
                <path d={`M${at(row.first)} ${HEIGHT / 2}H${at(row.last) + 3}`} class="k-mark" />
                <Ticks ticks={row.ticks} plot={plot} />
              </svg>
              <span class="n">
                {figure(row.records)}
                {row.refused > 0 && <small>{row.refused === row.records ? "all refused" : `${figure(row.refused)} refused`}</small>}
              </span>
            </li>
          );
        })}
      </ul>
      <OnPaper table={table} />
    </div>
  );
}

/** Filled where any sign-in was not refused; neighbours grow together. */
function Ticks({ ticks, plot }: { ticks: [number, boolean][]; plot: number }) {
  const unit = (plot - 6) / PARTS;
  const wide = Math.max(2, unit);
  let filled = "";
  let hollow = "";
  for (const [part, refused] of ticks) {
    const x = (part * unit).toFixed(1);
    if (refused) hollow += `M${(part * unit + 0.5).toFixed(1)} 3.5h5v5h-5z`;
    else filled += `M${x} 1h${wide.toFixed(1)}v10h-${wide.toFixed(1)}z`;
  }
  return (
    <>
      {hollow !== "" && <path d={hollow} class="f-bg k-mark" />}
      {filled !== "" && <path d={filled} class="f-mark" />}
    </>
  );
}
