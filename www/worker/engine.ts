// What the page knows of the core: drop files in, ask questions, get answers.
//
// Files that are added later are read alone, and added to the case by the worker that holds it: the case is the same as
// if all had been dropped at once, and nothing is read again. Until then questions are answered from the case as it
// was, and a read that is stopped or fails leaves it so.

import type { Allowed, SessionsPage } from "../model";
import { busy, cleared, Failure, framed } from "./failure";
import { Member } from "./member";
import type { Inside, TimesTold } from "./messages";
import { type Gathered, Reading } from "./reading";

export { Failure } from "./failure";

export interface Source {
  /** Path inside a dropped folder, or the file's name; that of the archive before it. */
  name: string;
  file: Blob;
  /** How the file lies in `file`, which is an archive then. */
  inside?: Inside;
}

export interface FileProgress {
  name: string;
  bytes: number;
  total: number;
  records: number;
  rejected: number;
  /** What it was recognised as so far. */
  format: string | null;
  /** Why it was not read, or not to its end. */
  failure: string | null;
}

export interface Progress {
  bytes: number;
  total: number;
  records: number;
  rejected: number;
  /** All is read and the case is there. */
  done: boolean;
  /** The first sessions flagged in what was read up to now and then; nothing in a short read. */
  flagged: SessionsPage | null;
  files: FileProgress[];
}

export interface Engine {
  /** Adds files to what was read before; with none, reads again what was. A bad file does not make it fail. */
  read(sources: Source[], onProgress: (progress: Progress) => void): Promise<void>;
  /** Makes the case anew, with what a person told of times, by name of the file; nothing is read again. */
  retime(times: Record<string, TimesTold>, onProgress: (progress: Progress) => void): Promise<void>;
  /** What a person told of times so far, by name of the file. */
  readonly times: Record<string, TimesTold>;
  /** Reads the sample tenant instead of what was read before. The next files read replace it. */
  sample(onProgress?: (progress: Progress) => void): Promise<void>;
  /** Stops the read under way. What was read before stays. */
  cancel(): void;
  /** Ends the read under way where it is, and keeps what it has read. */
  halt(): void;
  /** Detects again with these values by `detection.tunable`, defaults for the rest; nothing is read again. */
  tune(changes: Record<string, string>): Promise<void>;
  /** Puts aside what the analyst knows to be harmless: these entries instead of those before. */
  allow(entries: Allowed[]): Promise<void>;
  /** Asks the core; the answer is JSON. */
  ask<T>(question: object): Promise<T>;
  /** One record as its file has it. */
  raw(input: number, record: number, offset: number): Promise<{ text: string; name: string }>;
  /** SHA-256 of a file as it was read, in hexadecimal, by its number; worked out beside whatever is asked. */
  digest(input: number): Promise<string>;
  /** Asks the core; the answer is a file. */
  save(question: object): Promise<Uint8Array>;
  /** Ends the workers: all that was read is gone. */
  clear(): void;
  /** Events of the case, and the bytes of the worker that holds it. */
  readonly size: { events: number; memory: number };
}

export interface Options {
  /** How many workers read; by default as many as the machine has cores, at most four. */
  workers?: number;
  /** Milliseconds of reading before it is looked what is flagged so far; by default a second. */
  lookAfter?: number;
}

const MOST = 4;
const LOOK_AFTER = 1000;

/** Starts the first worker, so that a browser that cannot run the page says so at once. */
export async function createEngine(options: Options = {}): Promise<Engine> {
  if (top !== self) throw framed();
  const engine = new Crew(options.workers ?? Math.min(MOST, navigator.hardwareConcurrency || 1), options.lookAfter ?? LOOK_AFTER);
  await engine.start();
  return engine;
}

/** What was read, and the worker that holds it. */
interface Case extends Gathered {
  sample: boolean;
}

class Crew implements Engine {
  readonly #workers: number;
  readonly #lookAfter: number;
  #spare: Promise<Member> | undefined;
  #case: Case | undefined;
  #reading: Reading | undefined;
  #changes: Record<string, string> = {};
  #times: Record<string, TimesTold> = {};
  #allowed: Allowed[] = [];

  constructor(workers: number, lookAfter: number) {
    this.#workers = workers;
    this.#lookAfter = lookAfter;
  }

  async start(): Promise<void> {
    const member = await this.#idle();
    // While files are being chosen, the browser compiles: the first read takes two thirds of the time.
    member.ask({ order: "prepare" }).catch(() => {});
  }

