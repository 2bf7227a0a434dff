// The tenant's own networks: what the sign-ins show, and what a person tells of it.

import { useEffect, useState } from "preact/hooks";

import type { OwnNetwork, Setting, Whose } from "../model";
import { revision } from "../state/case";
import { attempt, ask } from "../state/engine";
import { figure, of } from "./words";

/** Networks shown before more are asked for. */
const FEW = 8;

const WHOSE: Record<Whose, string> = {
  own: "own, by how many sign in from there",
  proposed: "proposed, not treated as own",
  rented: "rented out: own only if you say so",
  ours: "own, as told",
  "not-ours": "not own, as told",
};

interface Props {
  settings: Setting[];
  /** Takes other values of some tunables. */
  change: (values: ReadonlyMap<string, string>) => void;
}

const OURS = "own-networks.ours";
const NOT_OURS = "own-networks.not-ours";

const listed = (settings: Setting[], key: string): string[] => {
  const value = settings.find((setting) => setting.key === key)?.value ?? "none";
  return value === "none" ? [] : value.split(",").map((text) => text.trim());
};

export function OwnNetworksList({ settings, change }: Props) {
  const [known, setKnown] = useState<OwnNetwork[] | null>(null);
  const [all, setAll] = useState(false);
  useEffect(() => void attempt(() => ask({ ask: "own-networks" })).then((found) => found !== undefined && setKnown(found)), [revision.value]);
  if (known === null) return null;
  /** Puts a network into one list and takes it out of the other; out of both for none. */
  const tell = (network: string, into: string | null) => {
    const values = [OURS, NOT_OURS].map((key): [string, string] => {
      const rest = listed(settings, key).filter((text) => text !== network);
      const next = key === into ? [...rest, network] : rest;
      return [key, next.length === 0 ? "none" : next.join(", ")];
    });
    change(new Map(values));
  };
  const shown = all ? known : known.slice(0, FEW);
  return (
    <div class="own-networks">
      {known.length === 0 ? (
        <p class="mid">So far no network is the organisation’s own: too few people sign in from one on enough days.</p>
      ) : (
        <table aria-label="The organisation’s own networks">
          <colgroup>
            <col class="c-net" />
            <col />
            <col class="c-u" />
            <col class="c-u" />
            <col class="c-whose" />
            <col class="c-tell" />
          </colgroup>
          <thead>
            <tr>
              <th>Network</th>
              <th>Run by</th>
              <th class="n">Users</th>
              <th class="n">Days</th>
              <th>Whose</th>
              <th>
                <span class="vh">Tell</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => {
              const told = one.whose === "ours" || one.whose === "not-ours";
              const own = one.whose === "own" || one.whose === "ours";
              return (
                <tr key={one.network}>
                  <td>
                    <code>{one.network}</code>
                  </td>
                  <td>{one.name}</td>
                  <td class="n" title={one.active > 0 ? `of ${of(one.active, "user")} who sign in` : undefined}>
                    {one.users > 0 && figure(one.users)}
                  </td>
                  <td class="n">{one.days > 0 && figure(one.days)}</td>
                  <td class={own ? undefined : "mid"}>{WHOSE[one.whose]}</td>
                  <td>
                    <button
                      type="button"
                      class="btn small"
                      aria-label={`${told ? "As the sign-ins show" : own ? "Not ours" : "Ours"}: ${one.network}`}
                      onClick={() => tell(one.network, told ? null : own ? NOT_OURS : OURS)}
                    >
                      {told ? "Undo" : own ? "Not ours" : "Ours"}
                    </button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {known.length > shown.length && (
        <button type="button" class="btn quiet small" onClick={() => setAll(true)}>
          All {figure(known.length)}
        </button>
      )}
    </div>
  );
}
