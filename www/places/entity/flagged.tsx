// The flagged sessions that an entity is part of.

import type { EntityView } from "../../model";
import { useLater } from "../../parts/later";
import { SessionTable } from "../../parts/sessions";
import { figure, of } from "../../parts/words";

interface Props {
  view: EntityView;
  /** Number of the row that is chosen. */
  at: number;
}

/** Rows that are drawn at once. */
const FIRST = 20;

export function Flagged({ view, at }: Props) {
  const rows = useLater(view.sessions, FIRST);
  if (view.sessions_total === 0) {
    return (
      <section class="sec">
        <h2>Flagged sessions</h2>
        <p class="mid">None it is part of.</p>
      </section>
    );
  }
  return (
    <section class="sec wide-sec">
      <h2>
        Flagged sessions
        <small>
          {of(view.sessions_total, "session")} {view.sessions_total > view.sessions.length && `, the first ${figure(view.sessions.length)}`}
        </small>
      </h2>
      <SessionTable rows={rows} at={at} open ofUser={view.column === "user"} />
    </section>
  );
}
