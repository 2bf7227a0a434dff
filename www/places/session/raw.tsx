// The raw drawer: a record as its file has it, read again when asked for. Its text is only ever text.

import { useEffect, useState } from "preact/hooks";

import type { RecordRef, RecordView } from "../../model";
import { CopyButton } from "../../parts/copy";
import { Kbd } from "../../parts/small";
import { exact, figure, visible } from "../../parts/words";
import { ask, asFailure, engine } from "../../state/engine";
import { useKeys } from "../../state/keys";
import { formatName } from "../reading/formats";

interface Props {
  place: RecordRef;
  close: () => void;
}

interface Shown {
  text: string;
  view: RecordView;
}

export function RawDrawer({ place, close }: Props) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [wrong, setWrong] = useState<{ said: string; next: string } | null>(null);
  useKeys("part", [{ key: "Escape", shown: ["Esc"], label: "close record", run: close }], [close]);
  useEffect(() => {
    const stale = new AbortController();
    setWrong(null);
    const look = async () => {
      const [view, raw] = await Promise.all([
        ask({ ask: "record", input: place.input, record: place.record, offset: place.offset }, { signal: stale.signal }),
        engine.value?.raw(place.input, place.record, place.offset),
      ]);
      if (!stale.signal.aborted) setShown({ text: laidOut(raw?.text ?? ""), view });
    };
    look().catch((error: unknown) => {
      if (stale.signal.aborted) return;
      const failed = asFailure(error);
      setShown(null);
      setWrong({ said: failed.message, next: failed.next });
    });
    return () => stale.abort();
  }, [place.input, place.record, place.offset]);
  const fields = new Set(shown?.view.fields);
  return (
    <section class="drawer" aria-label="Raw record" data-pane>
      <div class="drawer-head">
        <b>Record {figure(place.record + 1)}</b>
        <span class="mid el" title={shown?.view.name}>
          {shown === null ? "" : `${shown.view.name}, ${visible(shown.view.spot)}, read from the file again just now`}
        </span>
        <span class="grow" />
        {shown !== null && <CopyButton text={() => shown.text} label="Copy" />}
        <button type="button" class="btn quiet" onClick={close}>
          Close <Kbd keys={["Esc"]} />
        </button>
      </div>
      {wrong !== null && (
        <div class="drawer-wrong" role="alert">
          <b>{wrong.said}</b> {wrong.next}
        </div>
      )}
      {shown !== null && (
        <div class="drawer-body">
          <pre tabIndex={0} aria-label="Text of the record">
            {shown.text.split("\n").map((line, index) => (
              <Line key={index} line={line} fields={fields} />
            ))}
          </pre>
          <div class="kv-pane" tabIndex={0} role="group" aria-label="What is known of the record">
            <dl class="kv">
              <dt>What</dt>
              <dd>{shown.view.text || "no event of its own"}</dd>
              {shown.view.time !== null && (
                <>
                  <dt>When, UTC</dt>
                  <dd>{exact(shown.view.time)}</dd>
                </>
              )}
              {shown.view.findings.map(([role, title]) => (
                <Pair key={`${role} ${title}`} name={`As ${role}`} value={title} />
              ))}
              <dt>Recognised as</dt>
              <dd>{formatName(shown.view.format)}</dd>
              {shown.view.correlation !== "" && <Pair name="Correlation" value={shown.view.correlation} mono />}
              {fields.size > 0 && <Pair name="Marked lines" value="fields that the findings look at" />}
            </dl>
          </div>
        </div>
      )}
    </section>
  );
}

function Pair({ name, value, mono }: { name: string; value: string; mono?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class={mono === true ? "mono any" : "any"}>{value}</dd>
    </>
  );
}

function Line({ line, fields }: { line: string; fields: Set<string> }) {
  const key = /^\s*"([^"]+)"\s*:/.exec(line)?.[1]?.toLowerCase().replaceAll(/[^a-z]/g, "");
  const marked = key !== undefined && fields.has(key);
  return <span class={marked ? "hl" : undefined}>{`${visible(line)}\n`}</span>;
}

/** JSON on lines of its own; anything else as it is. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
