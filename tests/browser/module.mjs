// Changes the blocks of data in a page: the worker's script, and the WebAssembly.

import { gunzipSync, gzipSync } from "node:zlib";

const block = (id) => new RegExp(`(<script type="text/plain" id="${id}">)([^]*?)(</script>)`);

function change(page, id, how) {
  if (!block(id).test(page)) throw new Error(`the page has no block ${id}`);
  return page.replace(block(id), (_, start, text, end) => start + how(text) + end);
}

/** The page with this script in place of the worker's, or in front of it. */
export const withWorker = (page, script) => change(page, "sleuth-worker", () => script);
export const withWorkerAfter = (page, script) => change(page, "sleuth-worker", (text) => `${script}\n${text}`);

/** The page whose core may grow by no more than so many pages of 64 KiB. */
export const withLittleMemory = (page, more) =>
  change(page, "sleuth-wasm", (text) => {
    const module = limited(gunzipSync(Buffer.from(text, "base64")), more);
    return gzipSync(module).toString("base64");
  });

/** A module with an upper limit in its one memory. */
function limited(module, more) {
  const MEMORY = 5;
  for (let at = 8; at < module.length; ) {
    const [length, body] = number(module, at + 1);
    if (module[at] !== MEMORY) {
      at = body + length;
      continue;
    }
    const [count, flags] = number(module, body);
    if (count !== 1 || module[flags] > 1) throw new Error("a memory of another kind");
    const [least] = number(module, flags + 1);
    const content = Buffer.from([1, 1, ...bytes(least), ...bytes(least + more)]);
    const head = Buffer.from([MEMORY, ...bytes(content.length)]);
    return Buffer.concat([module.subarray(0, at), head, content, module.subarray(body + length)]);
  }
  throw new Error("the module has no memory");
}

/** LEB128: the number, and where it ends. */
function number(module, at) {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = module[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function bytes(value) {
  const low = value & 0x7f;
  return value > 0x7f ? [low | 0x80, ...bytes(value >>> 7)] : [low];
}
