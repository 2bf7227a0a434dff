// Copying and saving, also where the page is no secure context and has no clipboard.

import { useState } from "preact/hooks";

import { Kbd } from "./small";

/** Copies a text; where the browser has no clipboard, by a selected field. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("aria-hidden", "true");
  field.className = "vh";
  // A modal dialogue makes all that is outside it inert.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    // Some browsers throw instead of saying no.
  }
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}

interface CopyButton {
  text: () => string;
  label: string;
  shortcut?: string;
  class?: string;
}

export function CopyButton({ text, label, shortcut, ...rest }: CopyButton) {
  const [said, say] = useState("");
  const press = async () => {
    say((await copy(text())) ? "Copied" : "Select and copy by hand");
    setTimeout(() => say(""), 2000);
  };
  return (
    <button type="button" class={`btn quiet ${rest.class ?? ""}`} onClick={press} data-copy>
      <span aria-live="polite">{said === "" ? label : said}</span>
      {shortcut !== undefined && <Kbd keys={[shortcut]} />}
    </button>
  );
}

/** Offers bytes as a file to save. */
export function saveFile(name: string, type: string, bytes: Uint8Array | string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
