// Runs first in a worker, behind wasm-bindgen's glue: takes the module, starts the Rust side, and
// reports when the worker breaks. From then on src/wasm.rs follows the orders.

import { Hearing } from "../proof/attempts";
import type { Boot, Start } from "./start";

declare const wasm_bindgen: {
  initSync(options: { module: WebAssembly.Module | ArrayBuffer }): unknown;
  start(): void;
};
declare const self: DedicatedWorkerGlobalScope;
interface DedicatedWorkerGlobalScope extends EventTarget {
  onmessage: ((event: MessageEvent<Start>) => void) | null;
  onmessageerror: (() => void) | null;
  onerror: unknown;
  postMessage(message: Boot): void;
}

const say = (message: Boot) => self.postMessage(message);

/** Of an error only its kind: a text could hold a piece of a record. */
function broken(error: unknown): void {
  const [name, text] = error instanceof Error ? [error.name, error.message] : ["", ""];
  // Rust says a word before every trap but one: when it is given no more memory.
  const memory =
    (name === "RuntimeError" && /unreachable/i.test(text)) || (name === "RangeError" && !/call stack/i.test(text));
  say({ boot: "broken", memory, name });
}

self.addEventListener("error", (event) => {
  event.preventDefault();
  broken((event as ErrorEvent).error);
});
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  broken((event as PromiseRejectionEvent).reason);
});

// Some browsers cannot hand a compiled module to a worker.
self.onmessageerror = () => say({ boot: "bytes" });
self.onmessage = ({ data }) => {
  if (data.start === "attempts") {
    const hearing = new Hearing("worker", self);
    void hearing.attempt().then((attempts) => say({ boot: "attempts", attempts }));
    return;
  }
  self.onmessage = self.onmessageerror = null;
  wasm_bindgen.initSync({ module: data.module });
  wasm_bindgen.start();
};

say({ boot: "here" });
