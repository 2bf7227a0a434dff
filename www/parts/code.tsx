// Queries and commands: only ever text; keywords stand out by weight, comments by tone.

const WORDS = new Set([
  "let", "where", "project", "extend", "summarize", "join", "union", "on", "by", "and", "or", "not", "in", "has", "contains",
  "distinct", "sort", "order", "asc", "desc", "materialize", "take", "top", "between", "kind", "isfuzzy", "mv-expand",
]);

/** A KQL query. */
export function Kql({ text }: { text: string }) {
  return (
    <pre class="code kql" tabIndex={0} aria-label="KQL query">
      {text.split("\n").map((line, index) => (
        <KqlLine key={index} line={line} />
      ))}
    </pre>
  );
}

function KqlLine({ line }: { line: string }) {
  const comment = commentStart(line);
  const code = comment === -1 ? line : line.slice(0, comment);
  return (
    <>
      {code.split(/([A-Za-z][\w-]*)/).map((part) => (WORDS.has(part) ? <b class="k">{part}</b> : part))}
      {comment !== -1 && <span class="c">{line.slice(comment)}</span>}
      {"\n"}
    </>
  );
}

/** Where a comment begins, not counting slashes inside quotes. */
function commentStart(line: string): number {
  let quoted: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at];
    if (quoted !== null) {
      if (letter === quoted) quoted = null;
    } else if (letter === "'" || letter === '"') {
      quoted = letter;
    } else if (letter === "/" && line[at + 1] === "/") {
      return at;
    }
  }
  return -1;
}
