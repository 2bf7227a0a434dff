// Who used something, from when to when: one line each; all refused is hollow.

import { Twin } from "../../charts/twin";
import type { Column, TalliedRow } from "../../model";
import { Value } from "../../parts/counts";
import { exact, figure, moment } from "../../parts/words";
import { COLUMNS, label } from "../../state/tenant";

interface Props {
  by: Column;
  rows: TalliedRow[];
  span: [number, number];
  asTable: boolean;
}

export function Spans({ by, rows, span, asTable }: Props) {
  const name = (row: TalliedRow) => (row.values[0] === undefined ? "" : label(by, row.values[0]));
  if (asTable) {
    return (
      <Twin
        caption="From when to when"
        rows={rows}
        columns={[
          { head: COLUMNS[by], cell: name },
          { head: "First", cell: (row) => exact(row.first), by: (row) => row.first },
          { head: "Last", cell: (row) => exact(row.last), by: (row) => row.last },
          { head: "Sign-ins", cell: (row) => figure(row.records), by: (row) => row.records },
          { head: "Refused", cell: (row) => figure(row.refused), by: (row) => row.refused },
        ]}
      />
    );
  }
  const length = Math.max(1, span[1] - span[0]);
  const share = (time: number) => `${((time - span[0]) / length) * 100}%`;
  return (
    <ul class="spans">
      {rows.map((row, index) => {
        const named = row.values[0];
        return named === undefined ? null : (
          <li key={index}>
            <Value column={by} named={named} short />
            <span class="track" title={`${moment(row.first)} to ${moment(row.last)}`}>
              <i
                class={row.refused === row.records ? "hollow" : ""}
                style={{ left: `min(${share(row.first)}, 100% - 6px)`, width: `max(6px, ${((row.last - row.first) / length) * 100}%)` }}
              />
            </span>
            <span class="n">
              {figure(row.records)}
              {row.refused > 0 && <small>{row.refused === row.records ? "all refused" : `${figure(row.refused)} refused`}</small>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
