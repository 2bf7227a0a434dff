// An entity: a user, an address, a device, an application. Who it is, what it did, and the way on to others.

import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import type { Column, EntityView, Match } from "../../model";
import { PlaceMap } from "../../charts/map";
import { Ranked } from "../../parts/counts";
import { usePlaceFocus } from "../../parts/frame";
import { Below, useKeptScroll } from "../../parts/later";
import { OnlyTime, wholeTime } from "../../parts/only";
import { shortName } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { span, within } from "../../state/filters";
import { useKeys } from "../../state/keys";
import { backBy, type Entity as Which, go } from "../../state/place";
import { pick, picks, showView } from "../../state/tenant";
import { Acts } from "./acts";
import { AllSessions } from "./all-sessions";
import { Flagged } from "./flagged";
import { Known } from "./known";
import { Answer, Questions } from "./questions";
import { Risk } from "./risk";
import { Methods, Roles } from "./roles";
import { Trail } from "./trail";
import { UsedBy } from "./used-by";
import { UsualOf } from "./usual";

/** What the inspector ranks of each. */
const RANKED: Partial<Record<Column, Column[]>> = {
  user: ["app", "resource", "network", "city", "device", "agent", "method", "risk", "result"],
  address: ["app", "resource", "agent", "device", "result"],
  device: ["app", "address", "agent", "city", "result"],
  app: ["resource", "scope", "network", "agent", "stream", "result"],
  resource: ["app", "scope", "network", "agent", "stream", "result"],
};

interface Props {
  entity: Which;
  /** Name of the question that it was opened with. */
  asked: string | null;
}

export function Entity({ entity, asked }: Props) {
  const focus = usePlaceFocus<HTMLElement>();
  const [view, setView] = useState<EntityView | null | undefined>(undefined);
  const [at, setAt] = useState(-1);
  const [question, setQuestion] = useState(asked);
  const { column, value } = entity;
  useLayoutEffect(() => setQuestion(asked), [asked]);
  // Asked before anything is painted.
  useLayoutEffect(() => {
    // While the time is dragged, only the last one is asked for.
    const stale = new AbortController();
    void attempt(() => ask({ ask: "entity", column, value, within: within.value }, { signal: stale.signal })).then((found) => {
      if (!stale.signal.aborted) setView(found ?? null);
    });
    return () => stale.abort();
  }, [column, value, span.value, revision.value]);
  useKeptScroll(view !== undefined);
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
      { key: "v", label: "count the sign-ins", run: toTenant, foot: true },
      { key: "c", label: "copy", run: () => document.querySelector<HTMLElement>(".entity-head .tiny")?.click(), foot: true },
      { key: "Escape", shown: ["Esc"], label: "back", run: () => backBy(1) },
      wholeTime,
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
                <OnlyTime />
                <p class="any">{view.lead}</p>
              </>
            )
          )}
        </div>
        {view !== undefined && view !== null && (
          <>
            {question !== null && value !== null && <Answer column={column} value={value} name={question} close={() => setQuestion(null)} />}
            <UsedBy view={view} />
            <Flagged view={view} at={at} />
            <Below of={view}>
              {view.user !== null && (
                <>
                  <Risk user={view.user} />
                  <Roles user={view.user} />
                  <Methods user={view.user} view={view} />
                  <UsualOf user={view.user} />
                  <AllSessions view={view} />
                </>
              )}
              <Acts view={view} />
            </Below>
          </>
        )}
      </div>
      <aside class="side entity-side" aria-label="What is known of it" data-pane>
        {view !== undefined && view !== null && <Known view={view} count={toTenant} />}
        {value !== null && (
          <Questions
            column={column}
            asked={question}
            choose={(name) => {
              setQuestion(name);
              document.querySelector(".entity .main")?.scrollTo(0, 0);
            }}
          />
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
