// An entity: a user, an address, a device, an application. Who it is, what it did, and the way on to others.

import { useEffect, useState } from "preact/hooks";

import type { Column, EntityView, Match } from "../../model";
import { PlaceMap } from "../../charts/map";
import { Ranked, useTally } from "../../parts/counts";
import { usePlaceFocus } from "../../parts/frame";
import { SessionTable } from "../../parts/sessions";
import { Time } from "../../parts/small";
import { capital, exact, figure, moment, of, shortName } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { useKeys } from "../../state/keys";
import { tables } from "../../state/look";
import { backBy, type Entity as Which, go } from "../../state/place";
import { pick, picks, showView } from "../../state/tenant";
import { Spans } from "./spans";
import { Trail } from "./trail";

/** What an entity is drawn against: who used it, or what it used. */
const AGAINST: Partial<Record<Column, Column>> = { user: "address", address: "user", device: "user", app: "user", resource: "user" };
/** What the inspector ranks of each. */
const RANKED: Partial<Record<Column, Column[]>> = {
  user: ["app", "resource", "network", "city", "device", "agent", "method", "risk", "result"],
  address: ["app", "resource", "agent", "device", "result"],
  device: ["app", "address", "agent", "city", "result"],
  app: ["resource", "scope", "network", "agent", "stream", "result"],
  resource: ["app", "scope", "network", "agent", "stream", "result"],
};

