// Numbers, times and lengths as the page writes them. Times are UTC; a tooltip gives the local one.

import type { Spot, UserClass } from "../model";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const two = (number: number) => String(number).padStart(2, "0");

/** `499,684` */
export const figure = (number: number) => grouped.format(number);

/** Where a record begins: `byte 1,234`, or `row 12 of sheet Sign-ins`. */
export function spot({ offset, sheet, row }: Spot): string {
  if (sheet === undefined) return `byte ${figure(offset ?? 0)}`;
  return row === undefined ? `sheet ${visible(sheet)}` : `row ${figure(row)} of sheet ${visible(sheet)}`;
}

/** `12 Nov` */
export function day(time: number): string {
  const at = new Date(time);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
}

/** `Nov 2026` */
export function month(time: number): string {
  const at = new Date(time);
  return `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** `Thu 12` or, on the first of a month or list, `Thu 12 Nov` */
export function weekday(time: number, withMonth: boolean): string {
  const at = new Date(time);
  return `${DAYS[at.getUTCDay()]} ${at.getUTCDate()}${withMonth ? ` ${MONTHS[at.getUTCMonth()]}` : ""}`;
}

export const isWeekend = (time: number) => [0, 6].includes(new Date(time).getUTCDay());

/** `15:52` */
export function minute(time: number): string {
  const at = new Date(time);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** `15:52:31` */
export function second(time: number): string {
  return `${minute(time)}:${two(new Date(time).getUTCSeconds())}`;
}

/** `12 Nov 15:52` */
export const moment = (time: number) => `${day(time)} ${minute(time)}`;

/** `12 Nov 15:52:31` */
export const exact = (time: number) => `${day(time)} ${second(time)}`;

/** The same moment here, for a tooltip: `16:52:31 here (UTC+1)`. */
export function here(time: number): string {
  const at = new Date(time);
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? "−" : "+";
  const hours = `${Math.floor(Math.abs(offset) / 60)}${offset % 60 === 0 ? "" : `:${two(Math.abs(offset) % 60)}`}`;
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${exact(time)} UTC; ${at.getDate()} ${MONTHS[at.getMonth()]} ${clock} here (UTC${sign}${hours})`;
}

/** `11 min 23 s`: the largest two units. */
export function length(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const units: [number, string][] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = units.findIndex(([size]) => seconds >= size);
  if (first === -1) return "0 s";
  let rest = seconds;
  return units
    .slice(first, first + 2)
    .map(([size, name]) => {
      const number = Math.floor(rest / size);
      rest -= number * size;
      return number === 0 ? "" : `${number} ${name}`;
    })
    .filter((part) => part !== "")
    .join(" ");
}

/** `38.4 MB`: decimal. */
export function bytes(number: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = number;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `1 session`, `9 sessions` */
export const of = (number: number, one: string, many = `${one}s`) => `${figure(number)} ${number === 1 ? one : many}`;

/** `1 session, above the line`, `9 sessions, 2 of them above the line` */
export const withAbove = (number: number, above: number) =>
  number === 1 ? `1 session, ${above === 1 ? "above" : "below"} the line` : `${of(number, "session")}, ${figure(above)} of them above the line`;

/** What a user is besides, in a word. */
export const classWord = (one: UserClass): string =>
  ({ privileged: "privileged", vip: "VIP", "break-glass": "break-glass", "service-account": "service account" })[one];

/** A user's name without what follows the `@`. */
export function shortName(name: string): string {
  const at = name.indexOf("@");
  return at > 0 ? name.slice(0, at) : name;
}

const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Text of a log with its control, invisible and direction-changing characters spelled out. Line ends and
 * tabs stay: they lay out the record. */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (letter) => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`);
}

/** Rows for a spreadsheet, cells apart by tabs. A cell that it would run as a formula is made text, as in the CSV:
 * what is in it may be from a log that an attacker has written to. */
export function rowsToPaste(rows: (string | number)[][]): string {
  const cell = (value: string | number) => {
    if (typeof value === "number") return String(value);
    const text = visible(value).replaceAll(/[\t\r\n]/g, " ");
    return /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  };
  return rows.map((cells) => cells.map(cell).join("\t")).join("\n");
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
