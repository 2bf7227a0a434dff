// Lineage: from which request each token came, what was done with it, and the device that made more of them.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { LineageView, RecordRef, SessionView } from "../model";
import { Time, Tip, useWidth } from "../parts/small";
import { exact, figure, of } from "../parts/words";
import { tables } from "../state/look";
import { descent, type Descent, deviceName, type Node } from "./descent";
import { handName, placeId } from "./lanes";
import { OnPaper, Twin } from "./twin";

/** Room between two columns. */
const GAP = 18;
/** Columns are not drawn narrower; the chart scrolls then. */
const LEAST = 112;
const MOST = 230;

interface Props {
  session: SessionView;
  /** The record that is chosen, as `input:record`. */
  chosen: string | null;
  /** Number of the finding that is chosen, from one. */
  finding: number;
  choose: (finding: number, place: RecordRef) => void;
  raw: (place: RecordRef) => void;
}

export function Lineage(props: Props) {
  const { session } = props;
  const [element, width] = useWidth<HTMLDivElement>(816);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setOpen(new Set()), [session.row.key]);
  const tree = useMemo(() => descent(session, open), [session, open]);
  const { lineage } = session;
  if (lineage.grants.length === 0) return null;
  const tokens = lineage.grants.reduce((sum, grant) => sum + grant.tokens, 0);
  return (
    <figure class="fig lineage-fig">
      <figcaption>
        <h2>
          Where each token came from
          <small>
            {of(lineage.grants_total, "kind of token", "kinds of token")}, {tokens === 0 ? "no token ids in the exports" : of(tokens, "token id")}
            {tree.folded > 0 && `; ${figure(tree.folded)} folded`}
          </small>
          <span class="grow" />
          {open.size > 0 && (
            <button type="button" class="btn quiet" onClick={() => setOpen(new Set())}>
              Fold again
            </button>
          )}
        </h2>
      </figcaption>
      <div class="lineage" ref={element}>
        {tables.value ? (
          <LineageTable session={session} />
        ) : (
          <>
            <Tree {...props} tree={tree} width={width} unfold={(id) => setOpen(new Set([...open, id]))} />
            <OnPaper table={() => <LineageTable session={session} />} />
          </>
        )}
      </div>
      <Ends lineage={lineage} raw={props.raw} />
    </figure>
  );
}

interface TreeProps extends Props {
  tree: Descent;
  width: number;
  unfold: (id: string) => void;
}

