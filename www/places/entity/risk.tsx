// The risk of a user over time: what Identity Protection detected, how the user stood, which sign-ins were risky.

import type { RiskSaid, RiskSource, UserView } from "../../model";
import { Time } from "../../parts/small";
import { capital, day, exact, figure, minute, moment, of } from "../../parts/words";
import { go } from "../../state/place";
import { apart } from "../../state/tenant";

const SOURCES: Record<RiskSource, string> = { detection: "Detected", state: "State", "sign-in": "Sign-in" };

const words = (...texts: string[]) => texts.filter((text) => text !== "").map(apart).join(", ");

/** What was detected: the words of Entra apart, several of a sign-in as a list. A sign-in in words of ours stays. */
const what = (said: RiskSaid) => (said.source === "sign-in" && said.what.includes(",") ? said.what : said.what.split(" ").map(apart).join(", "));

export function Risk({ user }: { user: UserView }) {
  const stands = user.risks.find((said) => said.state !== "");
  const lacking = !user.risk_exports && !user.risk_in_sign_ins;
  return (
    <section class="sec wide-sec">
      <h2>
        Risk
        <small>
          {stands !== undefined
            ? `last said: ${words(stands.state, stands.level, stands.detail)}, ${moment(stands.time)}`
            : user.risks_total > 0
              ? of(user.risks_total, "line")
              : ""}
        </small>
      </h2>
      {user.risks_total === 0 &&
        (lacking ? (
          <p class="mid">
            <span class="lacking">not in the exports</span> Neither risk detections nor the risk of sign-ins were exported.
          </p>
        ) : (
          <p class="mid">
            None was said.
            {!user.risk_exports && " Risk detections are not in the exports: only sign-ins could say it."}
          </p>
        ))}
      {user.risks_total > 0 && (
        <div class="scroller">
          <table class="entity-risk">
            <colgroup>
              <col class="e7" />
              <col class="r2" />
              <col class="r3" />
              <col />
              <col class="r5" />
            </colgroup>
            <thead>
              <tr>
                <th>When</th>
                <th>From</th>
                <th>Level</th>
                <th>What</th>
                <th>Address</th>
              </tr>
            </thead>
            <tbody>
              {user.risks.map((said, index) => (
                <tr key={index}>
                  <td>
                    <Time at={said.time} as={moment} />
                  </td>
                  <td>{SOURCES[said.source]}</td>
                  <td>{said.level === "" ? <span class="mut">–</span> : capital(apart(said.level))}</td>
                  <td title={said.what}>
                    {said.what !== "" && what(said)}
                    {words(said.state, said.detail) !== "" && <span class="mid">{`${said.what === "" ? "" : "; "}${words(said.state, said.detail)}`}</span>}
                    {said.count > 1 && <span class="mut">{` ×${figure(said.count)}, until ${day(said.until) === day(said.time) ? minute(said.until) : exact(said.until)}`}</span>}
                  </td>
                  <td>
                    {said.address === "" ? (
                      <span class="mut">–</span>
                    ) : (
                      <button type="button" class="link el" onClick={() => go({ name: "entity", entity: { column: "address", value: said.address, label: said.address } })}>
                        {said.address}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {user.risks_total > user.risks.length && <p class="mut">{figure(user.risks_total - user.risks.length)} earlier ones are not listed.</p>}
    </section>
  );
}
