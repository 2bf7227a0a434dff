// All sessions of a user that carry an id, flagged or not.

import { useMemo } from "preact/hooks";

import type { EntityView } from "../../model";
import { useLater } from "../../parts/later";
import { Time } from "../../parts/small";
import { capital, figure, moment, shortName } from "../../parts/words";
import { go } from "../../state/place";

/** Rows that are drawn at once. */
const FIRST = 20;

export function AllSessions({ view }: { view: EntityView }) {
  const counted = view.all_sessions;
  const rows = useMemo(
    () => (counted?.rows ?? []).filter((row) => (row.values[0]?.value ?? "") !== "").toSorted((left, right) => right.first - left.first),
    [counted],
  );
  const drawn = useLater(rows, FIRST);
  if (counted === null || rows.length === 0) return null;
  const ids = rows.map((row) => row.values[0]?.value ?? "");
  /** As much of an id as tells it from the others. */
  const shown = (id: string) => id.slice(0, ids.some((other) => other !== id && other.startsWith(id.slice(0, 8))) ? 18 : 8);
  const flagged = new Map(view.sessions.map((row) => [row.session, row]));
  return (
    <section class="sec wide-sec">
      <h2>
        All sessions with an id
        <small>
          {counted.groups > counted.rows.length ? `the ${figure(rows.length)} with the most sign-ins, ` : `${figure(rows.length)}, `}the last first
        </small>
      </h2>
      <div class="scroller">
        <table class="entity-all">
          <colgroup>
            <col class="s1" />
            <col class="s2" span={2} />
            <col class="s3" span={2} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th>Session</th>
              <th>First</th>
              <th>Last</th>
              <th class="n">Sign-ins</th>
              <th class="n">Refused</th>
              <th>Flagged</th>
            </tr>
          </thead>
          <tbody>
            {drawn.map((row) => {
              const id = row.values[0]?.value ?? "";
              const known = flagged.get(id);
              return (
                <tr key={id}>
                  <td class="mono" title={id}>
                    {shown(id)}
                  </td>
                  <td>
                    <Time at={row.first} as={moment} />
                  </td>
                  <td>
                    <Time at={row.last} as={moment} />
                  </td>
                  <td class="n">{figure(row.records)}</td>
                  <td class="n">{row.refused === 0 ? <span class="mut">0</span> : figure(row.refused)}</td>
                  <td>
                    {known === undefined ? (
                      <span class="mut">–</span>
                    ) : (
                      <button type="button" class="link el" onClick={() => go({ name: "session", key: known.key, label: shortName(known.user) })}>
                        {capital(known.severity)}: {known.what}
                      </button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
