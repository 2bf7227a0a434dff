// The views of the Tenant place: what an administrator asks of a log.

import type { Column, Counted, Match, Tallied, TallyOrder } from "../../model";
import type { Count } from "../../parts/counts";
import { figure, of } from "../../parts/words";

export interface View {
  id: string;
  label: string;
  by: Column[];
  of?: Counted;
  only?: Match[];
  order?: TallyOrder;
  /** The column without which nothing can be said. */
  needs?: Column;
  /** What is said where there is none of what it counts, which is an export of its own. */
  none?: string;
  /** What the count says, in a sentence. */
  say: (sums: Tallied) => string;
  /** What to know of it. */
  why: string;
}

const is = (column: Column, ...values: string[]): Match[] => values.map((value) => ({ column, value, not: false }));
const isNot = (column: Column, value: string | null): Match => ({ column, value, not: true });

const groups = (one: string, many = `${one}s`) => (sums: Tallied) =>
  `${of(sums.groups, one, many)} in ${of(sums.records, "sign-in")} of ${of(sums.users, "user")}.`;
const succeeded = (sums: Tallied) => sums.records - sums.refused;

const NO_PROGRAMS = "The exports hold no sign-ins of service principals.";

export const GROUPS: { title: string; views: View[] }[] = [
  {
    title: "Sign-ins by",
    views: [
      { id: "app", label: "Application", by: ["app"], say: groups("application"), why: "Clients that asked for tokens." },
      { id: "resource", label: "Resource", by: ["resource"], say: groups("resource"), why: "What the tokens were for." },
      { id: "user", label: "User", by: ["user"], say: groups("user"), why: "People, and identities without one." },
      { id: "place", label: "Place", by: ["country", "city"], say: groups("place"), why: "As Entra locates the address; mobile and VPN exits lie elsewhere than their users." },
      { id: "network", label: "Network", by: ["network"], say: groups("network"), why: "The autonomous system, where the exports or a database have it; else the address." },
      { id: "address", label: "Address", by: ["address", "network"], say: groups("address", "addresses"), why: "Press one to see who used it." },
      { id: "device", label: "Device", by: ["device"], say: groups("device"), why: "Devices that Entra knows; none are those it does not." },
      { id: "agent", label: "Program", by: ["agent"], say: groups("program"), why: "Read from the user agent, which the client chooses freely." },
      { id: "result", label: "Result", by: ["result"], say: groups("result"), why: "A step of a sign-in that goes on is no refusal." },
      { id: "stream", label: "Stream", by: ["stream"], say: groups("stream"), why: "Each stream is an export of its own." },
    ],
  },
  {
    title: "Weak ways in",
    views: [
      {
        id: "legacy",
        label: "Legacy authentication",
        by: ["client", "app", "user"],
        only: is("legacy", "legacy"),
        needs: "client",
        say: (sums) =>
          sums.records === 0
            ? "No sign-in used a protocol that cannot ask for a second factor."
            : `${of(sums.records, "sign-in")} by protocols that cannot ask for a second factor, ${figure(succeeded(sums))} not refused.`,
        why: "IMAP, POP, SMTP, ActiveSync and others take a password alone. Microsoft advises to block them by conditional access.",
      },
      {
        id: "device-code",
        label: "Device code",
        by: ["user", "app", "ended"],
        only: is("protocol", "deviceCode"),
        needs: "protocol",
        say: (sums) =>
          sums.records === 0
            ? "No sign-in by device code."
            : sums.records === 1
              ? `1 sign-in by device code, and ${succeeded(sums) === 1 ? "nothing blocked it" : "it was refused"}.`
              : `${of(sums.records, "sign-in")} by device code: nothing blocked ${figure(succeeded(sums))} of them.`,
        why: "A code entered on another’s page hands over the session. Few tenants need it; conditional access can block it (authentication flows).",
      },
      {
        id: "single",
        label: "Single factor",
        by: ["app", "resource"],
        only: [...is("requirement", "singleFactorAuthentication"), ...is("ended", "success")],
        needs: "requirement",
        say: (sums) => `${of(sums.records, "sign-in")} of ${of(sums.users, "user")} succeeded where a single factor was asked for.`,
        why: "No policy asked for a second factor here. Sign-ins by a token that once had one are among them.",
      },
      {
        id: "protection",
        label: "Token protection",
        by: ["protection", "app"],
        only: is("ended", "success"),
        needs: "protection",
        say: groups("combination"),
        why: "A bound token works on its device only; an unbound one works wherever it is carried.",
      },
    ],
  },
  {
    title: "Conditional access",
    views: [
      {
        id: "policy",
        label: "What each policy did",
        by: ["policy"],
        only: [isNot("policy", ""), isNot("policy", null)],
        needs: "policy",
        say: (sums) => `${of(sums.groups, "outcome")} of policies in ${of(sums.records, "sign-in")}.`,
        why: "One row a policy and outcome. Report-only outcomes say what it would have done.",
      },
      {
        id: "unprotected",
        label: "No policy applied",
        by: ["app", "resource"],
        only: [...is("access", "notApplied"), ...is("ended", "success")],
        needs: "access",
        say: (sums) => `${of(sums.records, "sign-in")} of ${of(sums.users, "user")} succeeded without any policy.`,
        why: "The gaps that intruders look for: an application, a platform or a place that every policy leaves out.",
      },
      { id: "access", label: "Came to", by: ["access"], needs: "access", say: groups("outcome"), why: "What all policies together came to." },
    ],
  },
  {
    title: "Without a person",
    views: [
      {
        id: "programs",
        label: "Service principals",
        by: ["user", "resource"],
        only: is("stream", "service principal"),
        none: NO_PROGRAMS,
        say: groups("pair of application and resource", "pairs of application and resource"),
        why: "Applications that signed in with a secret or certificate of their own.",
      },
      {
        id: "credentials",
        label: "Their credentials",
        by: ["user", "credential", "address"],
        only: is("stream", "service principal"),
        none: NO_PROGRAMS,
        say: groups("combination"),
        why: "A key that suddenly comes from another address may have been copied.",
      },
      {
        id: "identities",
        label: "Managed identities",
        by: ["user", "resource"],
        only: is("stream", "managed identity"),
        none: "The exports hold no sign-ins of managed identities.",
        say: groups("pair of identity and resource", "pairs of identity and resource"),
        why: "They hold no secret that could be copied; what they ask for still tells.",
      },
    ],
  },
  {
    title: "Rare and done",
    views: [
      {
        id: "rare",
        label: "Rare requests",
        by: ["app", "resource", "scope"],
        only: is("ended", "success"),
        order: "rarest",
        say: (sums) => `${of(sums.groups, "combination")} of application, resource and scope; the rarest first.`,
        why: "What only one or few users’ clients ask for. Rare is not bad: look at who, from where, and since when.",
      },
      { id: "acts", label: "Acts", by: ["category", "operation"], of: "acts", say: (sums) => `${of(sums.groups, "kind")} of act in ${of(sums.records, "record")}.`, why: "Directory audit, and what was done with mailboxes, files and Graph." },
      { id: "actors", label: "Who did what", by: ["user", "operation"], of: "acts", order: "rarest", say: (sums) => `${of(sums.groups, "combination")} of actor and act; the rarest first.`, why: "Users and applications as the records name them." },
    ],
  },
];

export const VIEWS = GROUPS.flatMap((group) => group.views);

/** Rows that are shown of a view. */
const ROWS = 200;

/** What a view counts, where nothing else is asked for. */
export const countOf = (view: View): Count => ({ of: view.of ?? "sign-ins", by: view.by, only: view.only ?? [], order: view.order ?? "most", limit: ROWS });
