// The promise and its proof: what was tried, what the browser answered, and what no policy stops.

import { signal } from "@preact/signals";

import { type Attempt, selfTest } from "../proof/proof";
import { Dialogue } from "./dialogue";
import { CoverageShape } from "./icons";
import { second } from "./words";

/** What came out last, and when. */
const tried = signal<{ attempts: Attempt[]; at: number } | null>(null);
const trying = signal(false);
const broken = signal(false);

async function tryOut(): Promise<void> {
  trying.value = true;
  broken.value = false;
  try {
    tried.value = { attempts: await selfTest(), at: Date.now() };
  } catch {
    broken.value = true;
  } finally {
    trying.value = false;
  }
}

export function Promised() {
  return (
    <Dialogue title="Nothing you drop leaves this machine">
      <p>
        The first line of this page is a policy that makes the browser refuse every request of the page and of its workers. It cannot be
        switched off from inside. Press the button: each way out is tried, and counts as stopped only when the browser itself says that
        the policy stopped it.
      </p>
      <SelfTest />
      <h3>What a policy cannot stop</h3>
      <ul class="plain">
        <li>A link that you press. Those in this page carry nothing of your files, and the browser is told not to say where you came from.</li>
        <li>WebRTC, a way for calls. This page takes it away before anything else runs; the test looks whether it is gone.</li>
        <li>Add-ons of the browser, which can read every page. Use a window without any.</li>
        <li>Other programs on this machine.</li>
      </ul>
      <h3>See it without trusting the page</h3>
      <ul class="plain">
        <li>Open the developer tools, choose Network, drop a file: no request appears. Entries that begin with blob: are the page’s own worker.</li>
        <li>Or pull the network cable first. Everything works without.</li>
      </ul>
    </Dialogue>
  );
}

export function SelfTest() {
  const result = tried.value;
  const stopped = result?.attempts.filter((attempt) => attempt.blocked).length ?? 0;
  return (
    <div class="selftest">
      <div class="selftest-head">
        <button type="button" class="btn" onClick={() => void tryOut()} aria-disabled={trying.value}>
          Try to connect out
        </button>
        <span role="status">
          {trying.value && "Trying every way out …"}
          {!trying.value && broken.value && "The test could not run: this browser starts no worker here."}
          {!trying.value && !broken.value && result !== null && (
            <>
              <b>
                {stopped} of {result.attempts.length} stopped.
              </b>{" "}
              {stopped === result.attempts.length
                ? "Nothing got out."
                : "Do not drop files: this page runs without its policy or in a browser that does not know it."}
            </>
          )}
        </span>
      </div>
      {result !== null && (
        <table>
          <thead>
            <tr>
              <th>Tried</th>
              <th>From</th>
              <th>What the browser answered</th>
              <th class="n">At, here</th>
            </tr>
          </thead>
          <tbody>
            {result.attempts.map((attempt) => (
              <tr key={`${attempt.from} ${attempt.what}`}>
                <td>
                  <span class="st">
                    <CoverageShape status={attempt.blocked ? "ran" : "blind"} />
                    {attempt.what}
                  </span>
                </td>
                <td>{attempt.from}</td>
                <td title={attempt.answer}>{attempt.answer}</td>
                <td class="n">{second(result.at - new Date(result.at).getTimezoneOffset() * 60_000)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** Tries at once, as the button on the first place does. */
export function tryNow(): void {
  void tryOut();
}
