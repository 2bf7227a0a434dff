// Names for files that are handed on: users, mail addresses, devices and network addresses become `user-1`,
// `device-2`, `address-3`, the same in every file of this page.

import { signal } from "@preact/signals";

import type { Column, Counted } from "../model";
import { ask } from "./engine";

/** Whether files that are saved name nobody. */
export const nameless = signal(false);

/** Words that are names of mailboxes, and not of people. */
const COMMON = new Set(["admin", "administrator", "contact", "guest", "info", "mail", "office", "root", "sales", "security", "service", "support", "system", "test", "user"]);

/** An address of six or eight groups, letters and figures with what joins them in names. */
const TOKEN = /(?<![\p{L}\p{N}])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\/\d{1,3})?|[\p{L}\p{N}_][\p{L}\p{N}_.+#@-]*/giu;
const V4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/** What stands for what: filled as names come up. */
export class Pseudonyms {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Names of several words. */
  #phrases: [string, string][] = [];
  readonly #domains = new Map<string, string>();

  /** Takes names in; `kind` is what they become. */
  learn(kind: "user" | "device", names: string[]): void {
    for (const name of names) {
      const key = name.toLowerCase();
      if (key === "" || this.#known.has(key)) continue;
      const called = this.#next(kind);
      this.#known.set(key, called);
      if (/[^\p{L}\p{N}_.+#@-]/u.test(name)) this.#phrases.push([name, called]);
      if (kind !== "user" || !name.includes("@")) continue;
      const [short = "", domain = ""] = key.split("@");
      if (!COMMON.has(short) && !this.#known.has(short)) this.#known.set(short, called);
      // As SharePoint writes a person's site.
      this.#known.set(key.replaceAll(/[^\p{L}\p{N}]/gu, "_"), called);
      this.#domain(domain);
    }
    this.#phrases.sort(([left], [right]) => right.length - left.length);
  }

  /** The text without names. */
  apply(text: string): string {
    let plain = text;
    for (const [name, called] of this.#phrases) plain = plain.replaceAll(name, called);
    return plain.replaceAll(TOKEN, (token) => this.#token(token));
  }

  #token(token: string): string {
    if (token.includes(":")) return isV6(token) ? this.#other("address", token) : token;
    const word = token.replace(/[.+#@-]+$/, "");
    const end = token.slice(word.length);
    const known = this.#known.get(word.toLowerCase());
    if (known !== undefined) return known + end;
    if (V4.test(word)) return this.#other("address", word) + end;
    if (word.includes("@")) return this.#other("mail", word) + end;
    return this.#inDomain(word) + end;
  }

  /** Names of the organisation in names of hosts: `contoso-my.sharepoint.com`. */
  #inDomain(word: string): string {
    const whole = this.#domains.get(word.toLowerCase());
    if (whole !== undefined) return whole;
    const [label = "", ...rest] = word.split(/(?=[.-])/);
    const domain = this.#domains.get(label.toLowerCase());
    return domain === undefined || rest.length === 0 ? word : domain + rest.join("");
  }

  #domain(domain: string): void {
    if (domain === "" || this.#domains.has(domain)) return;
    const called = this.#next("domain");
    this.#domains.set(domain, called);
    const [label = ""] = domain.split(".");
    if (label.length >= 4 && !this.#domains.has(label)) this.#domains.set(label, called);
  }

  #other(kind: string, name: string): string {
    const key = name.toLowerCase();
    const known = this.#known.get(key) ?? this.#next(kind);
    this.#known.set(key, known);
    return known;
  }

  #next(kind: string): string {
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    return `${kind}-${number}`;
  }
}

/** An address, and no time of day. */
const isV6 = (token: string) => token.includes("::") || token.split("/")[0]?.split(":").length === 8;

let kept = new Pseudonyms();

/** Forgets what stood for what. */
export function forgetNames(): void {
  kept = new Pseudonyms();
  nameless.value = false;
}

/** A text as it may leave: as it is, or without names where that is asked for. */
export async function withoutNames(text: string): Promise<string> {
  if (!nameless.value) return text;
  for (const of of ["sign-ins", "acts"] as const) kept.learn("user", (await names("user", of)).filter((name) => name.includes("@")));
  kept.learn("device", await names("device", "sign-ins"));
  return kept.apply(text);
}

/** All values of a column. */
async function names(column: Column, of: Counted): Promise<string[]> {
  const { rows } = await ask({ ask: "tally", tally: { of, by: [column], only: [], within: { from: null, to: null }, order: "most", limit: 1_000_000, ticks: null } });
  return rows.flatMap(({ values: [named] }) => (named?.value ? [named.label] : []));
}
