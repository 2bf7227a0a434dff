// Tries each way out that a page or a worker has. Without a network every one of them fails, so only
// the browser's own word that its policy stopped it counts as a proof.

export interface Attempt {
  /** What was tried. */
  what: string;
  from: "page" | "worker";
  /** The browser said that the policy of this page stopped it. */
  blocked: boolean;
  /** What it said. */
  answer: string;
}

type Way = [what: string, scheme: "https" | "wss", go: (url: string) => unknown];

/** Ways that pages and workers have. */
const BOTH: Way[] = [
  ["fetch", "https", (url) => fetch(url, { mode: "no-cors" })],
  [
    "XMLHttpRequest",
    "https",
    (url) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.send();
    },
  ],
  ["WebSocket", "wss", (url) => new WebSocket(url)],
  ["import", "https", (url) => import(url)],
];

/** Ways that only pages have; and one that Firefox stops in a worker without a word, under the same
 * directive as `fetch`. */
const PAGE: Way[] = [
  [
    "EventSource",
    "https",
    (url) => {
      const source = new EventSource(url);
      source.onerror = () => source.close();
    },
  ],
  ["sendBeacon", "https", (url) => navigator.sendBeacon(url)],
  [
    "image",
    "https",
    (url) => {
      new Image().src = url;
    },
  ],
];

/** Milliseconds to wait for the browser's word. */
const PATIENCE = 3000;

/** Hears what the browser says of attempts from the page or from a worker: by way, the directive that
 * stopped it. */
export class Hearing {
  readonly #from: "page" | "worker";
  readonly #ways: Way[];
  readonly #words = new Map<string, string>();
  #allHeard = () => {};

  /** Listens from now on; `scope` is where the browser's word arrives. */
  constructor(from: "page" | "worker", scope: EventTarget) {
    this.#from = from;
    this.#ways = from === "page" ? [...BOTH, ...PAGE] : BOTH;
    scope.addEventListener("securitypolicyviolation", (event) => {
      const { blockedURI, effectiveDirective, disposition } = event as SecurityPolicyViolationEvent;
      const way = this.#ways.find(([what]) => blockedURI.includes(host(what, from)));
      if (way === undefined || disposition !== "enforce") return;
      this.#words.set(way[0], effectiveDirective);
      if (this.#words.size === this.#ways.length) this.#allHeard();
    });
  }

  /** Tries all ways out. */
  async attempt(): Promise<Attempt[]> {
    const heard = new Promise<void>((resolve) => (this.#allHeard = resolve));
    const thrown = new Map<string, string>();
    for (const [what, scheme, go] of this.#ways) {
      const name = (error: unknown) => thrown.set(what, error instanceof Error ? error.name : "an error");
      try {
        void Promise.resolve(go(`${scheme}://${host(what, this.#from)}/`)).catch(name);
      } catch (error) {
        name(error);
      }
    }
    await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    const attempts = this.#ways.map(([what]): Attempt => {
      const answer = `no word of the policy${thrown.has(what) ? `, only ${thrown.get(what)}` : ""}`;
      return { what, from: this.#from, blocked: false, answer };
    });
    return this.heard(attempts);
  }

  /** The attempts, with what was heard of them here. */
  heard(attempts: Attempt[]): Attempt[] {
    return attempts.map((attempt) => {
      const directive = this.#words.get(attempt.what);
      return directive === undefined ? attempt : { ...attempt, blocked: true, answer: `stopped by ${directive}` };
    });
  }
}

/** A host that can never exist (RFC 6761), one for each attempt. */
function host(what: string, from: string): string {
  return `${what.toLowerCase()}.${from}.sign-in-sleuth.invalid`;
}
