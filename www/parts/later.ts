// What is drawn in the first frame of a place, and what follows.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import { isReturning, restoreScroll } from "../state/place";

/** The first rows of a table, and all of them once those are painted: nobody waits for what lies below the window. Who
 * comes back to where they had scrolled finds all at once. */
export function useLater<T>(rows: T[], first: number): T[] {
  const [painted, setPainted] = useState<T[] | null>(null);
  useEffect(() => setPainted(rows), [rows]);
  return painted === rows || rows.length <= first || isReturning() ? rows : rows.slice(0, first);
}

/** What lies below the window, drawn once what is seen is painted. Who is not at its top, or comes back to where they
 * had scrolled, finds it at once. */
export function Below({ of, children }: { of: unknown; children: ComponentChildren }): ComponentChildren {
  const [painted, setPainted] = useState<unknown>(null);
  useEffect(() => setPainted(of), [of]);
  const isSeen = () => isReturning() || (document.querySelector("[data-keep-scroll]")?.scrollTop ?? 0) > 0;
  return painted === of || isSeen() ? children : null;
}

/** Scrolls to where one was when this place was left, as soon as what it shows is drawn; else to its top. */
export function useKeptScroll(shown: unknown): void {
  useLayoutEffect(() => {
    const pane = document.querySelector<HTMLElement>("[data-keep-scroll]");
    if (shown && pane !== null) restoreScroll(pane);
  }, [shown]);
}
