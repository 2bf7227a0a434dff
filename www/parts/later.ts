// What is drawn in the first frame of a place, and what follows.

import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import { isReturning, restoreScroll } from "../state/place";

/** The first rows of a table, and all of them once those are painted: nobody waits for what lies below the window. Who
 * comes back to where they had scrolled finds all at once. */
export function useLater<T>(rows: T[], first: number): T[] {
  const [painted, setPainted] = useState<T[] | null>(null);
  useEffect(() => setPainted(rows), [rows]);
  return painted === rows || rows.length <= first || isReturning() ? rows : rows.slice(0, first);
}

/** Scrolls to where one was when this place was left, as soon as it is drawn. */
export function useKeptScroll(isDrawn: boolean): void {
  useLayoutEffect(() => {
    const pane = document.querySelector<HTMLElement>("[data-keep-scroll]");
    if (isDrawn && pane !== null) restoreScroll(pane);
  }, [isDrawn]);
}
