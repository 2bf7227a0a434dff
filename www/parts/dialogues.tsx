// The dialogue that is open.

import { clear, read, tooLarge } from "../state/case";
import { dialogue } from "../state/keys";
import { attempt } from "../state/engine";
import { markOf, note, unsaved } from "../state/marks";
import { saveCase } from "../state/report";
import { selected } from "../state/filters";
import { place } from "../state/place";
import { AllowList } from "./allow";
import { Dialogue } from "./dialogue";
import { chooseFiles } from "./drop";
import { ExportFiles } from "./export";
import { KeyMap } from "./keymap";
import { Promised } from "./promise";
import { Tuning } from "./tuning";
import { bytes, figure, of } from "./words";

export function Dialogues() {
  if (tooLarge.value !== null) return <TooLarge large={tooLarge.value} />;
  switch (dialogue.value) {
    case "map":
      return <KeyMap />;
    case "promise":
      return <Promised />;
    case "tuning":
      return <Tuning />;
    case "export":
      return <ExportFiles />;
    case "note":
      return <Note />;
    case "allow":
      return <AllowList />;
    case "clear":
      return <Clear />;
    default:
      return null;
  }
}

function Note() {
  const key = place.value.name === "session" ? place.value.key : selected.value;
  if (key === null) return null;
  return (
    <Dialogue title="Note">
      <p>It is kept in this page until you close or clear it. The report prints it; a case file (Report) keeps it.</p>
      <textarea
        class="note"
        aria-label="Note on this session"
        autofocus
        value={markOf(key)?.note ?? ""}
        onInput={(event) => note(key, event.currentTarget.value)}
      />
    </Dialogue>
  );
}

function Clear() {
  return (
    <Dialogue
      title="Clear everything?"
      foot={
        <>
          <button
            type="button"
            class="btn pri"
            onClick={() => {
              dialogue.value = null;
              void clear();
            }}
          >
            Clear
          </button>
          {unsaved.value > 0 && (
            <button type="button" class="btn" onClick={() => void attempt(saveCase)}>
              Save case file
            </button>
          )}
          <button type="button" class="btn" autofocus onClick={() => (dialogue.value = null)}>
            Keep
          </button>
        </>
      }
    >
      <p>
        The workers end, and with them all that was read. Your files stay where they are.
        {unsaved.value > 0 && (
          <b>
            {" "}
            {of(unsaved.value, "mark or note", "marks and notes")} {unsaved.value === 1 ? "is" : "are"} not saved.
          </b>
        )}
      </p>
    </Dialogue>
  );
}

function TooLarge({ large }: { large: NonNullable<typeof tooLarge.value> }) {
  const events = large.bytes / 5_400;
  return (
    <Dialogue
      title="These files may not fit in this tab"
      onClose={() => (tooLarge.value = null)}
      foot={
        <>
          <button type="button" class="btn" onClick={() => void read(large.sources, true)}>
            Try anyway
          </button>
          <button
            type="button"
            class="btn"
            onClick={() => {
              tooLarge.value = null;
              chooseFiles();
            }}
          >
            Choose some of them
          </button>
        </>
      }
    >
      <p>
        {bytes(large.bytes)} hold some {figure(Math.round(events / 1e5) / 10)} million events; they need about {bytes(events * 210)} of
        memory, and this browser may refuse. Nothing was read yet.
      </p>
      <p>The command reads them without a browser: signin-sleuth analyze, with the folder behind it.</p>
    </Dialogue>
  );
}
