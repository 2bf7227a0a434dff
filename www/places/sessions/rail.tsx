// The rail: what to filter by, and how many each value would leave.

import { useState } from "preact/hooks";

import type { Facet, FacetField, FacetValue, Severity } from "../../model";
import { SeverityShape } from "../../parts/icons";
import { figure } from "../../parts/words";
import { isNot, isOnly, toggleNot, toggleOnly } from "../../state/filters";
import { COLUMN_OF, columns, FIXED, toggleColumn } from "../../state/views";
import { table } from "./rows";

const TITLES: Record<FacetField, string> = {
  severity: "Severity",
  detection: "What was found",
  network: "Other network",
  country: "Other country",
  user: "User",
  agent: "Other agent",
  app: "Applications there",
  device: "Devices there",
  address: "Addresses there",
};
const FEW = 6;

export function Rail() {
  const facets = table.value?.facets ?? [];
  return (
    <aside class="rail" aria-label="Facets" data-pane>
      <p class="vh">Press a value to show only it; press x on it to leave it out.</p>
      {facets.filter((facet) => facet.values.length > 0).map((facet) => (
        <Group key={facet.field} facet={facet} />
      ))}
    </aside>
  );
}

function Group({ facet }: { facet: Facet }) {
  const [all, setAll] = useState(false);
  const column = COLUMN_OF[facet.field];
  const most = Math.max(1, ...facet.values.map((value) => value.count));
  const shown = all ? facet.values : facet.values.slice(0, FEW);
  const rest = facet.values.length - shown.length;
  return (
    <section class="facets">
      <h3>
        {TITLES[facet.field]}
        {!FIXED.includes(column) && (
          <button type="button" class="link" aria-pressed={columns.value.includes(column)} aria-label={`Column ${TITLES[facet.field]}`} onClick={() => toggleColumn(column)}>
            {columns.value.includes(column) ? "not as column" : "as column"}
          </button>
        )}
      </h3>
      <ul>
        {shown.map((value) => (
          <Value key={value.value} field={facet.field} value={value} most={most} />
        ))}
        {(rest > 0 || all) && facet.values.length > FEW && (
          <li class="facet">
            <button type="button" class="more" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? "Fewer" : `${figure(rest)} more`}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function Value({ field, value, most }: { field: FacetField; value: FacetValue; most: number }) {
  const picked = { field, value: value.value };
  const only = isOnly(picked);
  const not = isNot(picked);
  return (
    <li class={`facet ${only ? "on" : ""} ${not ? "off" : ""} ${value.count === 0 ? "zero" : ""}`}>
      <span class="ground" style={{ width: `${(value.count / most) * 100}%` }} />
      <button
        type="button"
        class="only"
        aria-pressed={only}
        title={value.label}
        onClick={() => toggleOnly(picked)}
        onKeyDown={(event) => {
          if (event.key !== "x") return;
          event.preventDefault();
          event.stopPropagation();
          toggleNot(picked);
        }}
      >
        {field === "severity" && <SeverityShape severity={value.value as Severity} />}
        <span class="el">{value.label}</span>
        <span class="count">{figure(value.count)}</span>
      </button>
      <button
        type="button"
        class="not"
        aria-pressed={not}
        aria-label={not ? `Take ${value.label} in again` : `Not ${value.label}`}
        onClick={() => toggleNot(picked)}
      >
        not
      </button>
    </li>
  );
}
