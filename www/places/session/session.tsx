// One session: the verdict, whose hands, what happened, and the proof of each claim beside it.

import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import { Distance } from "../../charts/distance";
import { Lanes, letterOf, placeId, wholeLanes } from "../../charts/lanes";
import { Lineage } from "../../charts/lineage";
import type { Column, EvidenceRow, Lanes as LanesData, RecordRef, SessionView } from "../../model";
import { CopyButton } from "../../parts/copy";
import { usePlaceFocus } from "../../parts/frame";
import { Below, useKeptScroll } from "../../parts/later";
import { Kbd, SeverityWord, Time } from "../../parts/small";
import { classWord, figure, minute, of, shortName } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { selected } from "../../state/filters";
import { dialogue, useKeys } from "../../state/keys";
import { mark, markOf } from "../../state/marks";
import { link } from "../../state/address";
import { back, go, label, replace } from "../../state/place";
import { COLUMNS } from "../../state/tenant";
import { allKeys } from "../sessions/rows";
import { Diff } from "./diff";
import { Exposed } from "./exposed";
import { Incident, isWider } from "./incident";
import { Inspector } from "./inspector";
import { RawDrawer } from "./raw";
import { Story } from "./story";

export function Session({ sessionKey }: { sessionKey: string }) {
  const focus = usePlaceFocus<HTMLElement>();
  const [view, setView] = useState<SessionView | null | undefined>(undefined);
  const [lanes, setLanes] = useState<LanesData | null>(null);
  const [order, setOrder] = useState<string[]>([]);
  const [finding, setFinding] = useState(1);
  const [chosen, setChosen] = useState<string | null>(null);
  const [raw, setRaw] = useState<RecordRef | null>(null);
  // Asked before anything is painted, and drawn at once when both are here.
  useLayoutEffect(() => {
    const stale = new AbortController();
    const { signal } = stale;
    selected.value = sessionKey;
    const asked = [ask({ ask: "session", key: sessionKey }, { signal }), ask(wholeLanes(sessionKey), { signal })] as const;
    void attempt(() => Promise.all(asked)).then(([found, lanes] = [null, null]) => {
      if (signal.aborted) return;
      setView(found);
      setLanes(lanes);
      link.value = found?.row.link ?? null;
      if (found !== null) label(shortName(found.row.user));
      setFinding(1);
      setChosen(null);
      setRaw(null);
    });
    return () => stale.abort();
  }, [sessionKey, revision.value]);
  const isHere = view !== undefined;
  useKeptScroll(view?.row.key);
  useEffect(() => {
    // What is drawn comes first: its lanes are asked for by then.
    if (isHere) void allKeys().then(setOrder);
  }, [revision.value, isHere]);

  const at = order.indexOf(sessionKey);
  const step = (by: number) => {
    const next = order[at + by];
    if (at !== -1 && next !== undefined) replace({ name: "session", key: next });
  };
  const evidence = view?.findings[finding - 1]?.evidence ?? [];
  const walk = (by: number) => {
    const now = evidence.findIndex((row) => placeId(row.place) === chosen);
    const next = evidence[Math.min(Math.max(now + by, 0), evidence.length - 1)];
    if (next === undefined) return;
    setChosen(placeId(next.place));
    if (raw !== null) setRaw(next.place);
  };
  const chooseFinding = (number: number) => {
    setFinding(number);
    setChosen(null);
  };
  const openRaw = () => {
    const row = evidence.find((one) => placeId(one.place) === chosen) ?? evidence[0];
    if (row === undefined) return;
    setChosen(placeId(row.place));
    setRaw(raw !== null && placeId(raw) === placeId(row.place) ? null : row.place);
  };
  const nextFinding = (by: number) => {
    const count = view?.findings.length ?? 1;
    chooseFinding(Math.min(Math.max(finding + by, 1), count));
  };
  useKeys(
    "place",
    [
      { key: "j", shown: ["j", "k"], label: "evidence", run: () => walk(1), foot: true },
      { key: "k", label: "evidence before", run: () => walk(-1) },
      { key: "ArrowDown", shown: ["↓"], label: "next finding", run: () => nextFinding(1) },
      { key: "ArrowUp", shown: ["↑"], label: "finding before", run: () => nextFinding(-1) },
      { key: "[", shown: ["[", "]"], label: "session", run: () => step(-1), foot: true },
      { key: "]", label: "next session", run: () => step(1) },
      { key: "e", label: "raw record", run: openRaw, foot: true },
      { key: "m", shown: ["m", "b"], label: "mark", run: () => mark(sessionKey, "malicious"), foot: true },
      { key: "b", label: "benign", run: () => mark(sessionKey, "benign") },
      { key: "n", label: "note", run: () => (dialogue.value = "note"), foot: true },
      { key: "a", label: "allow-list", run: () => (dialogue.value = "allow"), foot: true },
      { key: "c", label: "copy KQL", run: () => document.querySelector<HTMLElement>(".copy-kql")?.click() },
      { key: "Escape", shown: ["Esc"], label: "back", run: back },
    ],
    [view, order, finding, chosen, raw, sessionKey],
  );
  if (view === null) {
    return (
      <main class="two" tabIndex={-1} ref={focus}>
        <div class="main">
          <div class="card empty">
            <h2>This session shows no sign any more</h2>
            <p>With the tuning of now, nothing is found in it.</p>
            <div class="acts">
              <button type="button" class="btn" onClick={() => go({ name: "sessions" })}>
                All sessions
              </button>
            </div>
          </div>
        </div>
      </main>
    );
  }
  if (view === undefined) return <main class="two" tabIndex={-1} ref={focus} />;
  const { row } = view;
  const pick = (one: EvidenceRow) => setChosen(placeId(one.place));
  return (
    <main class={`two session ${row.above ? "" : "weak"}`} tabIndex={-1} ref={focus}>
      <div class="session-wrap">
        <div class={`main ${raw === null ? "" : "with-drawer"}`} data-pane data-keep-scroll>
          <div class="session-head">
            <Trail view={view} at={at} of={order.length} />
            <Verdict view={view} />
            <Meta view={view} />
          </div>
          <div class="cols">
            <div class="blk scroller">
              <Diff view={view} />
              <Others view={view} />
              <Links view={view} />
              <Ask view={view} />
            </div>
            <Distance session={view} chosen={chosen} />
          </div>
          <Lanes session={view} whole={lanes} chosen={chosen} choose={chooseFinding} />
          <Below of={view}>
            <Lineage
              session={view}
              chosen={chosen}
              finding={finding}
              choose={(number, at) => {
                setFinding(number);
                setChosen(placeId(at));
              }}
              raw={(at) => {
                setChosen(placeId(at));
                setRaw(at);
              }}
            />
            {view.incident !== null && <Exposed incident={view.incident} />}
            <Story view={view} chosen={chosen} choose={chooseFinding} raw={(one) => setRaw(one.place)} />
            {view.incident !== null && isWider(view.incident, sessionKey) && <Incident incident={view.incident} sessionKey={sessionKey} />}
          </Below>
        </div>
        {raw !== null && <RawDrawer place={raw} close={() => setRaw(null)} />}
      </div>
      <Inspector view={view} finding={finding} choose={chooseFinding} chosen={chosen} pick={pick} raw={(one) => setRaw(one.place)} />
    </main>
  );
}

