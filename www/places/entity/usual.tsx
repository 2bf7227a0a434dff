// What is usual of a user: networks, places, devices, programs and applications, each with its share.

import type { UserView } from "../../model";
import { Value } from "../../parts/counts";
import { figure, of } from "../../parts/words";
import { COLUMNS } from "../../state/tenant";

const two = (hour: number) => String(hour).padStart(2, "0");

export function UsualOf({ user }: { user: UserView }) {
  if (user.usual_of === 0) return null;
  const share = (records: number) => `${Math.max(1, Math.round((records / user.usual_of) * 100))} %`;
  return (
    <section class="sec wide-sec">
      <h2>
        What is usual
        <small>of {of(user.usual_of, "sign-in")} that succeeded at any time, sessions above the line left out</small>
      </h2>
      <table class="usual">
        <tbody>
          {user.usual
            .filter((usual) => usual.rows.some((row) => (row.values[0]?.value ?? "") !== ""))
            .map((usual) => (
              <tr key={usual.column}>
                <th scope="row">{COLUMNS[usual.column]}</th>
                <td>
                  {usual.rows.map((row, index) => {
                    const named = row.values[0];
                    return named === undefined ? null : (
                      <span class="share" key={index}>
                        <Value column={usual.column} named={named} short />
                        <span class="mut">{share(row.records)}</span>
                      </span>
                    );
                  })}
                  {usual.values > usual.rows.length && <span class="mut">{figure(usual.values - usual.rows.length)} more</span>}
                </td>
              </tr>
            ))}
          {user.hours !== null && (
            <tr>
              <th scope="row">Hours, UTC</th>
              <td>
                {two(user.hours[0])}:00 to {two(user.hours[1])}:59
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
