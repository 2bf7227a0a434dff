// How much of each kind of evidence could be looked for.

import type { Behaviour, Group } from "../../model";
import { figure } from "../../parts/words";

const FAMILIES: Record<Group, string> = {
  token: "Stolen tokens and sessions",
  network: "Networks and places",
  device: "Devices",
  password: "Passwords and second factors",
  directory: "Directory",
  mailbox: "Mailboxes and files",
  workload: "Applications without a user",
  risk: "Identity Protection",
};

export function Families({ behaviours }: { behaviours: Behaviour[] }) {
  const groups = [...new Set(behaviours.map((one) => one.group))];
  const most = Math.max(1, ...groups.map((group) => behaviours.filter((one) => one.group === group).length));
  return (
    <section class="sec wide-sec">
      <h2>
        By kind of evidence<small>behaviours looked for</small>
      </h2>
      <div class="scroller">
        <table class="families">
          <colgroup>
            <col class="g1" />
            <col />
            <col class="g3" span={3} />
          </colgroup>
          <thead>
            <tr>
              <th>Kind</th>
              <th>
                <span class="vh">Bar</span>
              </th>
              <th class="n">in full</th>
              <th class="n">in part</th>
              <th class="n">not at all</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => {
              const count = (status: Behaviour["status"]) => behaviours.filter((one) => one.group === group && one.status === status).length;
              const [ran, partial, blind] = [count("ran"), count("partial"), count("blind")];
              return (
                <tr key={group}>
                  <td>{FAMILIES[group]}</td>
                  <td>
                    <div class="bar" aria-hidden="true" style={{ width: `${((ran + partial + blind) / most) * 100}%` }}>
                      {ran > 0 && <i class="full" style={{ flex: ran }} />}
                      {partial > 0 && <i class="part" style={{ flex: partial }} />}
                      {blind > 0 && <i class="hatch" style={{ flex: blind }} />}
                    </div>
                  </td>
                  <td class="n">{figure(ran)}</td>
                  <td class="n">{figure(partial)}</td>
                  <td class="n">{figure(blind)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
