// What went wrong, why, and what to do. The details that can be copied hold nothing of the logs.

import { commit, version } from "../proof/proof";
import { failure } from "../state/engine";
import type { Failure } from "../worker/engine";
import { CopyButton } from "./copy";
import { CoverageShape } from "./icons";

export function FailureCard({ failed }: { failed: Failure }) {
  const details = () =>
    [
      `Sign-in Sleuth ${version} (${commit})`,
      `${failed.kind}: ${failed.message}`,
      failed.place === null ? "" : `at ${failed.place}`,
      navigator.userAgent,
    ]
      .filter((line) => line !== "")
      .join("\n");
  return (
    <div class="card" role="alert">
      <h2>
        <CoverageShape status="blind" />
        {failed.message}
      </h2>
      <p>{failed.next}</p>
      <div class="acts">
        <button type="button" class="btn" onClick={() => (failure.value = null)}>
          Close
        </button>
        <CopyButton text={details} label="Copy details" />
      </div>
    </div>
  );
}

/** The last failure, over the place. */
export function LastFailure() {
  if (failure.value === null) return null;
  return (
    <div class="failure">
      <FailureCard failed={failure.value} />
    </div>
  );
}
