// What was read: every record of every input is accounted for.

import { useState } from "preact/hooks";

import type { InputView } from "../../model";
import { CoverageShape } from "../../parts/icons";
import { bytes, capital, day, figure, of, spot } from "../../parts/words";
import { formatName } from "../reading/formats";

export function Inputs({ inputs }: { inputs: InputView[] }) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <section class="sec wide-sec">
      <h2>
        What was read
        <small>records = events + merged + duplicates + rejected + of other tables + additions</small>
      </h2>
      <div class="scroller">
        <table class="inputs">
          <colgroup>
            <col />
            <col class="i2" />
            <col class="i3" span={6} />
          </colgroup>
          <thead>
            <tr>
              <th>File</th>
              <th>Recognised as</th>
              <th class="n">Records</th>
              <th class="n">Events</th>
              <th class="n">Merged</th>
              <th class="n">Duplicates</th>
              <th class="n">Rejected</th>
              <th class="n">Other</th>
            </tr>
          </thead>
          <tbody>
            {inputs.map((input, index) => (
              <Input key={index} input={input} open={open === index} toggle={() => setOpen(open === index ? null : index)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** How well its fields are filled, and what it is good for alone. */
function Filled({ input }: { input: InputView }) {
  const shares = new Map<string, string[]>();
  for (const { field, filled, of } of input.fields) {
    const percent = Math.floor((filled * 100) / of);
    const share = percent === 0 && filled > 0 ? "below 1 %" : `${percent} %`;
    shares.set(share, [...(shares.get(share) ?? []), field]);
  }
  return (
    <>
      <p>
        Filled in its user sign-ins: {[...shares].map(([share, fields]) => `${share} ${fields.join(", ")}`).join("; ")}.
      </p>
      <p>
        Alone it would do for {of(input.good_for.length, "behaviour")} in full
        {input.good_for.length > 0 && ` (${input.good_for.join(", ")})`}, for {figure(input.in_part.length)} in part
        {input.in_part.length > 0 && ` (${input.in_part.join(", ")})`}.
      </p>
    </>
  );
}

function Input({ input, open, toggle }: { input: InputView; open: boolean; toggle: () => void }) {
  const { summary, failure } = input;
  const other = Object.values(summary.other).reduce<number>((sum, count) => sum + (count ?? 0), 0) + summary.enrichment;
  const hasMore = summary.rejected_total > 0 || Object.keys(summary.other).length > 0;
  const isFilled = input.fields.length > 0;
  return (
    <>
      <tr>
        <td title={summary.name}>
          <b class="el">{summary.name}</b>
          <small>
            {bytes(summary.bytes)}
            {input.gave !== null && `, gave ${input.gave}`}
            {summary.first !== null && summary.last !== null && `, ${day(Date.parse(summary.first))} to ${day(Date.parse(summary.last))}`}
          </small>
        </td>
        <td title={failure ?? summary.marks.join(", ")}>
          {failure === null && isFilled ? (
            <button type="button" class="link plainlink" aria-expanded={open} onClick={toggle}>
              {formatName(summary.format)}
            </button>
          ) : failure === null ? (
            formatName(summary.format)
          ) : (
            <span class="st">
              <CoverageShape status="blind" />
              Not read
            </span>
          )}
          <small>{failure ?? summary.marks.join(", ")}</small>
        </td>
        <td class="n">{figure(summary.records)}</td>
        <td class="n">{figure(summary.events)}</td>
        <td class="n">{figure(summary.merged)}</td>
        <td class="n">{figure(summary.duplicates)}</td>
        <td class="n">
          {hasMore ? (
            <button type="button" class="link" aria-expanded={open} onClick={toggle}>
              {figure(summary.rejected_total)}
            </button>
          ) : (
            figure(summary.rejected_total)
          )}
        </td>
        <td class="n">{figure(other)}</td>
      </tr>
      {open && (
        <tr class="detail">
          <td colSpan={8}>
            {isFilled && <Filled input={input} />}
            {summary.rejected.length > 0 && (
              <ul>
                {summary.rejected.slice(0, 20).map((rejected) => (
                  <li key={rejected.record}>
                    Record {figure(rejected.record + 1)}, {spot(rejected)}: {capital(rejected.reason)}
                  </li>
                ))}
                {summary.rejected_total > 20 && <li>{of(summary.rejected_total - 20, "more record")}; the report has the first hundred.</li>}
              </ul>
            )}
            {Object.entries(summary.other).length > 0 && (
              <p>
                Of tables that are not used:{" "}
                {Object.entries(summary.other)
                  .map(([name, count]) => `${name} ${figure(count ?? 0)}`)
                  .join(", ")}
              </p>
            )}
          </td>
        </tr>
      )}
    </>
  );
}
