// The two blocks of data in the page that a worker is made of: its script, and the WebAssembly.

import { Failure, oldBrowser } from "./failure";

/** The module, compiled once for all workers. */
let module: Promise<WebAssembly.Module> | undefined;
let address: TrustedWorkerAddress | undefined;

type TrustedWorkerAddress = string & { readonly trusted: unique symbol };

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): TrustedWorkerAddress;
  };
}

export function compiledModule(): Promise<WebAssembly.Module> {
  module ??= moduleBytes().then(async (bytes) => {
    try {
      return await WebAssembly.compile(bytes);
    } catch {
      throw oldBrowser("WebAssembly with SIMD");
    }
  });
  return module;
}

/** The module as bytes, for a worker that cannot be handed a compiled one. */
export async function moduleBytes(): Promise<ArrayBuffer> {
  if (typeof WebAssembly !== "object") throw oldBrowser("WebAssembly");
  if (typeof DecompressionStream !== "function") throw oldBrowser("DecompressionStream");
  const packed = new Blob([fromBase64(block("sleuth-wasm"))]);
  return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Starts a worker from the script in the page. A worker from a blob is under the page's policy. */
export function newWorker(): Worker {
  if (address === undefined) {
    const url = URL.createObjectURL(new Blob([block("sleuth-worker")], { type: "text/javascript" }));
    const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
    const policy = types?.createPolicy("sleuth-worker", {
      createScriptURL(given) {
        if (given !== url) throw new TypeError("only the page's own worker");
        return given;
      },
    });
    address = policy?.createScriptURL(url) ?? (url as TrustedWorkerAddress);
  }
  return new Worker(address);
}

function block(id: string): string {
  const text = document.getElementById(id)?.textContent;
  if (!text) throw new Failure("defect", `The page lacks its part ${id}.`, "Download the page again.");
  return text;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const direct = (Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;
  if (direct !== undefined) return direct.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
