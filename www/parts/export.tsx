// Files to save: report, findings, evidence, tuning. They are made here and leave by your own hand.

import { useState } from "preact/hooks";

import type { Export } from "../model";
import { attempt, engine } from "../state/engine";
import { dialogue } from "../state/keys";
import { nameless, withoutNames } from "../state/pseudonyms";
import { saveFile } from "./copy";
import { Dialogue } from "./dialogue";
import { named, WithoutNames } from "./nameless";

const FILES: { what: Export; name: string; type: string; label: string; text: string }[] = [
  {
    what: "report",
    name: "signin-sleuth-report.json",
    type: "application/json",
    label: "Report, JSON",
    text: "Everything: inputs, coverage, sessions, findings, evidence. The command writes the same.",
  },
  {
    what: "findings",
    name: "signin-sleuth-findings.csv",
    type: "text/csv",
    label: "Findings, CSV",
    text: "One row a finding. Cells that a spreadsheet would run as formulas are made text.",
  },
  {
    what: "evidence",
    name: "signin-sleuth-evidence.csv",
    type: "text/csv",
    label: "Evidence, CSV",
    text: "One row a record that a finding rests on, with file, record and byte.",
  },
  {
    what: "tuning",
    name: "signin-sleuth-tuning.json",
    type: "application/json",
    label: "Tuning, JSON",
    text: "What differs from the defaults. Page and command read it.",
  },
];

export function ExportFiles() {
  /** Name of the file that is being made. */
  const [making, setMaking] = useState("");
  const save = async ({ what, name, type }: (typeof FILES)[number]) => {
    setMaking(name);
    await attempt(async () => {
      const bytes = await engine.value?.save({ ask: "export", what });
      if (bytes === undefined) return;
      if (what === "tuning") saveFile(name, type, bytes);
      else saveFile(named(name), type, nameless.value ? await withoutNames(new TextDecoder().decode(bytes)) : bytes);
    });
    setMaking("");
  };
  return (
    <Dialogue title="Export">
      <ul class="files">
        {FILES.map((file) => (
          <li key={file.name}>
            <span>
              <b>{file.label}</b>
              <small>{file.text}</small>
            </span>
            <button
              type="button"
              class="btn"
              aria-label={`Save ${file.label}`}
              aria-disabled={making !== ""}
              onClick={() => making === "" && void save(file)}
            >
              {making === file.name ? "Making …" : "Save"}
            </button>
          </li>
        ))}
      </ul>
      <WithoutNames />
      <p>These files hold data of the customer. Marks and notes are not in them: the case file under Report has those.</p>
      <div class="acts">
        <button type="button" class="btn" onClick={() => print()}>
          Print this place
        </button>
        <button type="button" class="btn quiet" onClick={() => (dialogue.value = "clear")}>
          Clear everything
        </button>
      </div>
    </Dialogue>
  );
}
