// A text with the words that are searched for marked.

import { text as searched } from "../../state/filters";

export function Found({ text }: { text: string }) {
  const words = searched.value.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");
  const lower = text.toLowerCase();
  // Letters that change their number when they are made small are left alone.
  if (words.length === 0 || lower.length !== text.length) return <>{text}</>;
  const parts: preact.ComponentChild[] = [];
  for (let from = 0; from < text.length; ) {
    const next = words
      .map((word) => ({ at: lower.indexOf(word, from), long: word.length }))
      .filter(({ at }) => at !== -1)
      .toSorted((left, right) => left.at - right.at || right.long - left.long)[0];
    if (next === undefined) {
      parts.push(text.slice(from));
      break;
    }
    if (next.at > from) parts.push(text.slice(from, next.at));
    parts.push(<mark key={next.at}>{text.slice(next.at, next.at + next.long)}</mark>);
    from = next.at + next.long;
  }
  return <>{parts}</>;
}