function Trail({ view, at, of: all }: { view: SessionView; at: number; of: number }) {
  const { row } = view;
  return (
    <nav class="trail" aria-label="Trail">
      <button type="button" class="link" onClick={() => go({ name: "sessions" })}>
        Sessions
      </button>
      <span class="sep">›</span>
      <span class="el" title={view.user_id === null ? row.user : `${row.user} · ${view.user_id}`}>
        <button type="button" class="link" onClick={() => go({ name: "entity", entity: { column: "user", value: row.user, label: row.user } })}>
          {row.user}
        </button>
        {row.classes.length > 0 && <small class="mid">{row.classes.map(classWord).join(", ")}</small>}
      </span>
      <span class="sep">›</span>
      {row.session === null ? (
        <span>{row.kind === "finding" ? "in no session" : "put together from events without session id"}</span>
      ) : (
        <>
          <span class="mono el">{row.session}</span>
          <CopyButton text={() => row.session ?? ""} label="Copy" class="tiny" />
        </>
      )}
      <span class="grow" />
      {at !== -1 && (
        <span>
          {figure(at + 1)} of {figure(all)}
        </span>
      )}
    </nav>
  );
}

function Verdict({ view }: { view: SessionView }) {
  const marked = markOf(view.row.key);
  return (
    <>
      <h1>
        {marked?.verdict === "benign" && (
          <>
            Marked benign by you at <Time at={marked.at} as={minute} />:{" "}
          </>
        )}
        {view.verdict.lead}
        {view.row.above && ` ${view.verdict.text}`}
      </h1>
      {!view.row.above && <p class="under any">{view.verdict.text}</p>}
    </>
  );
}

