// Small parts that many places share.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Hand, Severity, Side, Status, Step } from "../model";
import { CoverageShape, SeverityShape } from "./icons";
import { capital, day, exact, figure, here, second } from "./words";

export const Kbd = ({ keys }: { keys: string[] }) => (
  <>
    {keys.map((key) => (
      <kbd key={key}>{key}</kbd>
    ))}
  </>
);

/** A sentence; what stands between backticks is code. */
export const Said = ({ text }: { text: string }) => <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;

/** How often a step was alike, and until when; nothing for a single one. */
export function Again({ step: { count, time, until } }: { step: Step }) {
  if (count < 2) return null;
  return (
    <span class="mut">
      {" "}
      ×{figure(count)}, until {day(until) === day(time) ? second(until) : exact(until)}
    </span>
  );
}

export function SeverityWord({ severity }: { severity: Severity }) {
  return (
    <span class={`sev ${severity}`}>
      <SeverityShape severity={severity} />
      {capital(severity)}
    </span>
  );
}

export const SIDES: Record<Side, string> = {
  owner: "Owner",
  other: "Other",
  first: "First seen",
  later: "Later",
};

/** A holder: disc or square, and where it was. */
export function HandWord({ hand, letter }: { hand: Hand | null; letter?: string | undefined }) {
  if (hand === null) return <span class="mut">–</span>;
  const place = hand.place || hand.network || "unknown place";
  const title = [SIDES[hand.side], hand.agent, hand.network, [hand.place, hand.country].filter(Boolean).join(", ")];
  return (
    <span class={`hand ${hand.side}`} title={title.filter(Boolean).join(" · ")}>
      {letter !== undefined && <span class="letter">{letter}</span>}
      <span>{place}</span>
      {hand.rented !== null && <small class="kept">{hand.rented}</small>}
    </span>
  );
}

export const STATUS: Record<Status, string> = { ran: "in full", partial: "in part", blind: "not at all" };

export function StatusWord({ status, children }: { status: Status; children?: ComponentChildren }) {
  return (
    <span class="st">
      <CoverageShape status={status} />
      <span>{children ?? STATUS[status]}</span>
    </span>
  );
}

/** A time with the local one on hover. */
export const Time = ({ at, as }: { at: number; as: (time: number) => string }) => (
  <time dateTime={Number.isFinite(at) && Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : ""} title={here(at)}>
    {as(at)}
  </time>
);

/** The width of an element, as it changes. */
export function useWidth<T extends HTMLElement>(fallback: number): [{ current: T | null }, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(fallback);
  // Before the first paint: a chart of the fallback's width would stick out of a narrow window for a moment.
  useLayoutEffect(() => {
    const seen = element.current;
    if (seen === null) return;
    if (seen.clientWidth > 0) setWidth(seen.clientWidth);
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.round(entry?.contentRect.width ?? fallback);
      if (next > 0) setWidth(next);
    });
    observer.observe(seen);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}

/** A tooltip beside the pointer or the focused mark. */
export function Tip({ tip }: { tip: { x: number; y: number; text: string } | null }) {
  if (tip === null) return null;
  const flip = tip.x > innerWidth - 340;
  const style = flip
    ? { right: `${innerWidth - tip.x + 12}px`, top: `${Math.max(4, tip.y - 8)}px` }
    : { left: `${tip.x + 12}px`, top: `${Math.max(4, tip.y - 8)}px` };
  return (
    <div class="tip" style={style}>
      {tip.text}
    </div>
  );
}