function Tree({ session, tree, width, chosen, finding, choose, raw, unfold }: TreeProps) {
  const [tip, setTip] = useState<{ x: number; y: number; text: string } | null>(null);
  const [at, setAt] = useState("root");
  const box = useRef<HTMLDivElement>(null);
  const count = tree.columns.length;
  const room = Math.min(MOST, Math.max(LEAST, Math.floor((width - GAP * (count - 1)) / count)));
  const x = (column: number) => column * (room + GAP);
  const whole = x(count - 1) + room;
  // Where there is room, a title is one line and its row lower.
  const flat = room >= 160;
  const [high, tall] = flat ? [46, 38] : [58, 50];
  const byId = new Map(tree.nodes.map((node) => [node.id, node]));
  const focus = (node: Node | undefined) => {
    if (node === undefined) return;
    setAt(node.id);
    box.current?.querySelector<HTMLElement>(`[data-node="${node.id}"]`)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const now = byId.get(at);
    if (now === undefined) return;
    const column = tree.nodes.filter((node) => node.column === now.column).toSorted((left, right) => left.y - right.y);
    const place = column.indexOf(now);
    const children = tree.nodes.filter((node) => node.from === now.id).toSorted((left, right) => left.y - right.y);
    const next = { ArrowRight: children[0], ArrowLeft: now.from === null ? undefined : byId.get(now.from), ArrowDown: column[place + 1], ArrowUp: column[place - 1] };
    if (!(event.key in next)) return;
    event.preventDefault();
    event.stopPropagation();
    focus(next[event.key as keyof typeof next]);
  };
  const press = (node: Node) => {
    setAt(node.id);
    const [number] = node.findings.includes(finding) ? [finding] : node.findings;
    if (node.kind === "fold") unfold(node.id);
    else if (node.place !== null && number !== undefined) choose(number, node.place);
    else if (node.place !== null) raw(node.place);
  };
  const known = byId.has(at) ? at : "root";
  const changed = session.row.opened ? null : tree.nodes.find((node) => node.kind === "holder" && node.other);
  return (
    <div class={`tree ${flat ? "flat" : ""}`} role="group" aria-label={sentence(session, tree)} onKeyDown={onKey} ref={box} style={{ "--fit": Math.min(1, 690 / whole), width: `${whole}px`, height: `${22 + tree.rows * high}px` }}>
      {tree.columns.map((head, column) => (
        <span key={head} class="head" style={{ left: `${x(column)}px`, width: `${room}px` }}>
          {head}
        </span>
      ))}
      <svg width={whole} height={tree.rows * high} class="edges" aria-hidden="true">
        {tree.nodes.map((node) => {
          const from = node.from === null ? undefined : byId.get(node.from);
          if (from === undefined) return null;
          const [x1, x2, y1, y2] = [x(from.column) + room, x(node.column), from.y * high, node.y * high];
          const bend = x1 + Math.min(GAP, x2 - x1);
          const middle = (x1 + bend) / 2;
          const kind = node.hand === null ? "k-mark" : node.other ? "k-other" : "k-owner";
          return <path key={node.id} d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${bend} ${y2}H${x2}`} class={`f-none ${kind}`} stroke-width="1.4" stroke-dasharray={node.loose ? "3 3" : undefined} />;
        })}
        {tree.sides.map(({ from, to }) => {
          const [one, other] = [byId.get(from), byId.get(to)];
          if (one === undefined || other === undefined || one.column !== other.column) return null;
          const [left, up, down] = [x(one.column), one.y * high + 8, other.y * high - 8];
          return <path key={`${from} ${to}`} d={`M${left} ${up}C${left - 18} ${up} ${left - 18} ${down} ${left} ${down}`} class={`f-none ${other.other ? "k-other" : "k-owner"}`} stroke-width="1.4" />;
        })}
      </svg>
      {tree.nodes.map((node) => {
        const on = node.place !== null && placeId(node.place) === chosen;
        const side = node.hand === null ? "nobody" : node.other ? "other" : "owner";
        const [number] = node.findings.includes(finding) ? [finding] : node.findings;
        return (
          <button
            key={node.id}
            type="button"
            data-node={node.id}
            tabIndex={node.id === known ? 0 : -1}
            class={`node ${node.kind} ${side} ${on ? "on" : ""} ${node.findings.includes(finding) ? "lit" : ""}`}
            style={{ left: `${x(node.column)}px`, top: `${22 + node.y * high - tall / 2}px`, width: `${room}px`, height: `${tall}px` }}
            aria-description={node.more.replaceAll("\n", "; ")}
            onClick={() => press(node)}
            onFocus={(event) => {
              setAt(node.id);
              const seen = event.currentTarget.getBoundingClientRect();
              if (event.currentTarget.matches(":focus-visible")) setTip({ x: seen.right, y: seen.top, text: node.more });
            }}
            onBlur={() => setTip(null)}
            onPointerEnter={(event) => {
              const seen = event.currentTarget.getBoundingClientRect();
              setTip({ x: seen.right, y: seen.top, text: node.more });
            }}
            onPointerLeave={() => setTip(null)}
          >
            <span class="title b">{node.title}</span>
            {number !== undefined && (
              <span class="number">
                <span class="vh">finding </span>
                {number}
              </span>
            )}
            <span class="el small">{node.text}</span>
          </button>
        );
      })}
      {changed !== null && changed !== undefined && session.row.changed !== null && (
        <span class="passed" style={{ left: `${x(changed.column)}px`, top: `${22 + changed.y * high + tall / 2}px`, width: `${room}px` }}>
          changed hands here
        </span>
      )}
      <Tip tip={tip} />
    </div>
  );
}

/** What ended it, or should have. */
function Ends({ lineage, raw }: { lineage: LineageView; raw: (place: RecordRef) => void }) {
  if (lineage.ends.length === 0) return null;
  return (
    <ul class="ends">
      {lineage.ends.slice(0, 4).map((end) => (
        <li key={placeId(end.place)}>
          <Time at={end.time} as={exact} /> <b class="any">{end.text}.</b>{" "}
          {end.after === 0 ? "Nothing of this session followed." : `${of(end.after, "success", "successes")} of this session followed all the same.`}{" "}
          <button type="button" class="link" aria-label={`raw record of ${exact(end.time)}`} onClick={() => raw(end.place)}>
            raw
          </button>
        </li>
      ))}
      {lineage.ends.length > 4 && <li class="mut">{figure(lineage.ends.length - 4)} more: the table of the chart has them.</li>}
    </ul>
  );
}

function sentence(session: SessionView, tree: Descent): string {
  const { lineage } = session;
  const made = lineage.devices.filter((device) => device.here);
  const device = made.length === 0 ? "" : `; ${made.map(deviceName).join(", ")} was registered in it and got tokens of its own`;
  const root = lineage.root === null ? "a sign-in that is not in the exports" : "one sign-in";
  return `${of(lineage.grants_total, "kind of token", "kinds of token")} of ${root}, in the hands of ${of(session.hands.length, "holder")}${device}; ${of(lineage.uses_total, "kind of use", "kinds of use")}. ${of(tree.nodes.length, "node")}, arrow keys move`;
}

interface Line {
  time: number;
  what: string;
  how: string;
  by: string;
  from: string;
  goal: string;
  count: number;
  findings: string;
}

function LineageTable({ session }: { session: SessionView }) {
  const { grants, uses, devices, ends } = session.lineage;
  const app = (number: number | null) => (number === null ? "" : (grants[number]?.app ?? ""));
  const parent = (number: number) => {
    const grant = grants[number];
    if (grant === undefined) return "";
    if (grant.device !== null) return `${deviceName(devices[grant.device] ?? { id: "a device", name: "" } as never)}, its primary refresh token`;
    return { nothing: "a sign-in", grant: app(grant.of), "other-session": "another session", "not-in-exports": "not in the exports", held: "held by the session" }[grant.parent];
  };
  const lines: Line[] = [
    ...grants.map((grant, number) => ({ time: grant.first, what: grant.app, how: grant.how, by: handName(session, grant.hand), from: parent(number), goal: grant.resources.join(", "), count: grant.count, findings: grant.findings.join(", ") })),
    ...devices.map((device) => ({ time: device.first, what: deviceName(device), how: device.here ? "Device registered here" : "Device", by: handName(session, device.hand), from: app(device.of), goal: "", count: device.primary, findings: device.findings.join(", ") })),
    ...uses.map((use) => ({ time: use.first, what: use.text, how: "Use", by: handName(session, use.hand), from: use.of === null ? use.link : app(use.of), goal: use.category, count: use.count, findings: use.findings.join(", ") })),
    ...ends.map((end) => ({ time: end.time, what: end.text, how: "End", by: "", from: "", goal: "", count: end.after, findings: "" })),
  ];
  return (
    <Twin
      caption="Tokens, devices, what used them, and what ended the session"
      rows={lines.toSorted((left, right) => left.time - right.time)}
      columns={[
        { head: "Time, UTC", cell: (line) => exact(line.time), by: (line) => line.time },
        { head: "What", cell: (line) => line.what },
        { head: "How", cell: (line) => line.how },
        { head: "By whom", cell: (line) => line.by },
        { head: "From", cell: (line) => line.from },
        { head: "Used for", cell: (line) => line.goal },
        { head: "Times", cell: (line) => figure(line.count), by: (line) => line.count },
        { head: "Finding", cell: (line) => line.findings },
      ]}
    />
  );
}