export function Entity({ entity }: { entity: Which }) {
  const focus = usePlaceFocus<HTMLElement>();
  const [view, setView] = useState<EntityView | null | undefined>(undefined);
  const [at, setAt] = useState(-1);
  const { column, value } = entity;
  useEffect(() => {
    let current = true;
    setView(undefined);
    setAt(-1);
    void attempt(() => ask({ ask: "entity", column, value })).then((found) => {
      if (current) setView(found ?? null);
    });
    return () => {
      current = false;
    };
  }, [column, value, revision.value]);
  const only: Match[] = [{ column, value, not: false }];
  const rows = view?.sessions ?? [];
  const walk = (by: number) => setAt(Math.min(Math.max(at + by, 0), rows.length - 1));
  const open = () => {
    const row = rows[at];
    if (row !== undefined) go({ name: "session", key: row.key, label: shortName(row.user) });
  };
  const toTenant = () => {
    if (view === null || view === undefined) return;
    showView(column === "user" ? "app" : "user");
    picks.value = [];
    pick(column, view.named, false);
    go({ name: "tenant" });
  };
  useKeys(
    "place",
    [
      { key: "j", shown: ["j", "k"], label: "session", run: () => walk(1), foot: rows.length > 0 },
      { key: "k", label: "session before", run: () => walk(-1) },
      { key: "Enter", shown: ["↵"], label: "open", run: open, foot: rows.length > 0 },
      { key: "v", label: "count its sign-ins", run: toTenant, foot: true },
      { key: "c", label: "copy", run: () => document.querySelector<HTMLElement>(".entity-head .tiny")?.click(), foot: true },
      { key: "Escape", shown: ["Esc"], label: "back", run: () => backBy(1) },
    ],
    [view, at],
  );
  useEffect(() => {
    document.querySelector(".entity tr.sel")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <main class="two entity" tabIndex={-1} ref={focus}>
      <div class="main" data-pane data-keep-scroll>
        <div class="say entity-head">
          <Trail now={entity} />
          {view === null ? (
            <>
              <h1>No record has it.</h1>
              <p>It may stand in a record that is no sign-in and no act.</p>
            </>
          ) : (
            view !== undefined && (
              <>
                <h1 class="any">{view.headline}</h1>
                <p class="any">{view.lead}</p>
              </>
            )
          )}
        </div>
        {view !== undefined && view !== null && (
          <>
            <UsedBy column={column} only={only} view={view} />
            <Flagged view={view} at={at} />
            {column === "user" && <AllSessions only={only} view={view} />}
            <Acts view={view} />
          </>
        )}
      </div>
      <aside class="side entity-side" aria-label="What is known of it" data-pane>
        {view !== undefined && view !== null && (
          <section class="note-block">
            <h2 class="any">{view.named.label}</h2>
            <dl class="facts">
              {view.sums.span !== null && (
                <>
                  <Fact name="First seen">
                    <Time at={view.sums.span[0]} as={exact} />
                  </Fact>
                  <Fact name="Last seen">
                    <Time at={view.sums.span[1]} as={exact} />
                  </Fact>
                </>
              )}
              <Fact name="Sign-ins">
                {figure(view.sums.records)}, {figure(view.sums.refused)} refused
              </Fact>
              {view.facts.map(([name, text]) => (
                <Fact key={name} name={name}>
                  {text}
                </Fact>
              ))}
            </dl>
            <p class="acts">
              <button type="button" class="btn" onClick={toTenant}>
                Count its sign-ins <kbd>v</kbd>
              </button>
            </p>
          </section>
        )}
        {view !== undefined && view !== null && view.places.length > 0 && (
          <section class="note-block">
            <h2>
              From where <small>sign-ins that succeeded</small>
            </h2>
            <PlaceMap places={view.places} />
          </section>
        )}
        {column === "user" && <Ranked column="hour" only={only} title="Hours of the day, UTC" few={24} />}
        {(RANKED[column] ?? []).map((by) => (
          <Ranked key={by} column={by} only={only} />
        ))}
      </aside>
    </main>
  );
}

const Fact = ({ name, children }: { name: string; children: preact.ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd class="any">{children}</dd>
  </div>
);

/** Who used it and when, or from where and when. */
function UsedBy({ column, only, view }: { column: Column; only: Match[]; view: EntityView }) {
  const by = AGAINST[column] ?? "user";
  const counted = useTally({ of: "sign-ins", by: [by], only, order: "most", limit: 30 });
  if (counted === null || counted.records === 0 || view.sums.span === null) return null;
  const rest = counted.groups - counted.rows.length;
  return (
    <section class="sec">
      <h2>
        {by === "user" ? "Who used it, and when" : "From where, and when"}
        <small>
          {moment(view.sums.span[0])} to {moment(view.sums.span[1])}
          {rest > 0 && `; the first ${figure(counted.rows.length)} of ${figure(counted.groups)}`}
        </small>
      </h2>
      <Spans by={by} rows={counted.rows} span={view.sums.span} asTable={tables.value} />
    </section>
  );
}

function Flagged({ view, at }: { view: EntityView; at: number }) {
  if (view.sessions_total === 0) {
    return (
      <section class="sec">
        <h2>Flagged sessions</h2>
        <p class="mid">None it is part of.</p>
      </section>
    );
  }
  return (
    <section class="sec wide-sec">
      <h2>
        Flagged sessions
        <small>
          {of(view.sessions_total, "session")} {view.sessions_total > view.sessions.length && `, the first ${figure(view.sessions.length)}`}
        </small>
      </h2>
      <SessionTable rows={view.sessions} at={at} open />
    </section>
  );
}

/** All sessions of a user that carry an id, flagged or not. */
function AllSessions({ only, view }: { only: Match[]; view: EntityView }) {
  const counted = useTally({ of: "sign-ins", by: ["session"], only, order: "most", limit: 100 });
  const rows = (counted?.rows ?? []).filter((row) => (row.values[0]?.value ?? "") !== "").toSorted((left, right) => right.first - left.first);
  if (counted === null || rows.length === 0) return null;
  const flagged = new Map(view.sessions.map((row) => [row.session, row]));
  return (
    <section class="sec wide-sec">
      <h2>
        All sessions with an id
        <small>
          {counted.groups > counted.rows.length ? `the ${figure(rows.length)} with the most sign-ins, ` : `${figure(rows.length)}, `}the last first
        </small>
      </h2>
      <div class="scroller">
        <table class="entity-all">
          <colgroup>
            <col class="s1" />
            <col class="s2" span={2} />
            <col class="s3" span={2} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th>Session</th>
              <th>First</th>
              <th>Last</th>
              <th class="n">Sign-ins</th>
              <th class="n">Refused</th>
              <th>Flagged</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const id = row.values[0]?.value ?? "";
              const known = flagged.get(id);
              return (
                <tr key={id}>
                  <td class="mono" title={id}>
                    {id.slice(0, 8)}
                  </td>
                  <td>
                    <Time at={row.first} as={moment} />
                  </td>
                  <td>
                    <Time at={row.last} as={moment} />
                  </td>
                  <td class="n">{figure(row.records)}</td>
                  <td class="n">{row.refused === 0 ? <span class="mut">0</span> : figure(row.refused)}</td>
                  <td>
                    {known === undefined ? (
                      <span class="mut">–</span>
                    ) : (
                      <button type="button" class="link el" onClick={() => go({ name: "session", key: known.key, label: shortName(known.user) })}>
                        {capital(known.severity)}: {known.what}
                      </button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Acts({ view }: { view: EntityView }) {
  if (view.acts_total === 0) return null;
  return (
    <section class="sec wide-sec">
      <h2>
        Acts in and outside the directory
        <small>
          {of(view.acts_total, "record")}
          {view.acts_total > view.acts.length && `, the last ${figure(view.acts.length)}`}
        </small>
      </h2>
      <div class="scroller">
        <table class="entity-acts">
          <colgroup>
            <col class="e7" />
            <col class="e8" />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th>When</th>
              <th>Who</th>
              <th>What</th>
            </tr>
          </thead>
          <tbody>
            {view.acts.map((act, index) => (
              <tr key={index}>
                <td>
                  <Time at={act.time} as={moment} />
                </td>
                <td title={act.user.label}>
                  {view.column === "user" || (act.user.value ?? "") === "" ? (
                    shortName(act.user.label)
                  ) : (
                    <button
                      type="button"
                      class="link el"
                      onClick={() => go({ name: "entity", entity: { column: "user", value: act.user.value, label: act.user.label } })}
                    >
                      {shortName(act.user.label)}
                    </button>
                  )}
                </td>
                <td title={act.text}>{act.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
