// Zones of time, with the offsets that the browser knows: the core has no database of them.

import type { ZoneStep, ZoneTold } from "../worker/messages";

const MINUTE = 60_000;
/** Clocks stay as they are for at least a month. */
const STRIDE = 14 * 86_400_000;

/** Names of zones that the browser knows; none where it cannot list them. */
export function zoneNames(): string[] {
  return typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
}

/** A zone as people write it, with its offsets between two moments; null where it is none. */
export function zone(text: string, from: number, to: number): ZoneTold | null {
  const name = text.trim();
  const fixed = /^(?:UTC|GMT)?\s*([+\u2212-])(\d{1,2})(?::?([0-5]\d))?$/i.exec(name);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0);
    return minutes > 14 * 60 ? null : { name, steps: [{ from: 0, east: fixed[1] === "+" ? minutes : -minutes }] };
  }
  const clock = clockOf(name);
  return clock === null ? null : { name, steps: steps(clock, from, to) };
}

/** How far ahead of UTC a zone is at a moment, in minutes. */
type Clock = (moment: number) => number;

function clockOf(timeZone: string): Clock | null {
  if (timeZone === "") return null;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    return (moment) => {
      const parts = new Map(format.formatToParts(moment).map((part) => [part.type, Number(part.value)]));
      const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
      const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
      return Math.round((shown - Math.floor(moment / MINUTE) * MINUTE) / MINUTE);
    };
  } catch {
    // No zone has this name.
    return null;
  }
}

function steps(clock: Clock, from: number, to: number): ZoneStep[] {
  const found: ZoneStep[] = [{ from, east: clock(from) }];
  let east = clock(from);
  for (let at = from; at < to; at += STRIDE) {
    const next = clock(at + STRIDE);
    if (next === east) continue;
    let [before, after] = [at, at + STRIDE];
    while (after - before > MINUTE) {
      const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
      if (clock(middle) === east) before = middle;
      else after = middle;
    }
    found.push({ from: Math.floor(after / MINUTE) * MINUTE, east: next });
    east = next;
  }
  return found;
}
