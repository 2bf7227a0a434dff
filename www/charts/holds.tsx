// What the exports hold: records of each kind over time, and where there are none.

import { scaleLinear } from "d3-scale";

import type { Bins, Counts, RecordKind } from "../model";
import { CoverageShape } from "../parts/icons";
import { useWidth } from "../parts/small";
import { figure, moment } from "../parts/words";
import { tables } from "../state/look";
import { timeTicks } from "./axis";
import { barPath } from "./bars";
import { KINDS } from "./strip";
import { Twin } from "./twin";

const ROW = 25;
const LEFT = 168;
const RIGHT = 112;

export const statusOf = (row: Counts) => (row.total === 0 ? "blind" : row.gaps.length > 0 ? "partial" : "ran");

interface Props {
  bins: Bins;
  rows: Counts[];
  chosen: RecordKind | null;
  choose: (kind: RecordKind) => void;
}

export function Holds({ bins, rows, chosen, choose }: Props) {
  const [element, width] = useWidth<HTMLDivElement>(816);
  const to = bins.from + bins.step * bins.bins;
  if (tables.value) {
    return (
      <Twin
        caption="What the exports hold"
        rows={rows}
        columns={[
          { head: "Kind", cell: (row) => KINDS[row.kind] },
          { head: "Records", cell: (row) => figure(row.total), by: (row) => row.total },
          { head: "From, UTC", cell: (row) => edge(row, bins, "first") },
          { head: "To, UTC", cell: (row) => edge(row, bins, "last") },
          { head: "Missing", cell: (row) => (row.total === 0 ? "all" : row.gaps.map(([from, until]) => `${moment(from)} to ${moment(until)}`).join(", ")) },
        ]}
      />
    );
  }
  const plot = Math.max(60, width - LEFT - RIGHT);
  const x = scaleLinear()
    .domain([bins.from, to])
    .range([LEFT, LEFT + plot]);
  const px = plot / bins.bins;
  const bottom = rows.length * ROW;
  return (
    <div class="holds" ref={element}>
      <svg width={width} height={bottom + 18} role="group" aria-label="Records of each kind over time">
        <g aria-hidden="true">
          {timeTicks(bins.from, to, plot, 44).map((tick) => (
            <g key={tick.time}>
              <path d={`M${x(tick.time)} 0V${bottom + 4}`} class="k-line" />
              {x(tick.time) < LEFT + plot - 20 && (
                <text x={x(tick.time) + 4} y={bottom + 14} class="t-3">
                  {tick.label.replace(/^\w{3} /, "")}
                </text>
              )}
            </g>
          ))}
          <text x={width} y={bottom + 14} text-anchor="end" class="t-3">
            records
          </text>
        </g>
        {rows.map((row, index) => {
          const base = (index + 1) * ROW - 0.5;
          const max = Math.max(0, ...row.counts);
          const status = statusOf(row);
          return (
            <g key={row.kind} class={chosen === row.kind ? "hold on" : "hold"}>
              <rect x={0} width={width} y={base - ROW + 1} height={ROW - 1} class="ground" />
              <text x={0} y={base - 8} class="t-ink t-12">
                {KINDS[row.kind]}
              </text>
              <path d={`M0 ${base}H${width}`} class="k-line" />
              <path d={barPath(row.counts, max, (bin) => LEFT + bin * px, px, base, ROW - 8)} class="f-mark" />
              {row.gaps.map(([from, until]) => (
                <rect
                  key={from}
                  class="f-hatch"
                  x={x(Math.max(from, bins.from))}
                  width={Math.max(0, x(Math.min(until, to)) - x(Math.max(from, bins.from)))}
                  y={base - ROW + 6}
                  height={ROW - 9}
                />
              ))}
              <text x={width - 24} y={base - 8} text-anchor="end" class={row.total === 0 ? "t-3 t-12" : "t-ink t-12"}>
                {row.total === 0 ? "none" : figure(row.total)}
              </text>
              <svg x={width - 12} y={base - 18} width="12" height="12" viewBox="0 0 12 12">
                <CoverageShape status={status} />
              </svg>
              <rect
                class="press"
                x={0}
                width={width}
                y={base - ROW + 1}
                height={ROW - 1}
                role="button"
                tabindex={0}
                aria-pressed={chosen === row.kind}
                aria-label={`${KINDS[row.kind]}: ${row.total === 0 ? "not exported" : `${figure(row.total)} records`}. How to export`}
                onClick={() => choose(row.kind)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" && event.key !== " ") return;
                  event.preventDefault();
                  event.stopPropagation();
                  choose(row.kind);
                }}
              />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function edge(row: Counts, bins: Bins, which: "first" | "last"): string {
  const at = which === "first" ? row.counts.findIndex((count) => count > 0) : row.counts.findLastIndex((count) => count > 0);
  return at === -1 ? "" : moment(bins.from + (at + (which === "last" ? 1 : 0)) * bins.step);
}
