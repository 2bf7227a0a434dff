// Flagged sessions in a short table, as the reading place and the entities have them.

import type { Row } from "../model";
import { go } from "../state/place";
import { HandWord, SeverityWord, Time } from "./small";
import { moment, shortName } from "./words";

interface Props {
  rows: Row[];
  /** Number of the row that is chosen. */
  at?: number;
  /** Whether each row leads to its session. */
  open?: boolean;
  /** Whether all are of one user, who stands above them. */
  ofUser?: boolean;
}

export function SessionTable({ rows, at = -1, open = false, ofUser = false }: Props) {
  const to = (row: Row) => go({ name: "session", key: row.key, label: shortName(row.user) });
  return (
    <div class="scroller">
      <table class="short-sessions">
        <colgroup>
          <col class="e1" />
          <col class="e2" />
          {!ofUser && <col class="e3" />}
          <col />
          <col class="e5" />
          <col class="e6" />
          <col class="e7" />
        </colgroup>
        <thead>
          <tr>
            <th>Severity</th>
            <th class="n">Score</th>
            {!ofUser && <th>User</th>}
            <th>What happened</th>
            <th>Owner</th>
            <th>Other</th>
            <th>Changed hands</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.key} class={`${open ? "pick" : ""} ${row.above ? "" : "weak"} ${index === at ? "sel" : ""}`} onClick={() => open && to(row)}>
              <td>
                <SeverityWord severity={row.severity} />
              </td>
              <td class="n b">{row.score}</td>
              {!ofUser && <td title={row.user}>{shortName(row.user)}</td>}
              <td title={row.what}>
                {open ? (
                  <button type="button" class="link el">
                    {row.what}
                  </button>
                ) : (
                  row.what
                )}
              </td>
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
    </div>
  );
}
