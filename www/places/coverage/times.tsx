// Tells the zone, or the order of day and month, of a file that leaves it open.

import { useState } from "preact/hooks";

import type { InputView, Notice } from "../../model";
import { tellTimes } from "../../state/case";
import { engine } from "../../state/engine";
import { zone, zoneNames } from "../../state/zones";

/** Around the times of a file, whose order of day and month may be open. */
const YEAR = 366 * 86_400_000;
const OPEN_ZONE = ["local-time", "no-zone"];
const TOLD = ["times-told", "times-found"];

/** Whether something can be told beside this notice. */
export const canTell = (notice: Notice) => notice.input !== null && [...OPEN_ZONE, ...TOLD, "day-order"].includes(notice.kind);

export function TellTimes({ notice, input }: { notice: Notice; input: InputView }) {
  const name = input.summary.name;
  const told = engine.value?.times[name] ?? { zone: null, dayFirst: null };
  if (notice.kind === "day-order") {
    return (
      <span class="tell">
        <button type="button" class="btn" onClick={() => void tellTimes(name, { ...told, dayFirst: true })}>
          Day first
        </button>
        <button type="button" class="btn" onClick={() => void tellTimes(name, { ...told, dayFirst: false })}>
          Month first
        </button>
      </span>
    );
  }
  if (notice.kind === "times-told") {
    return (
      <span class="tell">
        <button type="button" class="btn" onClick={() => void tellTimes(name, { zone: null, dayFirst: null })}>
          Take it back
        </button>
      </span>
    );
  }
  return <TellZone input={input} />;
}

function TellZone({ input }: { input: InputView }) {
  const { name, first, last } = input.summary;
  const [wrong, setWrong] = useState(false);
  const [text, setText] = useState("");
  const tell = () => {
    const from = (first === null ? 0 : Date.parse(first)) - YEAR;
    const to = (last === null ? 0 : Date.parse(last)) + YEAR;
    const known = zone(text, from, to);
    setWrong(known === null);
    if (known !== null) void tellTimes(name, { dayFirst: engine.value?.times[name]?.dayFirst ?? null, zone: known });
  };
  return (
    <form
      class="tell"
      onSubmit={(event) => {
        event.preventDefault();
        tell();
      }}
    >
      <input
        type="text"
        class="field"
        list="zones"
        aria-label={`Zone of ${name}`}
        aria-invalid={wrong}
        placeholder="Europe/Berlin or +02:00"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <datalist id="zones">
        {zoneNames().map((known) => (
          <option key={known} value={known} />
        ))}
      </datalist>
      <button type="submit" class="btn">
        Read it so
      </button>
      {wrong && <span role="alert">No zone has this name.</span>}
    </form>
  );
}
