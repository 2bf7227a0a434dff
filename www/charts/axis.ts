// Time axes: days and clock times, as many as have room.

import { scaleUtc } from "d3-scale";

import { day, minute, month as monthAndYear, weekday } from "../parts/words";

const DAY = 86_400_000;

export interface Tick {
  time: number;
  label: string;
}

/** Ticks between two times, at most one per `room` pixels. */
export function timeTicks(from: number, to: number, width: number, room: number): Tick[] {
  const scale = scaleUtc().domain([from, to]).range([0, width]);
  const all = scale.ticks(Math.max(1, Math.floor(width / room))).map(Number);
  // Over days, only days: hours between them say nothing.
  const ticks = to - from > 3 * DAY ? all.filter((time) => time % DAY === 0) : all;
  const step = (ticks[1] ?? to) - (ticks[0] ?? from);
  let month = -1;
  return ticks.map((time) => {
    const at = new Date(time);
    if (step > 27 * DAY) return { time, label: monthAndYear(time) };
    if (step < DAY) {
      const midnight = at.getUTCHours() === 0 && at.getUTCMinutes() === 0;
      return { time, label: midnight ? day(time) : minute(time) };
    }
    const isNew = at.getUTCMonth() !== month;
    month = at.getUTCMonth();
    return { time, label: step < 2 * DAY ? weekday(time, isNew) : day(time) };
  });
}

/** The days between two times that fall on a weekend. */
export function weekends(from: number, to: number): number[] {
  const days: number[] = [];
  for (let time = Math.floor(from / DAY) * DAY; time < to && days.length < 400; time += DAY) {
    if ([0, 6].includes(new Date(time).getUTCDay())) days.push(time);
  }
  return days;
}

export { DAY };
