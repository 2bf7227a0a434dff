// Sessions: the verdict on the whole, when it happened, and which sessions, ranked.

import { useEffect, useRef } from "preact/hooks";

import { Strip, stripRoom } from "../../charts/strip";
import type { Overview, Picked } from "../../model";
import { Dialogue } from "../../parts/dialogue";
import { usePlaceFocus } from "../../parts/frame";
import { CoverageShape } from "../../parts/icons";
import { wholeTime } from "../../parts/only";
import { figure, of } from "../../parts/words";
import { allow, isSample, overview, refresh, revision, room } from "../../state/case";
import { attempt } from "../../state/engine";
import { clearFilters, fieldName, filter, isFiltered, remove, selected, sort, span, text, toggleNot, toggleOnly } from "../../state/filters";
import { dialogue, useKeys } from "../../state/keys";
import { wide } from "../../state/look";
import { mark } from "../../state/marks";
import { go } from "../../state/place";
import { group } from "../../state/views";
import { Stopped } from "../reading/stopped";
import { FilterLine } from "./chips";
import { Grid } from "./grid";
import { Columns, Views } from "./looks";
import { Peek } from "./peek";
import { Rail } from "./rail";
import { reload, table } from "./rows";

export function Sessions() {
  const focus = usePlaceFocus<HTMLElement>();
  const seen = overview.value;
  const typed = useRef(text.value);
  useEffect(() => {
    // While someone types, only the last of a few letters is asked for.
    const timer = setTimeout(() => void reload(), typed.current === text.value ? 0 : 60);
    typed.current = text.value;
    return () => clearTimeout(timer);
  }, [filter.value, sort.value, group.value, revision.value]);
  useStripRoom();
  useKeys(
    "place",
    [
      { key: "m", label: "malicious", run: () => selected.value && mark(selected.value, "malicious"), foot: true },
      { key: "b", label: "benign", run: () => selected.value && mark(selected.value, "benign"), foot: true },
      { key: "n", label: "note", run: () => selected.value && (dialogue.value = "note") },
      { key: "a", label: "allow-list", run: () => selected.value !== null && (dialogue.value = "allow") },
      { key: "v", label: "views", run: () => (dialogue.value = "views") },
      { key: "f", label: "facets", run: toFacets, foot: true },
      wholeTime,
      { key: "Escape", shown: ["Esc"], label: "clear filters", run: () => isFiltered.value && clearFilters() },
    ],
    [],
  );
  if (seen === null) return <main class="sessions" tabIndex={-1} ref={focus} />;
  const empty = table.value !== null && table.value.total === 0;
  return (
    <main class="sessions" tabIndex={-1} ref={focus}>
      <div class="say top-say" data-pane>
        <div>
          <h1>
            {seen.headline.map((line) => (
              <span key={line}>{line}</span>
            ))}
          </h1>
          <p>
            {isSample.value && <b>Sample tenant. </b>}
            {seen.lead}
          </p>
          <Stopped />
          {seen.caution !== null && (
            <p class="caution">
              <CoverageShape status="partial" /> <b>{seen.caution.text}</b> {seen.caution.next}{" "}
              <button type="button" class="link" onClick={() => go({ name: "coverage" })}>
                How to get it
              </button>
            </p>
          )}
          {seen.common !== null && <Common seen={seen} />}
        </div>
        <CoverageSums seen={seen} />
      </div>
      <div data-pane>{seen.strip !== null && <Strip strip={seen.strip} />}</div>
      <FilterLine />
      <div class="sessions-body">
        <Rail />
        <div class="table-pane" data-pane>
          {empty ? <Empty seen={seen} /> : <Grid />}
        </div>
        {wide.value && <Peek />}
      </div>
      {dialogue.value === "columns" && <Columns />}
      {dialogue.value === "views" && <Views />}
      {dialogue.value === "facets" && (
        <Dialogue title="Facets">
          <Rail />
        </Dialogue>
      )}
    </main>
  );
}

function toFacets(): void {
  const first = document.querySelector<HTMLElement>(".rail button");
  if (first === null || first.offsetParent === null) dialogue.value = "facets";
  else first.focus();
}