  async read(sources: Source[], onProgress: (progress: Progress) => void): Promise<void> {
    const held = this.#case?.sample ? undefined : this.#case;
    if (held === undefined || sources.length === 0) await this.#read([...(held?.sources ?? []), ...sources], false, onProgress);
    else await this.#add(sources, this.#times, onProgress, held);
  }

  async retime(times: Record<string, TimesTold>, onProgress: (progress: Progress) => void): Promise<void> {
    if (this.#case !== undefined) await this.#add([], times, onProgress, this.#case);
    this.#times = times;
  }

  get times(): Record<string, TimesTold> {
    return this.#times;
  }

  async sample(onProgress: (progress: Progress) => void = () => {}): Promise<void> {
    const { news, files } = await (await this.#member()).ask({ order: "sample" });
    if (news.news !== "sample") return;
    const sources = news.names.map((name, index) => ({ name, file: new File([files[index] ?? ""], name) }));
    await this.#read(sources, true, onProgress);
  }

  /** Adds to a case. Where the worker that holds it broke, also over this, all that it held is read again. */
  async #add(sources: Source[], times: Record<string, TimesTold>, onProgress: (progress: Progress) => void, held: Case): Promise<void> {
    const isBroken = () => held.lead.ended !== undefined && this.#case === held;
    if (isBroken()) await this.#read(held.sources, held.sample, onProgress);
    try {
      await this.#read(sources, held.sample, onProgress, times, this.#case);
    } catch (failure) {
      if (isBroken()) await this.#read(held.sources, held.sample, onProgress);
      throw failure;
    }
  }

  async #read(sources: Source[], sample: boolean, onProgress: (progress: Progress) => void, times = this.#times, onto?: Case): Promise<void> {
    if (this.#reading !== undefined) throw busy();
    const reading = new Reading(sources, onProgress, () => this.#changes, times, this.#lookAfter, onto);
    this.#reading = reading;
    try {
      const spare = await this.#spare?.catch(() => undefined);
      this.#spare = undefined;
      const gathered = await reading.run(spare, this.#workers);
      if (this.#case?.lead !== gathered.lead) this.#case?.lead.end(cleared());
      this.#case = { ...gathered, sample };
      if (this.#allowed.length > 0) await this.allow(this.#allowed);
    } finally {
      this.#reading = undefined;
    }
  }

  cancel(): void {
    this.#reading?.cancel();
  }

  halt(): void {
    this.#reading?.halt();
  }

  async tune(changes: Record<string, string>): Promise<void> {
    await (await this.#member()).ask({ order: "tune", changes });
    this.#changes = { ...changes };
  }

  async allow(entries: Allowed[]): Promise<void> {
    await (await this.#member()).ask({ order: "allow", entries: JSON.stringify(entries) });
    this.#allowed = entries;
  }

  async ask<T>(question: object): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.save(question))) as T;
  }

  async save(question: object): Promise<Uint8Array> {
    const { bytes } = await (await this.#member()).ask({ order: "ask", question: JSON.stringify(question) });
    return new Uint8Array(bytes);
  }

  async raw(input: number, _record: number, offset: number): Promise<{ text: string; name: string }> {
    const source = this.#case?.sources[this.#case.inputs[input] ?? -1];
    if (source === undefined) throw new Failure("record", "There is no such file.", "Read the files again.");
    const { bytes } = await (await this.#member()).ask({ order: "excerpt", offset, inside: source.inside ?? null }, { file: source.file });
    return { text: new TextDecoder().decode(bytes), name: source.name };
  }

  async digest(input: number): Promise<string> {
    const source = this.#case?.sources[this.#case.inputs[input] ?? -1];
    if (source === undefined) throw new Failure("record", "There is no such file.", "Read the files again.");
    const member = await Member.start();
    try {
      const { bytes } = await member.ask({ order: "digest", inside: source.inside ?? null }, { file: source.file });
      return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
    } finally {
      member.end(cleared());
    }
  }

  get size(): { events: number; memory: number } {
    return { events: this.#case?.events ?? 0, memory: this.#case?.memory ?? 0 };
  }

  clear(): void {
    this.#reading?.cancel();
    this.#case?.lead.end(cleared());
    this.#case = undefined;
    this.#changes = {};
    this.#times = {};
    this.#allowed = [];
    void this.#spare?.then(
      (member) => member.end(cleared()),
      () => {},
    );
    this.#spare = undefined;
  }

  /** The worker that answers: the one with the case, or one that knows of none. */
  async #member(): Promise<Member> {
    return this.#case?.lead ?? this.#idle();
  }

  #idle(): Promise<Member> {
    this.#spare ??= Member.start();
    return this.#spare;
  }
}
