// What is flagged in what is read so far: the first rows, as the table of sessions will have them.

import type { SessionsPage } from "../../model";
import { HandWord, SeverityWord, Time } from "../../parts/small";
import { figure, moment, shortName } from "../../parts/words";

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
      {flagged.rows.length > 0 && (
        <table class="files-read">
          <colgroup>
            <col class="f1" />
            <col class="f2" />
            <col class="f3" />
            <col />
            <col class="f5" />
            <col class="f6" />
            <col class="f7" />
          </colgroup>
          <thead>
            <tr>
              <th>Severity</th>
              <th class="n">Score</th>
              <th>User</th>
              <th>What happened</th>
              <th>Owner</th>
              <th>Other</th>
              <th>Changed hands</th>
            </tr>
          </thead>
          <tbody>
            {flagged.rows.map((row) => (
              <tr key={row.key} class={row.above ? "" : "weak"}>
                <td>
                  <SeverityWord severity={row.severity} />
                </td>
                <td class="n b">{row.score}</td>
                <td title={row.user}>{shortName(row.user)}</td>
                <td title={row.what}>{row.what}</td>
                <td>
                  <HandWord hand={row.owner} />
                </td>
                <td>
                  <HandWord hand={row.other} />
                </td>
                <td>{row.changed !== null ? <Time at={row.changed} as={moment} /> : row.opened ? "from the start" : <span class="mut">–</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p class="more">{figure(more)} more. All can be opened when everything is read.</p>}
    </section>
  );
}
