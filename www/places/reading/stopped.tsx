// What is missing where reading was stopped, and the way to the rest.

import { CoverageShape } from "../../parts/icons";
import { bytes } from "../../parts/words";
import { readOn, stopped } from "../../state/case";

export function Stopped() {
  const at = stopped.value;
  if (at === null) return null;
  return (
    <p class="caution">
      <CoverageShape status="partial" />{" "}
      <b>
        Reading was stopped at {bytes(at.bytes)} of {bytes(at.total)}.
      </b>{" "}
      What was not read is missing, not empty.{" "}
      <button type="button" class="link" onClick={() => void readOn()}>
        Read it all
      </button>
    </p>
  );
}
