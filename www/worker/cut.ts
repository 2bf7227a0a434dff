// Where a file of one record a line may be cut, so that several workers read it.

/** Files up to this size are read in one piece. */
const WHOLE = 32 << 20;
/** The largest piece: a worker hands over what it read before the next. */
const LARGEST = 256 << 20;
/** Bytes looked at for the next end of a line. */
const LOOK = 64 << 10;
/** A first line longer than this is taken for no line. */
const LONGEST = 2 << 20;

const LINE_FEED = 0x0a;

export interface Piece {
  from: number;
  to: number;
}

/** The pieces in which `workers` workers read a file. */
export async function pieces(file: Blob, workers: number): Promise<Piece[]> {
  const whole = [{ from: 0, to: file.size }];
  if (workers < 2 || file.size <= WHOLE) return whole;
  try {
    if (!(await hasRecordsInLines(file))) return whole;
    const count = Math.max(workers, Math.ceil(file.size / LARGEST));
    const starts = [0];
    for (let index = 1; index < count; index++) {
      const start = await lineAfter(file, Math.floor((file.size * index) / count));
      if (start > (starts.at(-1) ?? 0) && start < file.size) starts.push(start);
    }
    return starts.map((from, index) => ({ from, to: starts[index + 1] ?? file.size }));
  } catch {
    // It cannot be read. The worker that tries will say so.
    return whole;
  }
}

/** Whether the first line is a JSON object and another begins behind it. Only a guess: the reader
 * says when a piece did not begin and end between records. */
async function hasRecordsInLines(file: Blob): Promise<boolean> {
  for (const size of [LOOK, LONGEST]) {
    const head = new Uint8Array(await file.slice(0, size).arrayBuffer());
    const text = new TextDecoder().decode(head).trimStart();
    const end = text.indexOf("\n");
    if (end < 0) continue;
    const rest = text.slice(end).trimStart();
    return text.startsWith("{") && rest.startsWith("{") && isJson(text.slice(0, end));
  }
  return false;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The first byte of the first line that begins behind `place`. */
async function lineAfter(file: Blob, place: number): Promise<number> {
  for (let from = place; from < file.size; from += LOOK) {
    const bytes = new Uint8Array(await file.slice(from, from + LOOK).arrayBuffer());
    const at = bytes.indexOf(LINE_FEED);
    if (at >= 0) return from + at + 1;
  }
  return file.size;
}
