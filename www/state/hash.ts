// The SHA-256 of this page, once it is known.

import { signal } from "@preact/signals";

import { ownHash } from "../proof/proof";

export const hash = signal("");

export function learnHash(): void {
  if (hash.value === "") void ownHash().then((found) => (hash.value = found), () => {});
}
