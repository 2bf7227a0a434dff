// What the owner's side and the other side differ in.

import type { DiffRow, SessionView } from "../../model";
import { letterOf } from "../../charts/lanes";

const HEADS = { owner: "Owner", first: "First seen", usual: "Owner, elsewhere", nobody: "Owner" } as const;

interface Props {
  view: SessionView;
  /** Only these rows. */
  only?: string[];
}

export function Diff({ view, only }: Props) {
  const rows = only === undefined ? view.diff : view.diff.filter((row) => only.includes(row.label));
  if (rows.length === 0) return null;
  const both = rows.some((row) => row.agreement !== "beside") || view.diff.some((row) => row.agreement !== "beside");
  const side = view.other_hand === null ? undefined : view.hands[view.other_hand]?.side;
  const letter = view.other_hand === null ? "" : letterOf(view, view.other_hand);
  const otherHead = `${side === "later" ? "Later" : "Other"}${letter}`;
  const aloneIsOther = !both && view.owner_is === "nobody";
  return (
    <table class="diff">
      <caption class="vh">{both ? "The two sides, property by property" : "Who held it"}</caption>
      <colgroup>
        <col class="d0" />
        <col />
        {both && <col class="dg" />}
        {both && <col />}
      </colgroup>
      <thead>
        <tr>
          <td />
          <th scope="col">
            <span class={`hand b ${aloneIsOther ? (side ?? "later") : view.owner_is === "first" ? "first" : "owner"}`}>
              <span title={view.owner_is === "usual" ? "The user’s other sessions: this one has no owner’s part" : undefined}>
                {aloneIsOther ? otherHead : HEADS[view.owner_is]}
              </span>
            </span>
          </th>
          {both && <td class="g" />}
          {both && (
            <th scope="col">
              <span class={`hand b ${side ?? "other"}`}>
                <span>{otherHead}</span>
              </span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label} class={row.agreement === "same" ? "same" : ""}>
            <th scope="row">{row.label}</th>
            <Value value={row.owner} />
            {both && (
              <td class="g">
                <Sign row={row} />
              </td>
            )}
            {both && <Value value={row.other} />}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ value }: { value: string | null }) {
  if (value === null) {
    return (
      <td class="missing">
        <span>not in these exports</span>
      </td>
    );
  }
  return <td title={value}>{value}</td>;
}

function Sign({ row }: { row: DiffRow }) {
  if (row.agreement === "differ") {
    return (
      <span class="ne" role="img" aria-label="differs">
        ≠
      </span>
    );
  }
  if (row.agreement === "same") {
    return (
      <span class="eq" role="img" aria-label="same">
        =
      </span>
    );
  }
  if (row.agreement === "unknown") {
    return (
      <span role="img" aria-label="unknown">
        ?
      </span>
    );
  }
  return null;
}
