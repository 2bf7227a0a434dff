// Reading: how far, file by file, and what was not taken.

import { useEffect, useState } from "preact/hooks";

import { chooseFiles } from "../../parts/drop";
import { usePlaceFocus } from "../../parts/frame";
import { CoverageShape } from "../../parts/icons";
import { Kbd } from "../../parts/small";
import { bytes, figure, of } from "../../parts/words";
import { adding, began, halt, halting, isReading, overview, progress } from "../../state/case";
import { engine } from "../../state/engine";
import { useKeys } from "../../state/keys";
import { go } from "../../state/place";
import type { FileProgress, Progress } from "../../worker/engine";
import { FlaggedSoFar } from "./flagged";
import { Stopped } from "./stopped";
import { formatName } from "./formats";
import { Files, Inspected, useInputs } from "./inspected";

export function Reading() {
  const focus = usePlaceFocus<HTMLElement>();
  const now = progress.value ?? past();
  const said = useSlowly(now);
  const cancel = () => engine.value?.cancel();
  const canCancel = isReading.value && now !== null && !isPutTogether(now);
  useKeys("place", canCancel ? [{ key: "Escape", shown: ["Esc"], label: "cancel", run: cancel, foot: true }] : [], [canCancel]);
  const view = useInputs(now?.done ?? false);
  const [chosen, choose] = useState<number | null>(null);
  const at = chosen ?? Math.max(0, view?.inputs.findIndex((input) => input.summary.records > 0) ?? 0);
  if (now === null) return <main class="two" tabIndex={-1} ref={focus} />;
  const share = now.total === 0 ? (now.done ? 1 : 0) : Math.min(1, now.bytes / now.total);
  const left = now.files.filter((file) => file.failure !== null);
  return (
    <main class="two" tabIndex={-1} ref={focus}>
      <div class="main" data-pane>
        <div class="reading-head">
          <h1>{headline(now)}</h1>
          {!now.done && (
            <div class="progress" role="progressbar" aria-label="Reading" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
              <i style={{ width: `${share * 100}%` }} />
            </div>
          )}
          <div class="stat">
            {now.total > 0 && (
              <>
                <span>
                  {now.done ? <b>{bytes(now.total)}</b> : <b>{Math.floor(share * 100)} %</b>}
                  {!now.done && ` of ${bytes(now.total)}`}
                </span>
                <span>
                  <b>{figure(now.records)}</b> {now.records === 1 ? "record" : "records"}
                </span>
              </>
            )}
            <span>
              <b>{figure(now.rejected)}</b> rejected
            </span>
            <span>{remaining(now, share)}</span>
            <span class="grow" />
            {canCancel && (
              <>
                <button type="button" key="halt" class="btn" aria-disabled={now.records === 0 || halting.value} onClick={() => now.records > 0 && halt()}>
                  {halting.value ? "Stopping …" : "Stop and keep what is read"}
                </button>
                <button type="button" key="cancel" class="btn" onClick={cancel}>
                  Cancel <Kbd keys={["Esc"]} />
                </button>
              </>
            )}
            {!isReading.value && (
              <button type="button" key="choose" class="btn pri" onClick={chooseFiles}>
                {overview.value !== null && overview.value.events > 0 ? "Add files" : "Choose other files"} <Kbd keys={["o"]} />
              </button>
            )}
          </div>
          {!isReading.value && <Stopped />}
          <span class="vh" role="status">
            {said}
          </span>
        </div>
        <div class="scroller">
          {view !== null && overview.value !== null && overview.value.events > 0 ? (
            <Files view={view} at={at} choose={choose} />
          ) : now.done || adding.value !== "times" ? (
            <FilesSoFar now={now} />
          ) : null}
          {view === null && now.files.length > 500 && <p class="more">{of(now.files.length - 500, "more file")}</p>}
          {now.flagged !== null && !now.done && <FlaggedSoFar flagged={now.flagged} />}
        </div>
      </div>
      <aside class="side" aria-label="What each file is" data-pane>
        {view?.inputs[at] !== undefined && view.inputs[at].summary.records > 0 && <Inspected input={view.inputs[at]} behaviours={view.behaviours} />}
        {now.rejected > 0 && (
          <section class="note-block">
            <h2>{of(now.rejected, "record")} rejected</h2>
            <p>All others are read; nothing is skipped silently. Coverage lists where each stands and why.</p>
          </section>
        )}
        {left.map((file) => (
          <section class="note-block" key={file.name}>
            <h2 class="st">
              <CoverageShape status="blind" />
              <span class="any">{file.name} left out</span>
            </h2>
            <p>{sentence(file.failure ?? "")} If a log is inside, save it as JSON or CSV and drop that.</p>
          </section>
        ))}
        {isReading.value && adding.value !== null && (
          <section class="note-block">
            <h2>What is there stays</h2>
            <p>Nothing is read again. All that was read before is looked at anew together with this; until then it stays as it is, also when you cancel.</p>
          </section>
        )}
        {(view === null || left.length > 0) && adding.value !== "times" && <section class="note-block">
          <h2>One bad file does not stop the others</h2>
          <p>
            {isReading.value
              ? "Each is read by its content, not by its name. You can add more when this is done."
              : "Choose others, or go on with what is there."}
          </p>
          {!isReading.value && overview.value !== null && (
            <div class="acts">
              <button type="button" class="btn" onClick={() => go({ name: "coverage" })}>
                What was read
              </button>
            </div>
          )}
        </section>}
      </aside>
    </main>
  );
}

