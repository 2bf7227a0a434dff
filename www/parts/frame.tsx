// Bar and status line around every place.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { table } from "../places/sessions/rows";
import { commit, savePage, version } from "../proof/proof";
import { isReading, overview, progress } from "../state/case";
import { text } from "../state/filters";
import { hash } from "../state/hash";
import { dialogue, keys, type Key, useKeys } from "../state/keys";
import { switchTheme, tables } from "../state/look";
import { back, go, place } from "../state/place";
import { chooseFiles } from "./drop";
import { Halves, Lock, Logo, Search } from "./icons";
import { Kbd } from "./small";
import { figure, of } from "./words";

export function Frame({ children }: { children: ComponentChildren }) {
  const search = useRef<HTMLInputElement>(null);
  const has = overview.value !== null && !isReading.value;
  const find = () => {
    if (place.value.name !== "sessions") go({ name: "sessions" });
    search.current?.focus();
    search.current?.select();
  };
  const general: Key[] = [
    { key: "?", label: "all keys", run: () => (dialogue.value = "map"), foot: !has && !isReading.value },
    { key: "o", label: has ? "add files" : "choose files", run: chooseFiles },
    { key: "d", label: "light, dark", run: switchTheme },
    { key: "F6", label: "next pane", run: nextPane },
  ];
  const withCase: Key[] = [
    { key: "/", label: "search", run: find },
    { key: "g s", shown: ["g", "s"], label: "sessions", run: () => go({ name: "sessions" }) },
    { key: "g t", shown: ["g", "t"], label: "tenant", run: () => go({ name: "tenant" }) },
    { key: "g r", shown: ["g", "r"], label: "report", run: () => go({ name: "report" }) },
    { key: "g f", shown: ["g", "f"], label: "files", run: () => go({ name: "reading" }) },
    { key: "g c", shown: ["g", "c"], label: "coverage", run: () => go({ name: "coverage" }) },
    { key: "Backspace", shown: ["⌫"], label: "back", run: back },
    { key: "t", label: "tables for charts", run: () => (tables.value = !tables.value), foot: true },
    { key: "u", label: "tuning", run: () => (dialogue.value = "tuning") },
    { key: "w", label: "export", run: () => (dialogue.value = "export") },
  ];
  useKeys("page", has ? [...general, ...withCase] : general, [has, isReading.value]);
  return (
    <div class="app">
      <header class="top" data-pane>
        <button type="button" class="brand" onClick={() => go(has ? { name: "sessions" } : { name: "start" })}>
          <Logo />
          Sign-in Sleuth
        </button>
        {has && (
          <nav class="nav" aria-label="Places">
            <Tab name="sessions" at={["sessions", "session"]}>
              Sessions <span class="c">{figure(overview.value?.above ?? 0)}</span>
            </Tab>
            <Tab name="tenant" at={["tenant", "entity"]}>
              Tenant
            </Tab>
            <Tab name="coverage" at={["coverage"]}>
              Coverage
            </Tab>
            <Tab name="report" at={["report"]}>
              Report
            </Tab>
          </nav>
        )}
        <span class="grow" />
        {has && (
          <div class="find" role="search">
            <Search />
            <input
              ref={search}
              type="search"
              id="search"
              aria-label="Search sessions"
              placeholder="User, address, session, app"
              autocomplete="off"
              spellcheck={false}
              value={text.value}
              onInput={(event) => {
                text.value = event.currentTarget.value;
                if (place.value.name !== "sessions") go({ name: "sessions" });
              }}
              onKeyDown={(event) => {
                if (event.key === "Escape") {
                  text.value = "";
                  event.currentTarget.blur();
                } else if (event.key === "Enter" || event.key === "ArrowDown") {
                  event.preventDefault();
                  document.querySelector<HTMLElement>("[role=grid]")?.focus();
                }
              }}
            />
            <kbd>/</kbd>
          </div>
        )}
        {place.value.name === "start" && (
          <button type="button" class="btn" title="One file that works offline, from a disk or a stick, too" onClick={savePage}>
            Save this page
          </button>
        )}
        <span class="utc">All times UTC</span>
        <span class="tools">
          <button type="button" class="btn quiet" id="theme" aria-label="Switch between light and dark" onClick={switchTheme}>
            <Halves />
          </button>
          <button type="button" class="btn quiet" aria-label="Keyboard map" onClick={() => (dialogue.value = "map")}>
            <kbd>?</kbd>
          </button>
        </span>
      </header>
      {children}
      <Paper />
      <footer class="foot" data-pane>
        <button type="button" class="promise" onClick={() => (dialogue.value = "promise")}>
          <Lock />
          Nothing has left this machine
        </button>
        <Sums />
        <Keys />
      </footer>
    </div>
  );
}

/** What stands at the end of a printed page: which program said it, of what. */
function Paper() {
  const sums = overview.value;
  if (sums === null) return null;
  const rows = table.value;
  return (
    <div class="paper">
      {place.value.name === "sessions" && rows !== null && rows.total > 20 && (
        <p>Printed are the rows that were on the screen; the CSV of the findings has all {figure(rows.total)}.</p>
      )}
      <p>
        Sign-in Sleuth {version}, commit {commit}, facts of {sums.knowledge}. {of(sums.files, "file")}, {of(sums.events, "event")},{" "}
        {of(sums.rejected, "record")} rejected. All times UTC. SHA-256 of the page: {hash.value}
      </p>
    </div>
  );
}

function Tab({ name, at, children }: { name: "sessions" | "tenant" | "coverage" | "report"; at: string[]; children: ComponentChildren }) {
  const current = at.includes(place.value.name);
  return (
    <button type="button" aria-current={current ? "page" : undefined} onClick={() => go({ name })}>
      {children}
    </button>
  );
}

function Sums() {
  const sums = overview.value;
  if (isReading.value && progress.value !== null) return <span>{of(progress.value.records, "record")}</span>;
  if (sums === null) return <span>No files read yet</span>;
  return (
    <button type="button" class="promise" title="What each file is" onClick={() => go({ name: "reading" })}>
      {of(sums.files, "file")} · {of(sums.events, "event")} · {of(sums.rejected, "record")} rejected
    </button>
  );
}

function Keys() {
  const shown = keys.value.filter((key) => key.foot);
  return (
    <span class="keys" aria-hidden="true">
      {shown.map((key) => (
        <span class="one" key={key.key}>
          <Kbd keys={key.shown ?? [key.key]} />
          <span>{key.label}</span>
        </span>
      ))}
    </span>
  );
}

/** Focuses the first thing of the next pane. */
function nextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")];
  const now = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let step = 1; step <= panes.length; step += 1) {
    const pane = panes[(now + step) % panes.length];
    const first = pane?.querySelector<HTMLElement>("[tabindex='0'], button, input, a[href]");
    if (first !== undefined && first !== null) {
      first.focus();
      return;
    }
  }
}

/** Moves focus into a place when it is entered, so that keys and readers start there. */
export function usePlaceFocus<T extends HTMLElement>(): { current: T | null } {
  const element = useRef<T>(null);
  useEffect(() => {
    element.current?.focus({ preventScroll: true });
  }, []);
  return element;
}
