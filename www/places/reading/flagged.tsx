// What is flagged in what is read so far: the first rows, as the table of sessions will have them.

import type { SessionsPage } from "../../model";
import { SessionTable } from "../../parts/sessions";
import { figure } from "../../parts/words";

export function FlaggedSoFar({ flagged }: { flagged: SessionsPage }) {
  const more = flagged.total - flagged.rows.length;
  return (
    <section class="so-far">
      <h2>
        Flagged so far
        <small>
          {flagged.total === 0
            ? "nothing in what was looked at; more is being read"
            : "what is read later can add sessions, and change or clear these"}
        </small>
      </h2>
      {flagged.rows.length > 0 && <SessionTable rows={flagged.rows} />}
      {more > 0 && <p class="more">{figure(more)} more. All can be opened when everything is read.</p>}
    </section>
  );
}
