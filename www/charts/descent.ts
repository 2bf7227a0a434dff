// Where the tokens of a session came from, as a tree in columns: sign-in, who held the session, what they
// redeemed it for, the device that came about in it, what that device's primary refresh token was redeemed
// for, and what was done with all of these.

import type { DeviceNode, GrantNode, RecordRef, SessionView, UseNode } from "../model";
import { day, exact, figure, minute, moment, of } from "../parts/words";
import { handName, isOther } from "./lanes";

/** Tokens told of each holder; the rest are one node, unless it is unfolded. */
const FEW = 5;
/** Tokens told of the owner's side. */
const OWN = 2;
/** Uses told of each token. */
const USES = 3;
export type Kind = "sign-in" | "holder" | "token" | "device" | "use" | "fold" | "missing";

export interface Node {
  id: string;
  kind: Kind;
  /** Number of the column. */
  column: number;
  title: string;
  /** What stands below the title. */
  text: string;
  /** All of it, for a tooltip. */
  more: string;
  hand: number | null;
  other: boolean;
  findings: number[];
  place: RecordRef | null;
  /** What it came from. */
  from: string | null;
  /** Whether only the session ties it to that, not a token id. */
  loose: boolean;
  /** Its middle, in rows. */
  y: number;
}

/** An edge that the tree has no room for: a token redeemed for another of the same column. */
export interface Side {
  from: string;
  to: string;
}

export interface Descent {
  columns: string[];
  nodes: Node[];
  sides: Side[];
  rows: number;
  /** How many nodes are folded away. */
  folded: number;
}

const HEADS = ["Sign-in", "Held by", "Redeemed for", "New device, its PRT", "Redeemed for on it", "What used it"];

const LINKS: Record<string, string> = { "token id": "by token id", "session id": "by session id", "address and time": "by address and time" };

function span(first: number, last: number): string {
  return first === last ? exact(first) : `${exact(first)} to ${exact(last)}`;
}

/** The time of day, where all of the session is of one day. */
let when: (time: number) => string = moment;

const resources = (grant: GrantNode) => {
  const [first, ...rest] = grant.resources;
  return first === undefined ? "" : rest.length === 0 ? first : `${first} +${rest.length}`;
};

function grantNode(session: SessionView, grant: GrantNode, number: number, column: number): Node {
  const goal = resources(grant);
  const parts = [when(grant.first), goal === grant.app || goal === "" ? "" : `for ${goal}`, grant.count > 1 ? `×${figure(grant.count)}` : ""];
  const ids = grant.tokens === 0 ? "no token ids in the exports" : of(grant.tokens, "token id");
  return {
    id: `g${number}`,
    kind: "token",
    column,
    title: grant.app,
    text: parts.filter(Boolean).join(" · "),
    more: [`${grant.how}, ${grant.app}`, grant.resources.length > 0 ? `for ${grant.resources.join(", ")}` : "", span(grant.first, grant.last), `${of(grant.count, "success", "successes")}, ${ids}`, PARENTS[grant.parent], handName(session, grant.hand)]
      .filter(Boolean)
      .join("\n"),
    hand: grant.hand,
    other: isOther(session, grant.hand),
    findings: grant.findings,
    place: grant.place,
    from: null,
    loose: grant.parent === "not-in-exports" || grant.parent === "other-session",
    y: 0,
  };
}

const PARENTS: Record<GrantNode["parent"], string> = {
  nothing: "no token came in",
  grant: "redeemed from another token of this session, by request id",
  "other-session": "redeemed from a token of another session",
  "not-in-exports": "redeemed from a request that is not in the exports",
  held: "the session held a token; no id says from which request",
};

export const deviceName = (device: DeviceNode) => device.name || device.id.slice(0, 8);

function deviceNode(session: SessionView, device: DeviceNode, number: number): Node {
  const text = `${device.registered === null ? "first seen" : "registered"} ${when(device.first)}`;
  return {
    id: `d${number}`,
    kind: "device",
    column: 3,
    title: deviceName(device),
    text,
    more: [`Device ${device.id}`, `${text}${device.primary > 0 ? ": it got a primary refresh token (PRT) of its own" : ""}`, device.sure || device.of === null ? "" : "the token for it by time: the last one for registering devices before it", `used ${of(device.primary, "time")} in ${of(device.sessions, "session")}`, handName(session, device.hand)].filter(Boolean).join("\n"),
    hand: device.hand,
    other: isOther(session, device.hand),
    findings: device.findings,
    place: device.registered,
    from: null,
    loose: !device.sure,
    y: 0,
  };
}

