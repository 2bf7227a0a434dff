// Tuning: thresholds, windows and lists. What a value would do is counted while it is typed; nothing is read again.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

import type { Hits, Preview, Setting } from "../model";
import { overview, revision, tune, tuned } from "../state/case";
import { asFailure, attempt, ask, engine } from "../state/engine";
import { useTrial } from "../state/trial";
import { AllowedList } from "./allow";
import { Dialogue } from "./dialogue";
import { saveFile } from "./copy";
import { OwnNetworksList } from "./own-networks";
import { figure, of } from "./words";

/** The detection that tuning was opened for, or what many of them ask. */
export const tuningOf = signal<string | null>(null);

/** `12 findings in 9 sessions, 2 above the line`, or what they were before: `12 → 7 findings, …`. */
function effect(before: Hits | undefined, now: Hits | undefined): string {
  if (now === undefined) return "";
  const part = (was: number, is: number, one: string) => (was === is ? of(is, one) : `${figure(was)} → ${of(is, one)}`);
  const was = before ?? now;
  const above = was.above === now.above ? figure(now.above) : `${figure(was.above)} → ${figure(now.above)}`;
  return `${part(was.findings, now.findings, "finding")} in ${part(was.sessions, now.sessions, "session")}, ${above} above the line`;
}

/** `would be: 4 → 3 above the line, 2 below it` */
function would({ above, below, aside }: Preview): string {
  const now = overview.value;
  if (now === null) return "";
  const part = (was: number, is: number, words: string) => `${was === is ? figure(is) : `${figure(was)} → ${figure(is)}`} ${words}`;
  return `Would be: ${part(now.above, above, "above the line")}, ${part(now.below, below, "below it")}${aside > 0 ? `, ${figure(aside)} put aside` : ""}.`;
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
  /** What is typed and not yet taken, by key. */
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const next = settings.map((setting) => ({ ...setting, value: typed.get(setting.key)?.trim() || (typed.has(setting.key) ? setting.default : setting.value) }));
  const differs = next.some((setting, index) => setting.value !== settings[index]?.value);
  const trial = useTrial(differs ? next : null);
  const tried = trial.preview === null ? null : new Map(trial.preview.hits.map((one) => [one.detection, one]));
  const refused = trial.wrong === null ? null : { key: [...typed.keys()].at(-1) ?? "", said: trial.wrong.message };
  useEffect(() => {
    void ask({ ask: "tuning" }).then(setSettings);
  }, [revision.value]);

  const apply = async (next: Setting[], key: string) => {
    setBusy(true);
    try {
      await tune(next);
      // What was typed stands until what is found now is there beside it.
      const [found, kept] = await Promise.all([ask({ ask: "hits" }), ask({ ask: "tuning" })]);
      setHits(new Map(found.map((one) => [one.detection, one])));
      setSettings(kept);
      setWrong(null);
      setTyped(new Map());
    } catch (error) {
      setWrong({ key, said: asFailure(error).message });
    } finally {
      setBusy(false);
    }
  };
  const type = (key: string, value: string) => {
    setWrong(null);
    setTyped((known) => new Map([...[...known].filter(([other]) => other !== key), [key, value]]));
  };
  const change = (values: ReadonlyMap<string, string>) => {
    const [key = ""] = values.keys();
    for (const [key, value] of values) type(key, value);
    void apply(
      settings.map((setting) => ({ ...setting, value: values.get(setting.key)?.trim() ?? setting.value })),
      key,
    );
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
            {busy
              ? "Looking again …"
              : trial.done !== null
                ? `Counting what it would find … ${Math.round(trial.done * 100)} %`
                : trial.preview !== null
                  ? would(trial.preview)
                  : tuned.value}
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
        <input class="field" type="search" autofocus value={wanted} autocomplete="off" spellcheck={false} onInput={(event) => setWanted(event.currentTarget.value)} />
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
              {effect(before?.get(detection), tried?.get(detection) ?? hits.get(detection))}
              {tried !== null && own.some((setting) => typed.has(setting.key)) && " so far as typed: Enter takes it"}
            </p>
            {own.map((setting) => (
              <div class="tunable" key={setting.key}>
                <label for={setting.key}>{setting.name}</label>
                <Field
                  setting={setting}
                  shown={typed.get(setting.key) ?? setting.value}
                  wrong={(refused ?? wrong)?.key === setting.key}
                  type={(value) => type(setting.key, value)}
                  change={(value) => change(new Map([[setting.key, value]]))}
                />
                <span class="mut">
                  {(refused ?? wrong)?.key === setting.key ? (
                    <b class="wrong" role="alert">
                      {(refused ?? wrong)?.said}
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
            {detection === "own-networks" && <OwnNetworksList settings={settings} change={change} />}
          </fieldset>
        );
      })}
    </Dialogue>
  );
}

interface FieldProps {
  setting: Setting;
  /** What stands in the field: the value, or what is typed over it. */
  shown: string;
  wrong: boolean;
  /** While letters come. */
  type: (value: string) => void;
  /** When the field is left or Enter is pressed. */
  change: (value: string) => void;
}

function Field({ setting, shown, wrong, type, change }: FieldProps) {
  if (setting.kind === "flag" || setting.kind === "choice") {
    const choices = setting.kind === "flag" ? ["true", "false"] : setting.choices;
    return (
      <select class="field" id={setting.key} value={shown} onChange={(event) => change(event.currentTarget.value)}>
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
      value={shown}
      aria-invalid={wrong}
      inputMode={setting.kind === "number" ? "numeric" : "text"}
      autocomplete="off"
      spellcheck={false}
      onInput={(event) => type(event.currentTarget.value)}
      onChange={(event) => change(event.currentTarget.value || setting.default)}
    />
  );
}
