// The filter line: counts, chips, what can be done.

import type { Picked } from "../../model";
import { figure, moment, of } from "../../parts/words";
import { clearFilters, fieldName, isFiltered, not, only, remove, span, text } from "../../state/filters";
import { dialogue } from "../../state/keys";
import { GroupMenu } from "./looks";
import { table } from "./rows";

export function FilterLine() {
  const data = table.value;
  const above = data?.above ?? 0;
  const allowed = data?.allowed ?? 0;
  const below = (data?.total ?? 0) - above - allowed;
  const labels = new Map(data?.facets.flatMap((facet) => facet.values.map((value) => [`${facet.field} ${value.value}`, value.label])));
  const label = (picked: Picked) => labels.get(`${picked.field} ${picked.value}`) ?? picked.value;
  return (
    <div class="filters" data-pane>
      <span class="cnt" role="status">
        {of(above, "session")}
      </span>
      <span class="mid nw">{[below > 0 ? `${figure(below)} below the line` : "", allowed > 0 ? `${figure(allowed)} put aside` : ""].filter(Boolean).join(", ")}</span>
      <span class="chips">
        {text.value.trim() !== "" && <Chip name="text" value={text.value} remove={() => (text.value = "")} />}
        {span.value !== null && (
          <Chip name="time" value={`${moment(span.value.from)} to ${moment(span.value.to)}`} remove={() => (span.value = null)} />
        )}
        {only.value.map((picked) => (
          <Chip key={`o${picked.field}${picked.value}`} name={fieldName[picked.field]} value={label(picked)} remove={() => remove(picked)} />
        ))}
        {not.value.map((picked) => (
          <Chip key={`n${picked.field}${picked.value}`} name={`not ${fieldName[picked.field]}`} value={label(picked)} remove={() => remove(picked)} />
        ))}
        {isFiltered.value && (
          <button type="button" class="btn quiet small" onClick={clearFilters}>
            Clear
          </button>
        )}
      </span>
      <span class="grow" />
      <button type="button" class="btn narrow-only" onClick={() => (dialogue.value = "facets")}>
        Facets
      </button>
      <GroupMenu />
      <button type="button" class="btn" onClick={() => (dialogue.value = "columns")}>
        Columns
      </button>
      <button type="button" class="btn" onClick={() => (dialogue.value = "views")}>
        Views <kbd>v</kbd>
      </button>
      <button type="button" class="btn" onClick={() => (dialogue.value = "tuning")}>
        Tuning <kbd>u</kbd>
      </button>
      <button type="button" class="btn" onClick={() => (dialogue.value = "export")}>
        Export <kbd>w</kbd>
      </button>
      <button type="button" class="btn" onClick={() => (dialogue.value = "clear")}>
        Clear data
      </button>
    </div>
  );
}

function Chip({ name, value, remove: take }: { name: string; value: string; remove: () => void }) {
  return (
    <span class="chip">
      <span title={value}>
        <b>{name}</b> {value}
      </span>
      <button
        type="button"
        aria-label={`Remove filter ${name} ${value}`}
        onClick={take}
        onKeyDown={(event) => {
          if (event.key !== "Backspace" && event.key !== "Delete") return;
          event.preventDefault();
          event.stopPropagation();
          take();
        }}
      >
        ×
      </button>
    </span>
  );
}