function useNode(session: SessionView, use: UseNode, number: number): Node {
  const where = use.addresses > 1 ? `${figure(use.addresses)} addresses` : use.network;
  return {
    id: `u${number}`,
    kind: "use",
    column: 5,
    title: use.count === 1 ? use.text : `${figure(use.count)} × ${use.category || use.text}`,
    text: [when(use.first), use.of === null ? LINKS[use.link] : ""].filter(Boolean).join(" · "),
    more: [use.text, span(use.first, use.last), of(use.count, "record"), where, LINKS[use.link] ?? use.link, handName(session, use.hand)].filter(Boolean).join("\n"),
    hand: use.hand,
    other: isOther(session, use.hand),
    findings: use.findings,
    place: use.place,
    from: null,
    loose: use.link === "address and time",
    y: 0,
  };
}

/** Puts the lineage of a session into columns and rows. `open` names the folds that are unfolded. */
export function descent(session: SessionView, open: ReadonlySet<string>): Descent {
  const { lineage } = session;
  when = day(session.row.first) === day(session.row.last) ? minute : moment;
  const nodes: Node[] = [];
  const sides: Side[] = [];
  let folded = 0;
  const add = (node: Node, from: string | null) => {
    nodes.push({ ...node, from });
    return node.id;
  };
  const fold = (id: string, column: number, from: string, count: number, what: string, names: string[], hand: number | null) => {
    folded += count;
    add(
      {
        id,
        kind: "fold",
        column,
        title: of(count, `more ${what}`),
        text: names.join(", "),
        more: names.join("\n"),
        hand,
        other: isOther(session, hand),
        findings: [],
        place: null,
        from,
        loose: false,
        y: 0,
      },
      from,
    );
  };
  // How it began.
  const opening = lineage.root === null ? -1 : lineage.grants.findIndex((grant) => grant.parent === "nothing");
  const opened = lineage.grants[opening];
  const root =
    opened === undefined
      ? add({ id: "root", kind: "missing", column: 0, title: "Not in the exports", text: "its sign-in came before", more: "The session began before the first record of it that the exports hold.", hand: null, other: false, findings: [], place: null, from: null, loose: true, y: 0 }, null)
      : add({ ...grantNode(session, opened, opening, 0), id: "root", kind: "sign-in", title: opened.how, text: `${when(opened.first)} · ${opened.app}` }, null);
  // Who held it.
  const hands = session.hands.map((hand, number) => {
    const held = lineage.grants.filter((grant) => grant.hand === number);
    const first = held.reduce((least, grant) => Math.min(least, grant.first), Infinity);
    return { hand, number, held, first };
  });
  const holder = new Map<number | null, string>();
  for (const { hand, number, held, first } of hands) {
    const where = [hand.place, hand.rented].filter(Boolean).join(", ") || hand.network;
    const last = held.reduce((most, grant) => Math.max(most, grant.last), -Infinity);
    holder.set(
      number,
      add(
        {
          id: `h${number}`,
          kind: "holder",
          column: 1,
          title: handName(session, number),
          text: [Number.isFinite(first) ? when(first) : "no token", where].filter(Boolean).join(" · "),
          more: [hand.agent, where, hand.network, Number.isFinite(first) ? span(first, last) : "", of(held.length, "kind of token", "kinds of token")].filter(Boolean).join("\n"),
          hand: number,
          other: isOther(session, number),
          findings: [],
          place: null,
          from: root,
          loose: false,
          y: 0,
        },
        root,
      ),
    );
  }
  const holderOf = (hand: number | null) => holder.get(hand) ?? root;
  // Devices that came about in it.
  const made = lineage.devices.flatMap((device, number) => (device.here ? [{ device, number }] : []));
  const shown = new Set<number>();
  const weight = (number: number) => {
    const grant = lineage.grants[number];
    if (grant === undefined) return 0;
    const uses = lineage.uses.some((use) => use.of === number);
    const makes = made.some(({ device }) => device.of === number);
    return (grant.findings.length > 0 ? 4 : 0) + (makes ? 4 : 0) + (uses ? 2 : 0);
  };
  const tokens = (numbers: number[], from: string, column: number, hand: number | null) => {
    const key = `f${from}`;
    const most = open.has(key) ? numbers.length : isOther(session, hand) || session.hands.length < 2 ? FEW : OWN;
    const ranked = numbers.toSorted((left, right) => weight(right) - weight(left) || left - right);
    const kept = numbers.length <= most + 1 ? numbers : ranked.slice(0, most).toSorted((left, right) => left - right);
    for (const number of kept) {
      const grant = lineage.grants[number];
      if (grant === undefined) continue;
      shown.add(number);
      add(grantNode(session, grant, number, column), from);
    }
    const rest = numbers.filter((number) => !kept.includes(number));
    if (rest.length > 0) fold(key, column, from, rest.length, "token", [...new Set(rest.map((number) => lineage.grants[number]?.app ?? ""))], hand);
  };
  const numbers = lineage.grants.map((_, number) => number).filter((number) => number !== opening);
  const onDevice = (number: number) => made.find((one) => one.number === lineage.grants[number]?.device);
  for (const hand of [...hands.map(({ number }) => number), null]) {
    const own = numbers.filter((number) => (lineage.grants[number]?.hand ?? null) === hand && onDevice(number) === undefined);
    if (own.length > 0) tokens(own, holderOf(hand), 2, hand);
  }
  for (const { device, number } of made) {
    const from = device.of !== null && shown.has(device.of) ? `g${device.of}` : device.of === opening && device.of !== null ? root : holderOf(device.hand);
    add(deviceNode(session, device, number), from);
    const own = numbers.filter((grant) => onDevice(grant)?.number === number);
    tokens(own, `d${number}`, 4, device.hand);
  }
  // Redeemed from another token that stands in the same column.
  for (const number of shown) {
    const grant = lineage.grants[number];
    if (grant?.parent === "grant" && grant.of !== null && shown.has(grant.of)) sides.push({ from: `g${grant.of}`, to: `g${number}` });
  }
  // What was done with them.
  const registrations = new Set(made.flatMap(({ device }) => (device.registered === null ? [] : [`${device.registered.input}:${device.registered.record}`])));
  const byParent = new Map<string, number[]>();
  lineage.uses.forEach((use, number) => {
    if (registrations.has(`${use.place.input}:${use.place.record}`) && use.count === 1) return;
    const from = use.of === null ? holderOf(use.hand) : use.of === opening ? root : shown.has(use.of) ? `g${use.of}` : holderOf(use.hand);
    byParent.set(from, [...(byParent.get(from) ?? []), number]);
  });
  for (const [from, all] of byParent) {
    const key = `f${from}u`;
    const most = open.has(key) ? all.length : USES;
    const ranked = all.toSorted((left, right) => (lineage.uses[right]?.findings.length ?? 0) - (lineage.uses[left]?.findings.length ?? 0) || left - right);
    const kept = all.length <= most + 1 ? all : ranked.slice(0, most).toSorted((left, right) => left - right);
    for (const number of kept) {
      const use = lineage.uses[number];
      if (use !== undefined) add(useNode(session, use, number), from);
    }
    const rest = all.filter((number) => !kept.includes(number));
    if (rest.length > 0) fold(key, 5, from, rest.length, "use", rest.map((number) => lineage.uses[number]?.text ?? ""), null);
  }
  return settle(nodes, sides, folded);
}

/** Rows for the leaves, parents in the middle of what came of them; columns that nothing stands in are left out. */
function settle(nodes: Node[], sides: Side[], folded: number): Descent {
  const children = new Map<string | null, Node[]>();
  for (const node of nodes) children.set(node.from, [...(children.get(node.from) ?? []), node]);
  let row = 0;
  const put = (node: Node): number => {
    const own = (children.get(node.id) ?? []).toSorted((left, right) => left.column - right.column);
    if (own.length === 0) node.y = row++ + 0.5;
    else {
      const ys = own.map(put);
      node.y = ((ys[0] ?? 0) + (ys.at(-1) ?? 0)) / 2;
    }
    return node.y;
  };
  for (const node of children.get(null) ?? []) put(node);
  const used = HEADS.map((_, column) => nodes.some((node) => node.column === column));
  const place = used.map((_, column) => used.slice(0, column).filter(Boolean).length);
  for (const node of nodes) node.column = place[node.column] ?? 0;
  return { columns: HEADS.filter((_, column) => used[column]), nodes, sides, rows: row, folded };
}
