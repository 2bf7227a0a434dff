// The promise and its proof: what was tried, what the browser answered, and what no policy stops.

import { signal } from "@preact/signals";

import { type Attempt, commit, rust, selfTest, version } from "../proof/proof";
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
        <li>For the same reason it opens no export by its address: what may not connect cannot fetch one either.</li>
      </ul>
      <h3>What this page is made of</h3>
      <p>
        Version {version}, commit {commit}, built with Rust {rust}: whoever builds it again gets the same bytes.
      </p>
      <details class="notices">
        <summary>The work of others in it, and their licences</summary>
        <pre tabIndex={0} aria-label="Licences">
          {document.getElementById("sleuth-notices")?.textContent?.trim()}
        </pre>
      </details>
    </Dialogue>
  );
}

export function SelfTest() {
  const result = tried.value;
  return (
    <div class="selftest">
      <div class="selftest-head">
        <button type="button" class="btn" onClick={() => void tryOut()} aria-disabled={trying.value}>
          Try to connect out
        </button>
        <span role="status">
          {trying.value && "Trying every way out …"}
          {!trying.value && broken.value && "The test could not run: this browser starts no worker here."}
          {!trying.value && !broken.value && result !== null && <Outcome attempts={result.attempts} />}
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
                    <CoverageShape status={attempt.blocked ? "ran" : isUnproven(attempt, result.attempts) ? "partial" : "blind"} />
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

/** A worker's attempt of which the browser told nothing, where it did stop all of the page's: WebKit never
 * tells of a worker. So it is no sign that the policy is missing, and no proof that it holds. */
const isUnproven = (attempt: Attempt, all: Attempt[]) =>
  !attempt.blocked && attempt.from === "worker" && all.every((other) => other.from === "worker" || other.blocked);

function Outcome({ attempts }: { attempts: Attempt[] }) {
  const stopped = attempts.filter((attempt) => attempt.blocked).length;
  const unproven = attempts.filter((attempt) => isUnproven(attempt, attempts)).length;
  const [sum, meaning] =
    stopped === attempts.length
      ? [`${stopped} of ${attempts.length} stopped.`, "Nothing got out."]
      : stopped + unproven === attempts.length
        ? [
            `${stopped} of ${attempts.length} stopped, ${unproven} unproven.`,
            "Nothing got out of the page. Of its workers this browser does not tell what the policy stopped: for a proof, open the page in " +
              "Chrome, Edge or Firefox, or cut the network first.",
          ]
        : [
            `${stopped} of ${attempts.length} stopped.`,
            "Do not drop files: this page runs without its policy or in a browser that does not know it.",
          ];
  return (
    <>
      <b>{sum}</b> {meaning}
    </>
  );
}

/** Tries at once, as the button on the first place does. */
export function tryNow(): void {
  void tryOut();
}
