// How the page looks: light or dark, charts or tables, how wide. Nothing is stored.

import { effect, signal } from "@preact/signals";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Light or dark where the analyst chose, else as the system is. */
export const theme = signal<"light" | "dark" | null>(null);
/** Whether charts stand as tables. */
export const tables = signal(false);
/** Whether there is room for the peek and the wide inspector. */
export const wide = signal(false);

/** Whether the page goes on paper. */
export const paper = signal(false);

const print = matchMedia("print");
print.addEventListener("change", () => {
  paper.value = print.matches;
});
addEventListener("beforeprint", () => {
  paper.value = true;
});
addEventListener("afterprint", () => {
  paper.value = false;
});

export function switchTheme(): void {
  const now = theme.value ?? (dark.matches ? "dark" : "light");
  theme.value = now === "dark" ? "light" : "dark";
}

effect(() => {
  if (theme.value === null) delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme.value;
});

const width = matchMedia("(min-width: 1600px)");
wide.value = width.matches;
width.addEventListener("change", () => {
  wide.value = width.matches;
});
