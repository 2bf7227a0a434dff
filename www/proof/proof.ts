// What the page can prove of itself: that its policy holds, and which file it is.
// Import it before anything that changes the document.

import { cleared } from "../worker/failure";
import { Member } from "../worker/member";
import { type Boot, type Start, startWorker } from "../worker/start";
import { type Attempt, Hearing } from "./attempts";

export type { Attempt } from "./attempts";

export const version: string = BUILD.version;
export const commit: string = BUILD.commit;
/** The compiler that it can be built again with, to the same bytes. */
export const rust: string = BUILD.rust;

/** The file that this page was read from, byte for byte: the page is written as a browser writes it,
 * and this runs before anything changed it. An add-on of the browser may have changed it still. */
const file = `<!doctype html>\n${document.documentElement.outerHTML}\n`;

/** Tries to connect out, in all ways, from the page and from a worker. */
export async function selfTest(): Promise<Attempt[]> {
  const [page, worker] = await Promise.all([new Hearing("page", document).attempt(), fromWorker()]);
  return [...page, webRtc(), ...worker];
}

/** SHA-256 of the file, in hexadecimal. */
export async function ownHash(): Promise<string> {
  const bytes = new TextEncoder().encode(file);
  // Only pages from https, localhost or a file have it.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  const digest = subtle === undefined ? await hashInWorker(bytes) : await subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Saves the file, to be used without a network. */
export function savePage(): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file], { type: "text/html" }));
  link.download = "signin-sleuth.html";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function hashInWorker(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const member = await Member.start();
  try {
    return (await member.ask({ order: "hash" }, { bytes: bytes.buffer })).bytes;
  } finally {
    member.end(cleared());
  }
}

async function fromWorker(): Promise<Attempt[]> {
  const worker = await startWorker();
  // In a page that is a file, Firefox tells the page what the worker tried to import.
  const here = new Hearing("worker", document);
  try {
    const attempts = await new Promise<Attempt[]>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Boot>) => data.boot === "attempts" && resolve(data.attempts);
      worker.onerror = reject;
      worker.postMessage({ start: "attempts" } satisfies Start);
    });
    return here.heard(attempts);
  } finally {
    worker.terminate();
  }
}

/** No policy stops WebRTC: the page removes it before any other script runs. */
function webRtc(): Attempt {
  const gone = !("RTCPeerConnection" in globalThis) && !("webkitRTCPeerConnection" in globalThis);
  return { what: "WebRTC", from: "page", blocked: gone, answer: gone ? "removed" : "still there" };
}
