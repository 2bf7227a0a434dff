// What stands where in the table: rows, heads over those that share something, the line between above and below.

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
    const heads = groups.map((group) => ({ first: group.first, item: group }));
    const below = heads.findIndex(({ first }) => first >= above);
    const split = below === -1 ? heads.length : below;
    this.#breaks = heads.slice(0, split);
    if (above < rows - allowed) this.#breaks.push({ first: above, item: "rule" });
    this.#breaks.push(...heads.slice(split));
    if (allowed > 0) this.#breaks.push({ first: rows - allowed, item: "aside" });
    this.shape = `${rows} ${this.#breaks.map(({ first }) => first).join(" ")}`;
  }

  get count(): number {
    return this.#rows + this.#breaks.length;
  }

  item(place: number): Item {
    const before = this.#count((first, index) => first + index < place);
    const at = this.#breaks[before];
    return at !== undefined && at.first + before === place ? at.item : place - before;
  }

  placeOf(row: number): number {
    return row + this.#count((first) => first <= row);
  }

  /** How many breaks, from the first on, stand before something: they are in order. */
  #count(before: (first: number, index: number) => boolean): number {
    let [low, high] = [0, this.#breaks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(this.#breaks[middle]!.first, middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
