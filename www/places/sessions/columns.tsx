// The columns of the table of sessions: head, width, and what a row shows.

import type { ComponentChildren } from "preact";

import { After, AfterHead } from "../../charts/after";
import type { Row, SortBy } from "../../model";
import { HandWord, SeverityWord, Time } from "../../parts/small";
import { capital, classWord, figure, moment, shortName } from "../../parts/words";
import { markOf } from "../../state/marks";
import { go } from "../../state/place";
import { COLUMN_NAMES, type ColumnId } from "../../state/views";
import { Found } from "./found";

export interface Shown {
  head?: ComponentChildren;
  by?: SortBy;
  class?: string;
  /** Pixels where the table is narrow, and where it is wide. */
  width: [number, number];
  title?: (row: Row) => string | undefined;
  cell: (row: Row) => ComponentChildren;
}

const NONE = <span class="mut">–</span>;

const words = (text: string | undefined) => (text === undefined || text === "" ? NONE : <Found text={text} />);
const several = (names: string[]) => words(names.join(", "));

export const SHOWN: Record<ColumnId, Shown> = {
  severity: { by: "severity", width: [94, 94], cell: (row) => <SeverityWord severity={row.severity} /> },
  score: { by: "score", class: "n b", width: [54, 54], cell: (row) => row.score },
  user: {
    by: "user",
    class: "el",
    width: [122, 150],
    title: (row) => row.user,
    cell: (row) => (
      <>
        <button type="button" class="link el" tabIndex={-1} onClick={() => go({ name: "session", key: row.key })}>
          <Found text={shortName(row.user)} />
        </button>
        {row.classes.map((one) => (
          <small key={one} class="mid">
            {classWord(one)}
          </small>
        ))}
      </>
    ),
  },
  what: { by: "what", class: "el", width: [220, 320], title: (row) => row.what, cell: (row) => <Found text={row.what} /> },
  owner: { by: "owner", width: [90, 96], cell: (row) => <HandWord hand={row.owner} /> },
  other: { by: "other", width: [152, 164], cell: (row) => <HandWord hand={row.other} /> },
  network: { class: "el", width: [160, 200], title: (row) => row.other?.network, cell: (row) => words(row.other?.network) },
  address: { class: "el", width: [130, 150], title: (row) => row.addresses.join(", "), cell: (row) => several(row.addresses) },
  country: { class: "el", width: [100, 120], title: (row) => row.other?.country, cell: (row) => words(row.other?.country) },
  agent: { class: "el", width: [140, 170], title: (row) => row.other?.agent, cell: (row) => words(row.other?.agent) },
  app: { class: "el", width: [160, 220], title: (row) => row.apps.join(", "), cell: (row) => several(row.apps) },
  device: { class: "el", width: [120, 150], title: (row) => row.devices.join(", "), cell: (row) => several(row.devices) },
  after: { head: <AfterHead />, class: "lf", width: [160, 160], cell: (row) => <After row={row} /> },
  changed: {
    by: "changed",
    class: "nw",
    width: [106, 106],
    cell: (row) => (row.changed !== null ? <Time at={row.changed} as={moment} /> : row.opened ? "from the start" : NONE),
  },
  first: { class: "nw", width: [106, 106], cell: (row) => <Time at={row.first} as={moment} /> },
  last: { class: "nw", width: [106, 106], cell: (row) => <Time at={row.last} as={moment} /> },
  findings: { by: "findings", class: "n", width: [70, 70], cell: (row) => figure(row.findings) },
  events: { class: "n", width: [70, 70], cell: (row) => figure(row.events) },
  marked: {
    class: "el",
    width: [82, 82],
    title: (row) => markOf(row.key)?.note,
    cell: (row) => {
      const mark = markOf(row.key);
      return mark?.verdict ? capital(mark.verdict) : mark ? "Note" : row.allowed !== null ? "Allowed" : NONE;
    },
  },
};

/** The grid's columns in CSS, and the least width of all. */
export function tracks(columns: ColumnId[], wide: boolean): { cols: string; least: number } {
  const sizes = columns.map((id) => ({ id, px: SHOWN[id].width[wide ? 1 : 0] }));
  // Where there is room, the remainder stands empty at the right, not inside a row.
  const size = ({ id, px }: { id: ColumnId; px: number }) => (id === "what" ? (wide ? `minmax(160px, ${px}px)` : "minmax(160px, 1fr)") : `${px}px`);
  const cols = sizes.map(size).join(" ") + (wide ? " minmax(0, 1fr)" : "");
  return { cols, least: sizes.reduce((sum, { id, px }) => sum + (id === "what" ? 160 : px), 0) };
}

export const headOf = (id: ColumnId): ComponentChildren => SHOWN[id].head ?? COLUMN_NAMES[id];
