// The table that says the same as a chart: `t` swaps them.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { CopyButton } from "../parts/copy";
import { rowsToPaste } from "../parts/words";
import { paper } from "../state/look";

/** What follows a chart on paper: its table. It is not made for the screen, where it would be most of the page. */
export const OnPaper = ({ table }: { table: () => ComponentChildren }) => (paper.value ? <div class="on-paper">{table()}</div> : null);

export interface Column<T> {
  head: string;
  /** What the row shows. */
  cell: (row: T) => string;
  /** What the row is sorted by, where that is no text. */
  by?: (row: T) => number;
}

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  rows: T[];
}

const MOST = 2000;

export function Twin<T>({ caption, columns, rows }: Props<T>): ComponentChildren {
  const [sort, setSort] = useState<{ at: number; down: boolean } | null>(null);
  const sorted = sort === null ? rows : rows.toSorted((left, right) => order(columns[sort.at], left, right) * (sort.down ? -1 : 1));
  const text = () => rowsToPaste([columns.map((column) => column.head), ...sorted.map((row) => columns.map((column) => column.cell(row)))]);
  return (
    <div class="twinbox">
      <div class="twinhead">
        <span class="mut">{caption}</span>
        <CopyButton text={text} label="Copy table" />
      </div>
      <div class="twin" tabIndex={0} role="region" aria-label={caption}>
        <table>
          <caption class="vh">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column, at) => (
                <th
                  key={column.head}
                  class={column.by === undefined ? "" : "n"}
                  aria-sort={sort?.at !== at ? "none" : sort.down ? "descending" : "ascending"}
                >
                  <button
                    type="button"
                    class="sorter"
                    onClick={() => setSort({ at, down: sort?.at === at ? !sort.down : column.by !== undefined })}
                  >
                    {column.head}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, MOST).map((row, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.head} class={column.by === undefined ? "" : "n"} title={column.cell(row)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function order<T>(column: Column<T> | undefined, left: T, right: T): number {
  if (column === undefined) return 0;
  if (column.by !== undefined) return column.by(left) - column.by(right);
  return column.cell(left).localeCompare(column.cell(right), "en");
}