function Meta({ view }: { view: SessionView }) {
  const { row } = view;
  const marked = markOf(row.key);
  const steps = view.findings[0]?.next.length ?? 0;
  const unknown = view.unknown > 0 ? `, ${figure(view.unknown)} unknown` : "";
  return (
    <div class="meta">
      <SeverityWord severity={row.severity} />
      <span>
        score <b>{row.score}</b>
      </span>
      <span>
        confidence <b>{row.confidence}</b>
      </span>
      {view.compared > 0 && (
        <span class="mid">
          {figure(view.differ)} of {of(view.compared, "property", "properties")} {view.differ === 1 ? "differs" : "differ"}
          {unknown}
        </span>
      )}
      {steps > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => {
            const element = document.getElementById("do");
            element?.scrollIntoView({ block: "center" });
          }}
        >
          {of(steps, "step")} to do now
        </button>
      )}
      {view.incident !== null && isWider(view.incident, row.key) && (
        <button type="button" class="link" onClick={() => document.getElementById("incident")?.scrollIntoView({ block: "center" })}>
          one of {of(view.incident.sessions, "session")} in an incident
        </button>
      )}
      <span class="grow" />
      <span class="seg">
        <button type="button" class="btn" aria-pressed={marked?.verdict === "malicious"} onClick={() => mark(row.key, "malicious")}>
          Malicious <Kbd keys={["m"]} />
        </button>
        <button type="button" class="btn" aria-pressed={marked?.verdict === "benign"} onClick={() => mark(row.key, "benign")}>
          Benign <Kbd keys={["b"]} />
        </button>
        <button type="button" class="btn" aria-pressed={(marked?.note ?? "") !== ""} onClick={() => (dialogue.value = "note")}>
          Note <Kbd keys={["n"]} />
        </button>
        <button type="button" class={row.allowed === null ? "btn roomy" : "btn"} aria-pressed={row.allowed !== null} onClick={() => (dialogue.value = "allow")}>
          Allow <Kbd keys={["a"]} />
        </button>
      </span>
      {(marked?.note ?? "") !== "" && <p class="noted">{marked?.note}</p>}
    </div>
  );
}

/** Ways on: to the addresses, devices and applications of the session. */
function Links({ view }: { view: SessionView }) {
  if (view.entities.length === 0) return null;
  return (
    <p class="others">
      <b>Look at</b>{" "}
      {view.entities.map(({ column, named }, index) => (
        <span key={`${column} ${named.value}`}>
          {index > 0 && " · "}
          <button type="button" class="link" title={COLUMNS[column]} onClick={() => go({ name: "entity", entity: { column, value: named.value, label: named.label } })}>
            {named.label}
          </button>
        </span>
      ))}
    </p>
  );
}

/** Questions that follow from a session: who else was where it went, and what its user did. */
function Ask({ view }: { view: SessionView }) {
  const { user, other, addresses } = view.row;
  const there = other === null ? undefined : addresses[0];
  const questions: { column: Column; value: string; asked: string; words: string }[] = [
    { column: "user", value: user, asked: "changes-by", words: `what ${shortName(user)} changed` },
    { column: "user", value: user, asked: "acts-of-user", words: `what ${shortName(user)} did in mailboxes and files` },
  ];
  if (there !== undefined) {
    questions.unshift(
      { column: "address", value: there, asked: "users-of-address", words: `who else was at ${there}` },
      { column: "address", value: there, asked: "acts-of-address", words: "what was done from there" },
    );
  }
  return (
    <p class="others">
      <b>Ask</b>{" "}
      {questions.map(({ column, value, asked, words }, index) => (
        <span key={asked}>
          {index > 0 && " · "}
          <button type="button" class="link" onClick={() => go({ name: "entity", entity: { column, value, label: value }, asked })}>
            {words}
          </button>
        </span>
      ))}
    </p>
  );
}

/** Further holders of the other side. */
function Others({ view }: { view: SessionView }) {
  const others = view.hands.flatMap((hand, index) =>
    (hand.side === "other" || hand.side === "later") && index !== view.other_hand ? [{ hand, index }] : [],
  );
  if (others.length === 0) return null;
  return (
    <p class="others">
      <b>{of(others.length, "more hand")}:</b>{" "}
      {others.slice(0, 4).map(({ hand, index: number }, index) => (
        <span key={number}>
          {index > 0 && "; "}
          <b class="other-letter">{letterOf(view, number)}</b>{" "}
          {[hand.agent || "unknown agent", [hand.place, hand.rented].filter(Boolean).join(", "), hand.network].filter(Boolean).join(" · ")}
        </span>
      ))}
    </p>
  );
}