/** The read before one that was stopped: its case is still there. */
function past(): Progress | null {
  const seen = overview.value;
  if (seen === null) return null;
  return { bytes: 0, total: 0, records: 0, rejected: seen.rejected, done: true, flagged: null, files: [] };
}

function FilesSoFar({ now }: { now: Progress }) {
  return (
    <table class="files-read">
      <colgroup>
        <col class="a1" />
        <col />
        <col class="a3" />
        <col class="a4" />
        <col class="a4" />
      </colgroup>
      <thead>
        <tr>
          <th>File</th>
          <th>Recognised as</th>
          <th>State</th>
          <th class="n">Records</th>
          <th class="n">Rejected</th>
        </tr>
      </thead>
      <tbody>
        {now.files.slice(0, 500).map((file, index) => (
          <FileRow key={index} file={file} done={now.done} />
        ))}
      </tbody>
    </table>
  );
}

const isRead = (now: Progress) => adding.value === "times" || (now.total > 0 && now.bytes >= now.total);

/** Whether what was read is put together with what was there: that takes a moment, and cannot be cancelled half way. */
const isPutTogether = (now: Progress) => adding.value !== null && isRead(now);

function headline(now: Progress): string {
  if (!now.done) {
    if (isRead(now)) return "Looking at every session.";
    const above = now.flagged?.above ?? 0;
    const soFar = above === 0 ? "" : ` ${of(above, "session")} ${above === 1 ? "looks" : "look"} stolen so far.`;
    const files = Math.max(1, now.files.length);
    if (adding.value === "files") return `Reading ${files === 1 ? "one more file" : `${figure(files)} more files`}.`;
    return `Reading ${of(files, "file")}.${soFar}`;
  }
  return overview.value !== null && overview.value.events > 0
    ? `Read ${of(overview.value.files, "file")}.`
    : now.files.length === 1
      ? "The file holds no sign-in or audit records."
      : "None of these files holds sign-in or audit records.";
}

function remaining(now: Progress, share: number): string {
  const passed = (performance.now() - began.value) / 1000;
  if (now.done || share < 0.03 || share >= 1 || passed < 1) return "";
  const rest = Math.round((passed / share) * (1 - share));
  const speed = bytes(now.bytes / passed);
  return rest < 90 ? `about ${of(Math.max(1, rest), "second")} left, ${speed}/s` : `about ${of(Math.round(rest / 60), "minute")} left, ${speed}/s`;
}

const sentence = (text: string) => (text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`);

function FileRow({ file, done }: { file: FileProgress; done: boolean }) {
  const share = file.total === 0 ? 1 : Math.min(1, file.bytes / file.total);
  const read = share >= 1;
  return (
    <tr>
      <td title={file.name}>
        <b>{file.name}</b>
        <small>{bytes(file.total)}</small>
      </td>
      <td>
        {file.failure !== null ? "Not a log Sleuth knows" : file.format === null ? <span class="mut">–</span> : formatName(file.format)}
        <small>{file.failure ?? ""}</small>
      </td>
      <td>
        {file.failure !== null ? (
          <span class="st">
            <CoverageShape status="blind" />
            Left out
          </span>
        ) : read ? (
          <span class="st">
            <CoverageShape status="ran" />
            Read
          </span>
        ) : file.bytes === 0 ? (
          <span class="mut">{done ? "Not read" : "Waiting"}</span>
        ) : (
          <>
            Reading, {Math.floor(share * 100)} %
            <span class="progress small">
              <i style={{ width: `${share * 100}%` }} />
            </span>
          </>
        )}
      </td>
      <td class="n">{file.records === 0 && !read ? "–" : figure(file.records)}</td>
      <td class="n">{file.records === 0 && !read ? "–" : figure(file.rejected)}</td>
    </tr>
  );
}

/** What a reader of the screen hears, every two seconds at most. */
function useSlowly(now: Progress | null): string {
  const [said, say] = useState("");
  useEffect(() => {
    const timer = setInterval(() => {
      const current = progress.value;
      if (current === null || current.done) return;
      const share = current.total === 0 ? 0 : Math.floor((current.bytes / current.total) * 100);
      say(`${share} percent, ${of(current.records, "record")}`);
    }, 2000);
    return () => clearInterval(timer);
  }, []);
  return now?.done ? headline(now) : said;
}
