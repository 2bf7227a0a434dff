// What the page and a worker say before the Rust side runs; and the worker's start.

import type { Attempt } from "../proof/attempts";
import { compiledModule, moduleBytes, newWorker } from "./core";
import { noWorker } from "./failure";

/** From the page: what to become. */
export type Start = { start: "core"; module: WebAssembly.Module | ArrayBuffer } | { start: "attempts" };

/** From the worker, before it follows orders or after it broke. */
export type Boot =
  | { boot: "here" } // the script runs
  | { boot: "bytes" } // the compiled module did not arrive
  | { boot: "attempts"; attempts: Attempt[] }
  | { boot: "broken"; memory: boolean; name: string };

/** Milliseconds after which a worker that says nothing will never say anything. */
const SILENT = 10_000;

/** A worker whose script runs. */
export function startWorker(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    let worker: Worker;
    try {
      worker = newWorker();
    } catch (error) {
      reject(error instanceof DOMException ? noWorker() : error);
      return;
    }
    const give = () => {
      worker.terminate();
      reject(noWorker());
    };
    const timer = setTimeout(give, SILENT);
    worker.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      give();
    };
    worker.onmessage = ({ data }: MessageEvent<Boot>) => {
      if (data.boot !== "here") return;
      clearTimeout(timer);
      worker.onmessage = worker.onerror = null;
      resolve(worker);
    };
  });
}

/** Hands over the module; where the worker cannot take a compiled one, its bytes. */
export async function handOver(worker: Worker): Promise<void> {
  const module = await compiledModule();
  try {
    worker.postMessage({ start: "core", module } satisfies Start);
  } catch {
    await handOverBytes(worker);
  }
}

export async function handOverBytes(worker: Worker): Promise<void> {
  const module = await moduleBytes();
  worker.postMessage({ start: "core", module } satisfies Start, [module]);
}
