// Which directory roles a user has, and who says so; how its methods of authentication changed.

import type { EntityView, UserView } from "../../model";
import { Time } from "../../parts/small";
import { moment, of } from "../../parts/words";
import { ActTable } from "./acts";

export function Roles({ user }: { user: UserView }) {
  if (user.roles.length === 0) return null;
  return (
    <section class="sec wide-sec">
      <h2>
        Roles<small>from files, the audit log and tokens</small>
      </h2>
      <div class="scroller">
        <table class="entity-roles">
          <colgroup>
            <col class="e7" />
            <col class="r4" />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th>When</th>
              <th>Role</th>
              <th>Who says so</th>
            </tr>
          </thead>
          <tbody>
            {user.roles.map((said, index) => (
              <tr key={index}>
                <td>{said.time === null ? <span class="mut">–</span> : <Time at={said.time} as={moment} />}</td>
                <td title={said.role}>
                  {said.role}
                  {said.privileged && <small>privileged</small>}
                </td>
                <td title={said.text}>{said.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Methods of authentication that were registered, changed or removed. */
export function Methods({ user, view }: { user: UserView; view: EntityView }) {
  if (user.methods.length === 0) return null;
  return (
    <section class="sec wide-sec">
      <h2>
        Changes of sign-in methods<small>{of(user.methods.length, "record")}</small>
      </h2>
      <ActTable acts={user.methods} column={view.column} value={view.named.value} />
    </section>
  );
}
