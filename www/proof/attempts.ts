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
  [
    "EventSource",
    "https",
    (url) => {
      const source = new EventSource(url);
      source.onerror = () => source.close();
    },
  ],
  ["import", "https", (url) => import(url)],
];

/** Ways that only pages have. */
const PAGE: Way[] = [
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
const PATIENCE = 1000;

/** Tries all ways out; `scope` is where the browser's word arrives. */
export async function attempt(from: "page" | "worker", scope: EventTarget): Promise<Attempt[]> {
  const ways = from === "page" ? [...BOTH, ...PAGE] : BOTH;
  const words = new Map<string, string>();
  let allHeard = () => {};
  const heard = new Promise<void>((resolve) => (allHeard = resolve));
  const listen = (event: Event) => {
    const { blockedURI, effectiveDirective, disposition } = event as SecurityPolicyViolationEvent;
    const way = ways.find(([what]) => blockedURI.includes(host(what, from)));
    if (way === undefined || disposition !== "enforce") return;
    words.set(way[0], effectiveDirective);
    if (words.size === ways.length) allHeard();
  };
  scope.addEventListener("securitypolicyviolation", listen);
  const thrown = new Map<string, string>();
  for (const [what, scheme, go] of ways) {
    const name = (error: unknown) => thrown.set(what, error instanceof Error ? error.name : "an error");
    try {
      void Promise.resolve(go(`${scheme}://${host(what, from)}/`)).catch(name);
    } catch (error) {
      name(error);
    }
  }
  await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  scope.removeEventListener("securitypolicyviolation", listen);
  return ways.map(([what]) => {
    const directive = words.get(what);
    const answer =
      directive !== undefined
        ? `stopped by ${directive}`
        : `no word of the policy${thrown.has(what) ? `, only ${thrown.get(what)}` : ""}`;
    return { what, from, blocked: directive !== undefined, answer };
  });
}

/** A host that can never exist (RFC 6761), one for each attempt. */
function host(what: string, from: string): string {
  return `${what.toLowerCase()}.${from}.sign-in-sleuth.invalid`;
}
