// The peek: the chosen session beside the table, where there is room.

import { useEffect, useState } from "preact/hooks";

import type { SessionView } from "../../model";
import { SeverityShape } from "../../parts/icons";
import { Kbd } from "../../parts/small";
import { capital, of } from "../../parts/words";
import { revision } from "../../state/case";
import { attempt, ask } from "../../state/engine";
import { selected } from "../../state/filters";
import { dialogue } from "../../state/keys";
import { mark, markOf } from "../../state/marks";
import { go } from "../../state/place";
import { Diff } from "../session/diff";

const ROWS = ["Address", "Network", "Place", "Device", "Agent", "Incoming token"];

export function Peek() {
  const [view, setView] = useState<SessionView | null>(null);
  const key = selected.value;
  useEffect(() => {
    const stale = new AbortController();
    if (key === null) setView(null);
    else
      void attempt(() => ask({ ask: "session", key }, { signal: stale.signal })).then((found) => {
        if (found !== undefined) setView(found);
      });
    return () => stale.abort();
  }, [key, revision.value]);
  if (view === null || key === null) {
    return (
      <aside class="peek" aria-label="Chosen session" data-pane>
        {key === null && <p class="mut">No session is chosen.</p>}
      </aside>
    );
  }
  const { row } = view;
  const verdict = markOf(key)?.verdict ?? null;
  return (
    <aside class="peek" aria-label="Chosen session" data-pane>
      <p class="trail">
        <SeverityShape severity={row.severity} />
        <b>{capital(row.severity)}</b>
        <span class="sep">·</span>score {row.score}
        <span class="sep">·</span>confidence {row.confidence}
        {row.session !== null && (
          <>
            <span class="sep">·</span>
            <span class="mono">{row.session.slice(0, 8)}</span>
          </>
        )}
      </p>
      <h2 class="verdict">
        {view.verdict.lead} {view.verdict.text}
      </h2>
      <Diff view={view} only={ROWS} />
      <h2 class="found">
        {of(view.findings.length, "finding")} <small>{of(view.groups.length, "kind")} of evidence</small>
      </h2>
      <ul class="found-list">
        {view.findings.map((finding) => (
          <li key={finding.id}>
            <SeverityShape severity={finding.severity} />
            <span class="grow el" title={finding.title}>
              {finding.title}
            </span>
            <span class="mut">{finding.group}</span>
          </li>
        ))}
      </ul>
      <p class="acts">
        <button type="button" class="btn pri" onClick={() => go({ name: "session", key })}>
          Open <Kbd keys={["↵"]} />
        </button>
        <button type="button" class="btn" aria-pressed={verdict === "malicious"} onClick={() => mark(key, "malicious")}>
          Malicious <Kbd keys={["m"]} />
        </button>
        <button type="button" class="btn" aria-pressed={verdict === "benign"} onClick={() => mark(key, "benign")}>
          Benign <Kbd keys={["b"]} />
        </button>
        <button type="button" class="btn" onClick={() => (dialogue.value = "note")}>
          Note <Kbd keys={["n"]} />
        </button>
      </p>
    </aside>
  );
}
