// The incident that a session is part of: how it began, what ties its parts, and what happened across them.

import type { AccessKind, IncidentView } from "../../model";
import { SIDES, Time } from "../../parts/small";
import { day, exact, figure, of, second, shortName } from "../../parts/words";
import { go } from "../../state/place";

const ACCESS: Record<AccessKind, string> = {
  "device-code": "by a phished device code",
  proxy: "through a page between the user and Microsoft",
  consent: "by consent to an application",
  password: "by the password",
  token: "by a stolen token",
  unknown: "in a way that is not in the exports",
};

/** Whether the incident tells more than the session itself. */
export const isWider = (incident: IncidentView, key: string) =>
  incident.sessions > 1 || incident.story.some((step) => step.session !== key);

export function Incident({ incident, sessionKey }: { incident: IncidentView; sessionKey: string }) {
  let told: number | null = null;
  const moreLinks = incident.links_total - incident.links.length;
  return (
    <section class="story incident" id="incident" aria-label="Incident" tabIndex={-1}>
      <h2>
        One incident
        <small>
          {of(incident.users, "user")}, {of(incident.sessions, "session")}
        </small>
      </h2>
      <p class="any">
        {incident.title} {incident.access === "unknown" ? "It began " : "The intruder came in "}
        {ACCESS[incident.access]}
        {incident.access === "unknown" ? "" : `, confidence ${incident.confidence}`}.
      </p>
      {incident.links.length > 0 && (
        <p class="any mid">
          Tied by {incident.links.map((link) => link.text).join("; ")}
          {moreLinks > 0 && `; and ${figure(moreLinks)} more`}.
        </p>
      )}
      <ol tabIndex={0} aria-label="The incident, in order of time">
        {incident.story.map((step, index) => {
          const newDay = told === null || day(told) !== day(step.time);
          told = step.time;
          return (
            <li key={`${step.time} ${step.finding} ${index}`} class={step.session === sessionKey ? "evidence" : ""}>
              <span class="when">
                <Time at={step.time} as={newDay ? exact : second} />
              </span>
              <span class={`hand ${step.side ?? "nobody"}`} title={step.side === null ? "Cannot be told" : SIDES[step.side]} />
              <span class="what" title={step.text}>
                {step.text}
              </span>
              {step.session === null ? (
                <span />
              ) : step.session === sessionKey ? (
                <span class="mut">this session</span>
              ) : (
                <button type="button" class="link" onClick={() => go({ name: "session", key: step.session ?? "" })} title={step.user}>
                  {shortName(step.user)}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {incident.steps > incident.story.length && <p class="mut">{of(incident.steps - incident.story.length, "more step")}, in the sessions of the others.</p>}
    </section>
  );
}
