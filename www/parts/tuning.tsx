// Tuning: thresholds, windows and lists. The effect is there at once; nothing is read again.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

import type { Hits, Setting } from "../model";
import { revision, tune, tuned } from "../state/case";
import { asFailure, attempt, ask, engine } from "../state/engine";
import { AllowedList } from "./allow";
import { Dialogue } from "./dialogue";
import { saveFile } from "./copy";
import { figure, of } from "./words";

/** The detection that tuning was opened for. */
export const tuningOf = signal<string | null>(null);

/** `12 findings in 9 sessions, 2 above the line`, or what they were before: `12 → 7 findings, …`. */
function effect(before: Hits | undefined, now: Hits | undefined): string {
  if (now === undefined) return "";
  const part = (was: number, is: number, one: string) => (was === is ? of(is, one) : `${figure(was)} → ${of(is, one)}`);
  const was = before ?? now;
  const above = was.above === now.above ? figure(now.above) : `${figure(was.above)} → ${figure(now.above)}`;
  return `${part(was.findings, now.findings, "finding")} in ${part(was.sessions, now.sessions, "session")}, ${above} above the line`;
}

export function Tuning() {
  const [settings, setSettings] = useState<Setting[]>([]);
  const [hits, setHits] = useState<ReadonlyMap<string, Hits>>(new Map());
  const [before, setBefore] = useState<ReadonlyMap<string, Hits> | null>(null);
  const [wanted, setWanted] = useState(tuningOf.value ?? "");
  useEffect(() => {
    tuningOf.value = null;
  }, []);
  useEffect(() => {
    void attempt(() => ask({ ask: "hits" })).then((found) => {
      if (found === undefined) return;
      const all = new Map(found.map((one) => [one.detection, one]));
      setHits(all);
      // What was found when tuning was opened is what changes are held against.
      setBefore((known) => known ?? all);
    });
  }, [revision.value]);
  const [wrong, setWrong] = useState<{ key: string; said: string } | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void ask({ ask: "tuning" }).then(setSettings);
  }, [revision.value]);

  const apply = async (next: Setting[], key: string) => {
    setBusy(true);
    try {
      await tune(next);
      setWrong(null);
    } catch (error) {
      setWrong({ key, said: asFailure(error).message });
    } finally {
      setBusy(false);
    }
  };
  const change = (key: string, value: string) => {
    const next = settings.map((setting) => (setting.key === key ? { ...setting, value: value.trim() } : setting));
    setSettings(next);
    void apply(next, key);
  };
  const load = async (file: File) => {
    try {
      const values: unknown = JSON.parse(await file.text());
      if (typeof values !== "object" || values === null || Array.isArray(values)) throw new TypeError();
      const given = new Map(Object.entries(values as Record<string, unknown>).map(([key, value]) => [key, String(value)]));
      const unknown = [...given.keys()].find((key) => !settings.some((setting) => setting.key === key));
      if (unknown !== undefined) {
        setWrong({ key: "file", said: "The file names a tunable that this version does not have. Nothing was changed." });
        return;
      }
      void apply(
        settings.map((setting) => ({ ...setting, value: given.get(setting.key) ?? setting.default })),
        "file",
      );
    } catch {
      setWrong({ key: "file", said: "The file is no tuning file: it must hold one JSON object. Nothing was changed." });
    }
  };
  const changed = settings.filter((setting) => setting.value !== setting.default);
  const words = wanted.trim().toLowerCase().split(/\s+/);
  const fits = (setting: Setting) => words.every((word) => `${setting.title} ${setting.key} ${setting.what}`.toLowerCase().includes(word));
  const detections = [...new Set(settings.filter(fits).map((setting) => setting.detection))];
  return (
    <Dialogue
      title="Tuning"
      foot={
        <>
          <button
            type="button"
            class="btn"
            aria-disabled={changed.length === 0}
            onClick={() =>
              void apply(
                settings.map((setting) => ({ ...setting, value: setting.default })),
                "",
              )
            }
          >
            All defaults
          </button>
          <button
            type="button"
            class="btn"
            onClick={async () => {
              const file = await engine.value?.save({ ask: "export", what: "tuning" });
              if (file !== undefined) saveFile("signin-sleuth-tuning.json", "application/json", file);
            }}
          >
            Save as file
          </button>
          <label class="btn file">
            Load a file
            <input
              type="file"
              class="vh"
              accept=".json,application/json"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (file !== undefined) void load(file);
                event.currentTarget.value = "";
              }}
            />
          </label>
          <span class="mid" role="status">
            {busy ? "Looking again …" : tuned.value}
          </span>
        </>
      }
    >
      {wrong !== null && wrong.key === "file" && (
        <p role="alert" class="wrong">
          {wrong.said}
        </p>
      )}
      <AllowedList />
      <label class="labelled">
        Find a detection or a tunable
        <input class="field" type="search" value={wanted} autocomplete="off" spellcheck={false} onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      {settings.length > 0 && detections.length === 0 && <p class="mid">No tunable has these words.</p>}
      {detections.map((detection) => {
        const own = settings.filter((setting) => setting.detection === detection);
        return (
          <fieldset class="tunables" key={detection}>
            <legend>
              <b>{own[0]?.title}</b> <code>{detection}</code>
            </legend>
            <p class="effect mid" role="status">
              {effect(before?.get(detection), hits.get(detection))}
            </p>
            {own.map((setting) => (
              <div class="tunable" key={setting.key}>
                <label for={setting.key}>{setting.name}</label>
                <Field setting={setting} wrong={wrong?.key === setting.key} change={(value) => change(setting.key, value)} />
                <span class="mut">
                  {wrong?.key === setting.key ? (
                    <b class="wrong" role="alert">
                      {wrong.said}
                    </b>
                  ) : (
                    <>
                      {setting.what}
                      {setting.value !== setting.default && `; default ${setting.default}`}
                    </>
                  )}
                </span>
              </div>
            ))}
          </fieldset>
        );
      })}
    </Dialogue>
  );
}

function Field({ setting, wrong, change }: { setting: Setting; wrong: boolean; change: (value: string) => void }) {
  if (setting.kind === "flag" || setting.kind === "choice") {
    const choices = setting.kind === "flag" ? ["true", "false"] : setting.choices;
    return (
      <select class="field" id={setting.key} value={setting.value} onChange={(event) => change(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option value={choice} key={choice}>
            {setting.kind === "flag" ? (choice === "true" ? "yes" : "no") : choice}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      class="field"
      id={setting.key}
      value={setting.value}
      aria-invalid={wrong}
      inputMode={setting.kind === "number" ? "numeric" : "text"}
      autocomplete="off"
      spellcheck={false}
      onChange={(event) => change(event.currentTarget.value || setting.default)}
    />
  );
}
