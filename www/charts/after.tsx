// After sign-in: how long a session was in the owner's hands and how long in others', on a log scale from
// ten seconds to three days.

import type { Row } from "../model";
import { exact, length } from "../parts/words";

const WIDTH = 150;
const HOUR = 3_600_000;

/** Pixels of a time after sign-in, in milliseconds. */
export function afterX(time: number): number {
  const seconds = Math.min(Math.max(time / 1000, 10), 259_200);
  return 2 + 146 * (Math.log10(seconds / 10) / Math.log10(25_920));
}

const TICKS: [number, string][] = [
  [60_000, "1 min"],
  [10 * 60_000, "10"],
  [HOUR, "1 h"],
  [10 * HOUR, ""],
  [24 * HOUR, "1 d"],
];

export const AfterHead = () => (
  <svg width={WIDTH} height="30" class="afterhead" aria-hidden="true">
    <text x="2" y="11" class="t-3 t-12">
      After sign-in
    </text>
    {TICKS.map(([time, label]) => (
      <text key={time} x={afterX(time)} y="27" text-anchor="middle" class="t-3">
        {label}
      </text>
    ))}
  </svg>
);

function words(row: Row): string {
  const start = row.starts ? "Signed in" : "First seen";
  const lines = [`${start} ${exact(row.first)}`];
  if (row.changed !== null) lines.push(`changed hands ${length(row.changed - row.first)} later`);
  else if (row.opened) lines.push("opened by the other side");
  lines.push(`last event ${length(row.last - row.first)} after the first`);
  return lines.join(", ");
}

export function After({ row }: { row: Row }) {
  const last = afterX(row.last - row.first);
  const changed = row.changed === null ? (row.opened ? 2 : null) : afterX(row.changed - row.first);
  const thick = row.above ? 4 : 1.5;
  const hollow = !row.above || row.other?.side === "later";
  return (
    <svg width={WIDTH} height="18" class="after" role="img" aria-label={words(row)}>
      <title>{words(row)}</title>
      {TICKS.map(([time]) => (
        <path key={time} d={`M${afterX(time).toFixed(1)} 0V18`} class="k-line" />
      ))}
      {!(row.opened && changed !== null) && (
        <path
          d={`M2 9H${(changed ?? last).toFixed(1)}`}
          class={row.owner === null && row.other === null ? "k-mark" : "k-owner"}
          stroke-width="2"
          stroke-dasharray={row.starts ? undefined : "3 3"}
        />
      )}
      {changed !== null && <path d={`M${changed.toFixed(1)} 9H${Math.max(last, changed + 2).toFixed(1)}`} class="k-other" stroke-width={thick} />}
      {!row.opened && (
        <circle
          cx="3.5"
          cy="9"
          r={row.owner?.side === "first" ? 2.9 : 3.5}
          class={row.owner?.side === "first" ? "f-bg k-owner" : row.owner === null && row.other === null ? "f-mark" : "f-owner"}
          stroke-width={row.owner?.side === "first" ? 1.4 : 0}
        />
      )}
      {changed !== null && (
        <rect
          x={changed - 3.5 + (row.opened ? 1.5 : 0)}
          y="5.5"
          width="7"
          height="7"
          class={hollow ? "f-bg k-other" : "f-other"}
          stroke-width={hollow ? 1.5 : 0}
        />
      )}
    </svg>
  );
}
