// What stands where in the table: rows, heads over those of one incident, the line between above and below.

import type { RowGroup } from "../../model";

/** A row by its number, a head, the line, or the head over what is put aside. */
export type Item = number | RowGroup | "rule" | "aside";

interface Break {
  /** The row that it stands before. */
  first: number;
  item: RowGroup | "rule" | "aside";
}

export class Layout {
  readonly #breaks: Break[];
  readonly #rows: number;
  /** Changes whenever a row moves. */
  readonly shape: string;

  constructor(rows: number, above: number, allowed: number, groups: RowGroup[]) {
    this.#rows = rows;
    this.#breaks = groups.map((group) => ({ first: group.first, item: group }));
    if (above < rows - allowed) this.#breaks.push({ first: above, item: "rule" });
    if (allowed > 0) this.#breaks.push({ first: rows - allowed, item: "aside" });
    this.shape = `${rows} ${this.#breaks.map(({ first }) => first).join(" ")}`;
  }

  get count(): number {
    return this.#rows + this.#breaks.length;
  }

  item(place: number): Item {
    let before = 0;
    for (const { first, item } of this.#breaks) {
      if (place === first + before) return item;
      if (place < first + before) break;
      before += 1;
    }
    return place - before;
  }

  placeOf(row: number): number {
    return row + this.#breaks.filter(({ first }) => first <= row).length;
  }
}
