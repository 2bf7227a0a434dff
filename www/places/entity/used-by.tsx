// Who used an entity and when, or from where a user came and when.

import type { Column, EntityView, Match } from "../../model";
import { useTally } from "../../parts/counts";
import { figure, moment } from "../../parts/words";
import { tables } from "../../state/look";
import { Spans } from "./spans";

/** What an entity is drawn against: who used it, or what it used. */
const AGAINST: Partial<Record<Column, Column>> = { user: "address", address: "user", device: "user", app: "user", resource: "user" };

/** Addresses at which a user's sessions were in other hands, or users whose sessions were at this address. */
function inOtherHands(view: EntityView): ReadonlySet<string> {
  const taken = view.sessions.filter((row) => row.above && row.other !== null && row.other.side === "other");
  if (view.column === "user") return new Set(taken.flatMap((row) => row.addresses));
  const here = view.column === "address" ? taken.filter((row) => row.addresses.includes(view.named.value ?? "")) : [];
  return new Set(here.map((row) => row.user));
}

interface Props {
  column: Column;
  only: Match[];
  view: EntityView;
}

export function UsedBy({ column, only, view }: Props) {
  const by = AGAINST[column] ?? "user";
  const span = view.sums.span;
  const counted = useTally(span === null ? null : { of: "sign-ins", by: [by], only, order: "most", limit: 30, ticks: span });
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
