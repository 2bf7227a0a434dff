// What an incident exposed: mails and files, as far as the records say, to be told to those whose they are.

import type { IncidentView } from "../../model";
import { CopyButton } from "../../parts/copy";
import { figure, of } from "../../parts/words";

/** Names shown of each kind; the copied list has all that are known. */
const FEW = 12;

export function Exposed({ incident }: { incident: IncidentView }) {
  const { mail, files } = incident.exposure;
  if (incident.exposed.length === 0) return null;
  return (
    <section class="story exposed" aria-label="What was exposed">
      <h2>
        What was exposed
        <small>{incident.sessions > 1 ? `in the ${of(incident.sessions, "session")} of the incident` : "as far as the records say"}</small>
      </h2>
      {incident.exposed.map((told) => (
        <p key={told} class="any">
          {told}
        </p>
      ))}
      {mail !== null && mail.folders.length > 0 && <List title="Folders" names={mail.folders.map((one) => `${one.folder}, ${of(one.mails, "mail")}`)} total={mail.folders_total} />}
      {mail !== null && mail.messages.length > 0 && <List title="Ids of mails" names={mail.messages} total={mail.messages_listed} mono />}
      {files !== null && files.sensitive.length > 0 && (
        <List title="Names that speak" names={files.sensitive.map((file) => `${file.name} (${file.words.join(", ")})`)} total={files.sensitive_total} />
      )}
      {files !== null && files.names.length > 0 && <List title="Files" names={files.names} total={files.files} />}
    </section>
  );
}

function List({ title, names, total, mono = false }: { title: string; names: string[]; total: number; mono?: boolean }) {
  return (
    <details>
      <summary>
        {title} <span class="mut">{figure(total)}</span>
      </summary>
      <ul class={mono ? "mono" : ""}>
        {names.slice(0, FEW).map((name, index) => (
          <li key={index} class="any">
            {name}
          </li>
        ))}
        {total > Math.min(FEW, names.length) && <li class="mut">{figure(total - Math.min(FEW, names.length))} more{names.length > FEW ? ", in the copied list" : ""}</li>}
      </ul>
      <CopyButton text={() => names.join("\n")} label={`Copy ${figure(names.length)}`} class="tiny" />
    </details>
  );
}