/** Asks for a strip as fine as the window has room for. */
function useStripRoom(): void {
  const timer = useRef(0);
  useEffect(() => {
    const measure = () => {
      const fits = stripRoom(innerWidth);
      if (fits === room.value) return;
      room.value = fits;
      void refresh();
    };
    measure();
    const later = () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(measure, 150) as unknown as number;
    };
    addEventListener("resize", later);
    return () => removeEventListener("resize", later);
  }, []);
}

function CoverageSums({ seen }: { seen: Overview }) {
  const { ran, partial, blind, reason } = seen.coverage;
  const parts = [blind > 0 ? `${figure(blind)} not at all` : "", partial > 0 ? `${figure(partial)} in part` : ""].filter((part) => part !== "");
  return (
    <div class="cov">
      <b>
        {figure(ran + partial)} of {of(ran + partial + blind, "behaviour")} looked for{partial > 0 && `, ${figure(ran)} of them in full`}
      </b>
      <div class="bar" role="img" aria-label={`${ran} in full, ${partial} in part, ${blind} not at all`}>
        {ran > 0 && <i class="full" style={{ flex: ran }} />}
        {partial > 0 && <i class="part" style={{ flex: partial }} />}
        {blind > 0 && <i class="hatch" style={{ flex: blind }} />}
      </div>
      {parts.length > 0 && <span>{`${parts.join(", ")}. ${reason === "" ? "" : `${reason} `}`}</span>}
      <button type="button" class="link" onClick={() => go({ name: "coverage" })}>
        {parts.length > 0 ? "Open questions" : "What was looked for"}
      </button>
      {seen.notices > 0 && ` · ${of(seen.notices, "note")} on what was read`}
    </div>
  );
}

function Common({ seen }: { seen: Overview }) {
  const common = seen.common;
  if (common === null) return null;
  const { picked, label, count, rest } = common;
  const ours = () => void attempt(() => allow([...seen.allowed.map((one) => one.entry), { all: [picked], note: "The organisation’s own network." }]));
  return (
    <div class="acts common">
      <button type="button" class="btn" onClick={() => toggleOnly(picked)}>
        Show only {label} ({figure(count)})
      </button>
      {rest > 0 && (
        <button type="button" class="btn" onClick={() => toggleNot(picked)}>
          Show the other {figure(rest)}
        </button>
      )}
      {picked.field === "network" && (
        <button type="button" class="btn" title="Puts these sessions on the allow list: counted, listed last, named in the report" onClick={ours}>
          {label} is ours
        </button>
      )}
    </div>
  );
}

function Empty({ seen }: { seen: Overview }) {
  if (isFiltered.value && (table.value?.all ?? 0) > 0) return <TooTight />;
  const { ran, partial, blind } = seen.coverage;
  return (
    <div class="card empty">
      <h2>No session shows any sign</h2>
      <p>
        Looked for {of(ran, "behaviour")} in full, {figure(partial)} in part, {figure(blind)} not at all, in {of(seen.sessions, "session")}.
        This is not proof that nothing was stolen.
      </p>
      <div class="acts">
        <button type="button" class="btn" onClick={() => go({ name: "coverage" })}>
          Open questions
        </button>
      </div>
    </div>
  );
}

function TooTight() {
  const loosen = table.value?.loosen ?? null;
  const name = loosen === null ? "" : loosen.picked === null ? loosen.what : `${fieldName[loosen.picked.field]} ${labelOf(loosen.picked)}`;
  const loose = () => {
    if (loosen === null) return;
    if (loosen.picked !== null) remove(loosen.picked);
    else if (loosen.what === "text") text.value = "";
    else span.value = null;
  };
  return (
    <div class="card empty">
      <h2>No session matches these filters</h2>
      <p>
        They leave 0 of {of(table.value?.all ?? 0, "session")}.
        {loosen !== null && ` Removing “${name}” would bring back ${figure(loosen.back)}.`}
      </p>
      <div class="acts">
        {loosen !== null && (
          <button type="button" class="btn" onClick={loose}>
            Remove it
          </button>
        )}
        <button type="button" class="btn" onClick={clearFilters}>
          Clear all filters
        </button>
      </div>
    </div>
  );
}

function labelOf(picked: Picked): string {
  const facet = table.value?.facets.find((one) => one.field === picked.field);
  return facet?.values.find((value) => value.value === picked.value)?.label ?? picked.value;
}
