// The report as a file: a page of its own without any script, or Markdown. Both are made of what the report shows.

/** A copy of the report without what is only for the screen. */
function copyOf(article: Element): Element {
  const copy = article.cloneNode(true) as Element;
  for (const one of copy.querySelectorAll(".no-print")) one.remove();
  for (const one of copy.querySelectorAll("button")) one.replaceWith(...one.childNodes);
  for (const one of copy.querySelectorAll(".folded")) one.classList.remove("folded");
  // A time's tooltip tells the zone of who made the report.
  for (const one of copy.querySelectorAll("[title]")) one.removeAttribute("title");
  return copy;
}

/** The report as one document: its styles are inside, and it may load nothing. */
export function asHtml(article: Element, title: string): string {
  const made = document.implementation.createHTMLDocument(title);
  made.documentElement.lang = "en";
  const head = (name: string, attributes: Record<string, string>, text = "") => {
    const element = made.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    made.head.append(element);
  };
  head("meta", { charset: "utf-8" });
  head("meta", { "http-equiv": "Content-Security-Policy", content: "default-src 'none'; style-src 'unsafe-inline'" });
  head("meta", { name: "viewport", content: "width=device-width, initial-scale=1" });
  head("style", {}, document.querySelector("style")?.textContent ?? "");
  const main = made.createElement("main");
  main.className = "report";
  main.append(made.importNode(copyOf(article), true));
  const patterns = document.getElementById("hatch")?.closest("svg");
  if (patterns) made.body.append(made.importNode(patterns, true));
  made.body.append(main);
  return `<!doctype html>\n${made.documentElement.outerHTML}\n`;
}

/** The report as Markdown. Whatever a log wrote stays text. */
export function asMarkdown(article: Element): string {
  return `${blocks(copyOf(article)).join("\n\n")}\n`;
}

function blocks(parent: Element): string[] {
  return [...parent.children].flatMap((element): string[] => {
    const name = element.localName;
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level !== undefined) return [`${"#".repeat(Number(level))} ${inline(element)}`];
    if (element instanceof HTMLOListElement || name === "ul") {
      const first = element instanceof HTMLOListElement ? element.start : null;
      return [[...element.children].map((item, index) => `${first === null ? "-" : `${first + index}.`} ${inline(item)}`).join("\n")];
    }
    if (name === "table") return [table(element as HTMLTableElement)];
    if (["section", "div", "article"].includes(name)) return blocks(element);
    const text = inline(element);
    return text === "" ? [] : [text];
  });
}

/** With a head a table; without, lines. */
function table(element: HTMLTableElement): string {
  const cells = (row: HTMLTableRowElement) => [...row.cells].map(inline);
  const rows = [...element.tBodies].flatMap((body) => [...body.rows]);
  const head = element.tHead?.rows[0];
  if (head === undefined) return rows.map((row) => `- ${cells(row).filter((cell) => cell !== "").join(": ")}`).join("\n");
  const line = (all: string[]) => `| ${all.join(" | ")} |`;
  const named = cells(head);
  const filled = rows.map(cells).map((row) => [...row, ...Array.from({ length: named.length - row.length }, () => "")]);
  return [line(named), line(named.map(() => "---")), ...filled.map(line)].join("\n");
}

function inline(node: Node): string {
  const text = [...node.childNodes]
    .map((child) => {
      if (child.nodeType === Node.TEXT_NODE) return escaped(child.textContent ?? "");
      if (!(child instanceof Element) || child.localName === "svg") return "";
      const inner = inline(child);
      if (inner === "") return "";
      return child.localName === "b" ? `**${inner}**` : ` ${inner} `;
    })
    .join("");
  return text.replaceAll(/\s+/g, " ").replaceAll(/ ([,.;:])/g, "$1").trim();
}

/** Letters that Markdown would read as more than letters, and what it would make a link. */
const escaped = (text: string) => text.replaceAll(/[\\`*_[\]<>|#~]/g, "\\$&").replaceAll("://", "\\://").replaceAll(/^(\s*)([-+]|\d+\.)(?=\s)/gm, "$1\\$2");
