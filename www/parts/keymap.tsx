// The map of keys.

import { keys, letters } from "../state/keys";
import { Dialogue } from "./dialogue";
import { Kbd } from "./small";

export function KeyMap() {
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
      <ul class="map">
        {keys.value.map((key) => (
          <li key={key.key}>
            <span>{key.label}</span>
            <span>
              <Kbd keys={key.shown ?? [key.key]} />
            </span>
          </li>
        ))}
        <li>
          <span>paste a file or text</span>
          <span>
            <Kbd keys={["Ctrl", "V"]} />
          </span>
        </li>
        <li>
          <span>close, clear, cancel</span>
          <span>
            <Kbd keys={["Esc"]} />
          </span>
        </li>
      </ul>
    </Dialogue>
  );
}
