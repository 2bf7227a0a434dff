// The map of keys.

import { type Key, keys, letters } from "../state/keys";
import { Dialogue } from "./dialogue";
import { Kbd } from "./small";

export function KeyMap() {
  // What one line shows as a pair needs no second line.
  const paired = new Set(keys.value.filter((key) => !key.key.includes(" ")).flatMap((key) => (key.shown ?? []).slice(1)));
  const shown = keys.value.filter((key) => key.shown !== undefined || !paired.has(key.key));
  return (
    <Dialogue title="Keyboard map">
      <label class="st">
        <input
          type="checkbox"
          checked={letters.value}
          onChange={(event) => (letters.value = event.currentTarget.checked)}
        />
        Single letters work as keys outside text fields
      </label>
      <div class="map">
        <Keys title="Here" keys={shown.filter((key) => key.level !== "page")} />
        <Keys title="Everywhere" keys={[...shown.filter((key) => key.level === "page"), ...ALWAYS]} />
      </div>
    </Dialogue>
  );
}

/** Keys of the browser, and of what is open. */
const ALWAYS: Pick<Key, "key" | "shown" | "label">[] = [
  { key: "Ctrl V", shown: ["Ctrl", "V"], label: "paste a file or text" },
  { key: "Esc", label: "close, clear, cancel" },
];

function Keys({ title, keys: list }: { title: string; keys: Pick<Key, "key" | "shown" | "label">[] }) {
  if (list.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {list.map((key) => (
          <li key={key.key}>
            <span>{key.label}</span>
            <span>
              <Kbd keys={key.shown ?? [key.key]} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
