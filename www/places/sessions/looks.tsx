// Columns of the table, and looks that are kept under a name.

import { useState } from "preact/hooks";

import { Dialogue } from "../../parts/dialogue";
import { dialogue } from "../../state/keys";
import { BUILT_IN, chosenColumns, COLUMN_IDS, COLUMN_NAMES, columns, dropView, FIXED, group, GROUPS, keepView, takeView, toggleColumn, views } from "../../state/views";
import type { GroupBy } from "../../model";

/** What rows above the line stand together by. */
export function GroupMenu() {
  return (
    <label class="btn menu">
      Group
      <select value={group.value} onChange={(event) => (group.value = event.currentTarget.value as GroupBy)}>
        {(Object.keys(GROUPS) as GroupBy[]).map((by) => (
          <option value={by} key={by}>
            {GROUPS[by]}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Columns() {
  return (
    <Dialogue
      title="Columns"
      foot={
        <button type="button" class="btn" aria-disabled={chosenColumns.value === null} onClick={() => (chosenColumns.value = null)}>
          As many as fit
        </button>
      }
    >
      <p>What is wider than the window scrolls sideways.</p>
      <ul class="allow-of columns">
        {COLUMN_IDS.map((id) => (
          <li key={id}>
            <label>
              <input type="checkbox" checked={columns.value.includes(id)} disabled={FIXED.includes(id)} onChange={() => toggleColumn(id)} />
              <span>{COLUMN_NAMES[id]}</span>
            </label>
          </li>
        ))}
      </ul>
    </Dialogue>
  );
}

export function Views() {
  const [name, setName] = useState("");
  const keep = () => {
    if (name.trim() === "") return;
    keepView(name.trim());
    setName("");
  };
  return (
    <Dialogue title="Views">
      <p>A view is a set of filters, order, columns and grouping. Views live as long as the page; a case file (Report) keeps them.</p>
      <ul class="allow-list">
        {BUILT_IN.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              class="link"
              onClick={() => {
                takeView(one);
                dialogue.value = null;
              }}
            >
              {one.name}
            </button>
          </li>
        ))}
        {views.value.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              class="link any"
              onClick={() => {
                takeView(one);
                dialogue.value = null;
              }}
            >
              {one.name}
            </button>
            <button type="button" class="btn" aria-label={`Remove view ${one.name}`} onClick={() => dropView(one.name)}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <form
        class="keep"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <label class="labelled">
          Keep what is shown now as
          <input class="field" value={name} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <button type="submit" class="btn" aria-disabled={name.trim() === ""}>
          Keep
        </button>
      </form>
    </Dialogue>
  );
}
