// The time that is looked at, in words, with the way out of it.

import type { Key } from "../state/keys";
import { span } from "../state/filters";
import { Kbd } from "./small";
import { moment } from "./words";

/** The key that leads out of it. */
export const wholeTime: Key = { key: "0", label: "whole time", run: () => (span.value = null) };

/** `13 Nov 12:00 to 14 Nov 06:00 only`; nothing where all of the time is looked at. */
export function OnlyTime() {
  if (span.value === null) return null;
  return (
    <p class="only-time" role="status">
      <b>
        {moment(span.value.from)} to {moment(span.value.to)} only.
      </b>{" "}
      <button type="button" class="link" onClick={wholeTime.run}>
        Whole time
      </button>{" "}
      <Kbd keys={["0"]} />
    </p>
  );
}
