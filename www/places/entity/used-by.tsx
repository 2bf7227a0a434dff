// Who used an entity and when, or from where a user came and when.

import type { EntityView } from "../../model";
import { figure, moment } from "../../parts/words";
import { tables } from "../../state/look";
import { Spans } from "./spans";

/** Addresses at which a user's sessions were in other hands, or users whose sessions were at this address. */
function inOtherHands(view: EntityView): ReadonlySet<string> {
  const taken = view.sessions.filter((row) => row.above && row.other !== null && row.other.side === "other");
  if (view.column === "user") return new Set(taken.flatMap((row) => row.addresses));
  const here = view.column === "address" ? taken.filter((row) => row.addresses.includes(view.named.value ?? "")) : [];
  return new Set(here.map((row) => row.user));
}

export function UsedBy({ view }: { view: EntityView }) {
  const by = view.column === "user" ? "address" : "user";
  const span = view.sums.span;
  const counted = view.against;
  if (counted === null || counted.records === 0 || span === null) return null;
  const rest = counted.groups - counted.rows.length;
  const refused = counted.refused > 0;
  return (
    <section class="sec">
      <h2>
        {by === "user" ? "Who used it, and when" : "From where, and when"}
        <small>
          {moment(span[0])} to {moment(span[1])}
          {rest > 0 && `; the first ${figure(counted.rows.length)} of ${figure(counted.groups)}`}
        </small>
        {refused && !tables.value && (
          <span class="key">
            <span>
              <i class="tick" />
              succeeded
            </span>
            <span>
              <i class="tick hollow" />
              refused
            </span>
          </span>
        )}
      </h2>
      <Spans by={by} rows={counted.rows} span={span} others={inOtherHands(view)} asTable={tables.value} />
    </section>
  );
}
