// The allow list: what is known to be harmless. What it hides is counted before it is hidden, and after.

import { useEffect, useState } from "preact/hooks";

import type { FacetField, Picked, Row, SessionsPage } from "../model";
import { allow, overview } from "../state/case";
import { attempt, ask, engine } from "../state/engine";
import { fieldName, selected } from "../state/filters";
import { dialogue } from "../state/keys";
import { place } from "../state/place";
import { parseAllowList } from "../state/report";
import { saveFile } from "./copy";
import { Dialogue } from "./dialogue";
import { withAbove } from "./words";

const THERE: FacetField[] = ["network", "address", "country", "agent", "app", "device"];
const title = (picked: Picked) => `${THERE.includes(picked.field) ? "other " : ""}${fieldName[picked.field]}`;

/** What a session can be told by. */
function properties(row: Row): Picked[] {
  const all: Picked[] = [{ field: "user", value: row.user }];
  if (row.other !== null && row.other.network !== "") all.push({ field: "network", value: row.other.network });
  if (row.other !== null) all.push(...row.addresses.map((value): Picked => ({ field: "address", value })));
  if (row.other !== null && row.other.country !== "") all.push({ field: "country", value: row.other.country });
  if (row.other !== null && row.other.agent !== "") all.push({ field: "agent", value: row.other.agent });
  all.push(...row.apps.map((value): Picked => ({ field: "app", value })), ...row.devices.map((value): Picked => ({ field: "device", value })));
  return all;
}

const everything = { text: "", from: null, to: null, only: [], not: [] };

/** Puts aside sessions like the one that is open. */
export function AllowList() {
  const key = place.value.name === "session" ? place.value.key : selected.value;
  const [all, setAll] = useState<Picked[]>([]);
  const [chosen, choose] = useState<Picked[]>([]);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [note, setNote] = useState("");
  const [would, setWould] = useState<SessionsPage | null>(null);
  useEffect(() => {
    if (key === null) return;
    void attempt(() => ask({ ask: "session", key })).then((view) => {
      if (view === null || view === undefined) return;
      const detections = [...new Set(view.findings.map((finding) => finding.detection))];
      setNames(new Map(view.findings.map((finding) => [finding.detection, finding.title])));
      const found = [...properties(view.row), ...detections.map((value): Picked => ({ field: "detection", value }))];
      setAll(found);
      choose(found.filter((picked) => picked.field === "network"));
    });
  }, [key]);
  useEffect(() => {
    const stale = new AbortController();
    setWould(null);
    if (chosen.length > 0)
      void attempt(() => ask({ ask: "sessions", filter: { ...everything, only: chosen }, group: "none", sort: "severity", descending: true, offset: 0, limit: 1 }, { signal: stale.signal })).then((page) => {
        if (!stale.signal.aborted) setWould(page ?? null);
      });
    return () => stale.abort();
  }, [chosen]);
  const entries = () => (overview.value?.allowed ?? []).map((one) => one.entry);
  const toggle = (picked: Picked) => {
    // One of a field: no session has two networks on its other side, and of kinds of findings one is enough.
    const others = chosen.filter((other) => other.field !== picked.field);
    choose(chosen.includes(picked) ? chosen.filter((other) => other !== picked) : [...others, picked]);
  };
  const put = () => {
    dialogue.value = null;
    void attempt(() => allow([...entries(), { all: chosen, note: note.trim() }]));
  };
  return (
    <Dialogue
      title="Allow-list sessions like this"
      foot={
        <>
          <button type="button" class="btn pri" aria-disabled={chosen.length === 0} onClick={() => chosen.length > 0 && put()}>
            Put aside
          </button>
          <span class="mid" role="status">
            {chosen.length === 0
              ? "Choose what they have in common."
              : would === null
                ? "Counting …"
                : `It would put aside ${withAbove(would.total - would.allowed, would.above)}.`}
          </span>
        </>
      }
    >
      <p>Sessions that have all of this are put aside: counted, listed last, and named in the report. No record is dropped.</p>
      <ul class="allow-of">
        {all.map((picked, index) => (
          <li key={`${picked.field} ${picked.value}`}>
            <label>
              <input type="checkbox" checked={chosen.includes(picked)} onChange={() => toggle(picked)} />
              <span class={all[index - 1]?.field === picked.field ? "vh" : "mid"}>{title(picked)}</span>
              <span class="any">{(picked.field === "detection" && names.get(picked.value)) || picked.value}</span>
            </label>
          </li>
        ))}
      </ul>
      <label class="labelled">
        Why it is harmless
        <input class="field" value={note} autocomplete="off" onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </Dialogue>
  );
}

/** The entries, and what each hides. */
export function AllowedList() {
  const allowed = overview.value?.allowed ?? [];
  const [wrong, setWrong] = useState("");
  const without = (index: number) => allowed.filter((_, other) => other !== index).map((one) => one.entry);
  return (
    <section class="tunables">
      <h3>Allow list</h3>
      {allowed.length === 0 && <p class="mid">Nothing is put aside. Press <kbd>a</kbd> on a session to put it and those like it aside.</p>}
      <ul class="allow-list">
        {allowed.map((one, index) => (
          <li key={index}>
            <span class="any">
              {one.entry.all.map((picked) => `${title(picked)} ${picked.value}`).join(" and ")}
              <small>
                {one.entry.note !== "" && `${one.entry.note}. `}
                Hides {withAbove(one.hidden, one.above)} otherwise.
              </small>
            </span>
            <button type="button" class="btn" aria-label={`Remove entry ${index + 1}`} onClick={() => void attempt(() => allow(without(index)))}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <div class="acts">
        <button
          type="button"
          class="btn"
          aria-disabled={allowed.length === 0}
          onClick={async () => {
            const file = allowed.length === 0 ? undefined : await engine.value?.save({ ask: "export", what: "allow" });
            if (file !== undefined) saveFile("signin-sleuth-allow-list.json", "application/json", file);
          }}
        >
          Save allow list
        </button>
        <label class="btn file">
          Load an allow list
          <input
            type="file"
            class="vh"
            id="load-allow"
            accept=".json,application/json"
            onChange={async (event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = "";
              if (file === undefined) return;
              const entries = parseAllowList(await file.text());
              setWrong(entries === null ? "It is no allow list. Nothing was changed." : "");
              if (entries !== null) void attempt(() => allow(entries));
            }}
          />
        </label>
        <span class="mid">The command takes the same file: <code>--allow</code></span>
      </div>
      <p role="status">{wrong}</p>
    </section>
  );
}
