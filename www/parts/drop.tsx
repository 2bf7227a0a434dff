// Files from anywhere: dropped on the window, chosen, or pasted; folders are walked.

import { signal } from "@preact/signals";

import { read } from "../state/case";
import { dialogue } from "../state/keys";
import type { Source } from "../worker/engine";

/** Whether files hover over the window. */
export const isOver = signal(false);

/** Files of a drop, folders walked, each named by its path. */
async function dropped(transfer: DataTransfer): Promise<Source[]> {
  // Entries are only there until this task ends.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found: Source[] = [];
  for (const entry of entries) {
    if (entry instanceof File) found.push({ name: entry.name, file: entry });
    else if (entry !== null) await walk(entry, found);
  }
  return found;
}

async function walk(entry: FileSystemEntry, found: Source[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ name: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inner of some) await walk(inner, found);
  }
}

/** Files of a picker. */
export function chosen(input: HTMLInputElement): Source[] {
  return [...(input.files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

const fileInput = picker(false);
const folderInput = picker(true);

function picker(folder: boolean): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.hidden = true;
  input.id = folder ? "choose-folder" : "choose-files";
  input.setAttribute("aria-label", folder ? "Choose a folder" : "Choose files");
  if (folder) input.webkitdirectory = true;
  input.addEventListener("change", () => {
    void read(chosen(input));
    // The same file can be chosen again.
    input.value = "";
  });
  return input;
}

export const chooseFiles = () => fileInput.click();
export const chooseFolder = () => folderInput.click();

/** A text or files from the clipboard, asked for by a button. */
export async function pasteFromClipboard(): Promise<boolean> {
  try {
    const text = await navigator.clipboard.readText();
    return readText(text);
  } catch {
    return false;
  }
}

function readText(text: string): boolean {
  if (text.trim() === "") return false;
  void read([{ name: "pasted text", file: new File([text], "pasted text") }]);
  return true;
}

/** Listens on the window. */
export function listenForFiles(): void {
  document.body.append(fileInput, folderInput);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  let target: EventTarget | null = null;
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    // Leaving an element for its child comes after entering the child: only leaving the last one counts.
    target = event.target;
    isOver.value = true;
  });
  addEventListener("dragleave", (event) => {
    if (event.target === target) isOver.value = false;
  });
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", (event) => {
    if (event.dataTransfer === null || !hasFiles(event)) return;
    event.preventDefault();
    isOver.value = false;
    dialogue.value = null;
    void dropped(event.dataTransfer).then((sources) => read(sources));
  });
  addEventListener("paste", (event) => {
    if (event.target instanceof HTMLElement && event.target.closest("input, textarea") !== null) return;
    const clipboard = event.clipboardData;
    if (clipboard === null) return;
    event.preventDefault();
    const files = [...clipboard.files].map((file) => ({ name: file.name, file }));
    if (files.length > 0) void read(files);
    else readText(clipboard.getData("text/plain"));
  });
}

export function DropOverlay() {
  if (!isOver.value) return null;
  return (
    <div class="over" aria-hidden="true">
      <span>
        Release to read
        <small>Files, folders, many at once. Nothing leaves this machine.</small>
      </span>
    </div>
  );
}
