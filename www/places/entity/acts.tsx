// What was done by an entity, or to it, in and outside the directory.

import type { Act, Column, EntityView } from "../../model";
import { useLater } from "../../parts/later";
import { Time } from "../../parts/small";
import { figure, moment, of, shortName } from "../../parts/words";
import { go } from "../../state/place";

/** Rows that are drawn at once. */
const FIRST = 20;

export function Acts({ view }: { view: EntityView }) {
  const acts = useLater(view.acts, FIRST);
  if (view.acts_total === 0) return null;
  return (
    <section class="sec wide-sec">
      <h2>
        Acts in and outside the directory
        <small>
          {of(view.acts_total, "record")}
          {view.acts_total > view.acts.length && `, the last ${figure(view.acts.length)}`}
        </small>
      </h2>
      <ActTable acts={acts} column={view.column} value={view.named.value} />
    </section>
  );
}

interface TableProps {
  acts: Act[];
  /** Whose acts they are: it is no way on to itself. */
  column: Column;
  value: string | null;
}

/** Acts, the last first; who did one is a way on. */
export function ActTable({ acts, column, value }: TableProps) {
  return (
    <div class="scroller">
      <table class="entity-acts">
        <colgroup>
          <col class="e7" />
          <col class="e8" />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th>When</th>
            <th>Who</th>
            <th>What</th>
          </tr>
        </thead>
        <tbody>
          {acts.map((act, index) => (
            <tr key={index}>
              <td>
                <Time at={act.time} as={moment} />
              </td>
              <td title={act.user.label}>
                {(column === "user" && act.user.value === value) || (act.user.value ?? "") === "" ? (
                  shortName(act.user.label)
                ) : (
                  <button
                    type="button"
                    class="link el"
                    onClick={() => go({ name: "entity", entity: { column: "user", value: act.user.value, label: act.user.label } })}
                  >
                    {shortName(act.user.label)}
                  </button>
                )}
              </td>
              <td title={act.text}>
                {act.text}
                {act.refused && <span class="mut"> refused or failed</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
