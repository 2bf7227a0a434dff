// The switch for files without names.

import { nameless } from "../state/pseudonyms";

export function WithoutNames() {
  return (
    <label class="nameless">
      <input type="checkbox" checked={nameless.value} onChange={(event) => (nameless.value = event.currentTarget.checked)} />
      <span>
        Saved files name nobody
        <small>
          Users, mail addresses, devices and network addresses become user-1, device-2, address-3, the same in each file. Ids, places,
          applications, and names of files and folders stay: look through it before you hand it on.
        </small>
      </span>
    </label>
  );
}

/** The name of a file, which says where names are missing in it. */
export const named = (file: string) => (nameless.value ? file.replace(/(?=\.[a-z]+$)/, "-nameless") : file);
