// One read: files are shared out to workers, and the first worker makes the case of what they read, or the one that
// holds a case adds it to that.

import { opened, range } from "./archive";
import type { Question, SessionsPage } from "../model";
import { pieces } from "./cut";
import type { Progress, Source } from "./engine";
import { type Failure, cancelled, noFilesInWorkers } from "./failure";
import { Member } from "./member";
import type { News, TimesTold } from "./messages";

/** Milliseconds between two words on the progress. */
const EVERY = 100;

/** What is asked of a part of the whole: its first rows. */
const FLAGGED: Question = {
  ask: "sessions",
  filter: { text: "", from: null, to: null, only: [], not: [] },
  group: "incident",
  sort: "severity",
  descending: true,
  offset: 0,
  limit: 10,
};

/** Some bytes of a file, for one worker. */
interface Job {
  input: number;
  from: number;
  to: number;
  /** The file was cut, so that the reader may find that a record was, too. */
  cut: boolean;
}

interface Count {
  bytes: number;
  records: number;
  rejected: number;
}

interface FileState {
  /** By job: what it has read. A job that turned out to be cut wrongly is taken away again. */
  counts: Map<number, Count>;
  formats: Set<string>;
  failure: string | null;
}

const fresh = (): FileState => ({ counts: new Map(), formats: new Set(), failure: null });

/** What a read leaves behind. */
export interface Gathered {
  /** The worker that holds the case. */
  lead: Member;
  /** What was read: in the place of an archive the files in it. */
  sources: Source[];
  /** For each input of the report, the number of its source. */
  inputs: number[];
  events: number;
  memory: number;
}

/** The number of the next job: a worker is given no number twice. */
let next = 0;

export class Reading {
  /** The case that is added to; nothing where one is begun. */
  readonly #onto: Gathered | undefined;
  /** The worker that makes the case. */
  #lead: Member | undefined;
  /** The worker that makes the case is asked to: it can no longer be cancelled without losing what is there. */
  #isGathering = false;
  #sources: Source[];
  readonly #onProgress: (progress: Progress) => void;
  readonly #tuning: () => Record<string, string>;
  readonly #times: Record<string, TimesTold>;
  readonly #lookAfter: number;
  readonly #began = performance.now();
  readonly #jobs = new Map<number, Job>();
  readonly #queue: number[] = [];
  readonly #crew: Member[] = [];
  #files: FileState[];
  readonly #stop: Promise<never>;
  #fail!: (failure: Failure) => void;
  #stopped = false;
  #halted = false;
  #told = 0;
  /** Bytes of jobs that are done, now and when it was last looked. */
  #read = 0;
  #looked = 0;
  #flagged: SessionsPage | null = null;

  constructor(
    sources: Source[],
    onProgress: (progress: Progress) => void,
    tuning: () => Record<string, string>,
    times: Record<string, TimesTold>,
    lookAfter: number,
    onto?: Gathered,
  ) {
    this.#onto = onto;
    this.#lead = onto?.lead;
    this.#sources = sources;
    this.#onProgress = onProgress;
    this.#tuning = tuning;
    this.#times = times;
    this.#lookAfter = lookAfter;
    this.#files = sources.map(fresh);
    this.#stop = new Promise((_, reject) => (this.#fail = reject));
    this.#stop.catch(() => {});
  }

  cancel(): void {
    if (this.#onto === undefined || !this.#isGathering) this.#fail(cancelled());
  }

  /** Reads no more, and makes the case of what is read: each file says what is missing of it. */
  halt(): void {
    this.#halted = true;
    for (const member of this.#crew) member.tell({ order: "halt" });
  }

  /** Reads all; `spare` is a worker that has started already. */
  async run(spare: Member | undefined, workers: number): Promise<Gathered> {
    const held = this.#onto?.lead;
    if (held !== undefined) held.onBroken = (failure) => this.#fail(failure);
    if (spare !== undefined) this.#join(spare);
    try {
      return await Promise.race([this.#stop, this.#run(workers)]);
    } catch (failure) {
      this.#stopped = true;
      for (const member of this.#crew) member.end(failure as Failure);
      // What became of the case that is added to is not known any more; before that it is as it was.
      if (this.#isGathering) held?.end(failure as Failure);
      else held?.tell({ order: "forget", below: next });
      throw failure;
    }
  }

  async #run(workers: number): Promise<Gathered> {
    this.#tell(false);
    if (this.#sources.length > 0 || this.#onto === undefined) await this.#readAll(workers);
    const lead = this.#lead;
    if (lead === undefined) throw cancelled();
    this.#isGathering = true;
    const add = this.#onto !== undefined;
    const { news } = await lead.ask({ order: "gather", jobs: [...this.#jobs.keys()], add, tuning: this.#tuning(), times: this.#times });
    if (news.news !== "gathered") throw cancelled();
    for (const member of this.#crew) if (member !== lead) member.end(cancelled());
    this.#tell(true);
    const sources = [...(this.#onto?.sources ?? []), ...this.#sources];
    return { lead, sources, inputs: news.sources, events: news.events, memory: news.memory };
  }

  /** Shares all files out, and waits until they are read. */
  async #readAll(workers: number): Promise<void> {
    await this.#open();
    const lists = await Promise.all(
      this.#sources.map((source) => (source.inside === undefined ? pieces(source.file, workers) : [range(source)])),
    );
    lists.forEach((list, input) => {
      for (const piece of list) this.#add({ ...piece, input, cut: list.length > 1 });
    });
    // The largest first, so that no worker is left with one when the others are done.
    this.#queue.sort((left, right) => this.#size(right) - this.#size(left));
    await this.#muster(Math.min(workers, this.#queue.length));
    // Among the last jobs may be one that puts more into the queue.
    while (this.#queue.length > 0) await Promise.all(this.#crew.map((member) => this.#work(member)));
  }

  /** Puts the files of archives in the place of the archives. */
  async #open(): Promise<void> {
    await this.#muster(1);
    const [member] = this.#crew;
    if (member === undefined) return;
    const sources: Source[] = [];
    // One after the other: an archive in an archive is unpacked, and two at once would take twice the room.
    for (const source of this.#sources) sources.push(...(await opened(source, member)));
    this.#sources = sources;
    this.#files = sources.map(fresh);
    this.#tell(false);
  }

  #size(job: number): number {
    const { from, to } = this.#jobs.get(job) ?? { from: 0, to: 0 };
    return to - from;
  }

  #add(job: Job): void {
    const number = next++;
    this.#jobs.set(number, job);
    this.#queue.push(number);
  }

  #join(member: Member): void {
    if (this.#stopped) member.end(cancelled());
    if (member.ended !== undefined) this.#fail(member.ended);
    member.onBroken = (failure) => this.#fail(failure);
    if (this.#halted) member.tell({ order: "halt" });
    this.#crew.push(member);
    const lead = (this.#lead ??= member);
    if (lead === member) return;
    const { port1, port2 } = new MessageChannel();
    lead.tell({ order: "collect" }, { port: port1 });
    member.tell({ order: "deliver" }, { port: port2 });
  }

  /** Starts the workers, and a line from each to the one that makes the case. */
  async #muster(count: number): Promise<void> {
    const missing = Array.from({ length: Math.max(1, count) - this.#crew.length }, () => Member.start());
    const started = await Promise.allSettled(missing);
    for (const start of started) if (start.status === "fulfilled") this.#join(start.value);
    // With fewer workers than wanted it only takes longer; with none it fails as the first did.
    if (this.#crew.length === 0) await missing[0];
  }

  /** Gives a worker one job after the other, until none is left. */
  async #work(member: Member): Promise<void> {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      await this.#readJob(member, job);
      if (member === this.#lead) await this.#look(member);
    }
  }

  /** Looks what is flagged in what is read, whenever that has doubled, up to a third of all: so the looks
   * together cost less than the one at the end, and the copy that they need has room. */
  async #look(lead: Member): Promise<void> {
    const isDue = performance.now() - this.#began >= this.#lookAfter && this.#queue.length > 0 && !this.#halted;
    const total = this.#sources.map(range).reduce((sum, { from, to }) => sum + to - from, 0);
    if (!isDue || this.#read === 0 || this.#read < 2 * this.#looked || this.#read > total / 3) return;
    this.#looked = this.#read;
    const question = JSON.stringify(FLAGGED);
    // Where it fails, the end of the read says why.
    const reply = await lead.ask({ order: "preview", tuning: this.#tuning(), times: this.#times, question }).catch(() => undefined);
    if (reply !== undefined) this.#flagged = JSON.parse(new TextDecoder().decode(reply.bytes)) as SessionsPage;
  }

  #readJob(member: Member, number: number): Promise<void> {
    const job = this.#jobs.get(number);
    const source = job && this.#sources[job.input];
    if (job === undefined || source === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      member.onNews = (news) => {
        if (!("job" in news) || news.job !== number) return;
        this.#count(number, job, news);
        this.#tell(false);
        if (news.news !== "read") return;
        const nothing = news.bytes === 0 && job.to > job.from && !this.#halted;
        resolve(nothing ? this.#checkFile(source.file.slice(job.from, job.from + 1)) : undefined);
      };
      const { from, to } = job;
      const input = (this.#onto?.sources.length ?? 0) + job.input;
      member.tell({ order: "read", job: number, input, name: source.name, from, to, inside: source.inside ?? null }, { file: source.file });
    });
  }

  /** A worker got nothing of a file: if the page does, the file is not to blame. */
  async #checkFile(byte: Blob): Promise<void> {
    const read = await byte.arrayBuffer().then(
      () => true,
      () => false,
    );
    if (read) this.#fail(noFilesInWorkers());
  }

  #count(number: number, job: Job, news: Extract<News, { job: number }>): void {
    const file = this.#files[job.input];
    // The file is read again in one piece, and this one no longer counts.
    if (file === undefined || !this.#jobs.has(number)) return;
    file.counts.set(number, news);
    if (news.news !== "read") return;
    for (const format of news.format?.split("+") ?? []) file.formats.add(format);
    file.failure ??= news.failure;
    this.#read += news.bytes;
    if (job.cut && !news.whole) this.#readInOnePiece(job.input);
  }

  #readInOnePiece(input: number): void {
    for (const [number, job] of this.#jobs) {
      if (job.input === input) this.#jobs.delete(number);
    }
    const left = this.#queue.filter((number) => this.#jobs.has(number));
    this.#queue.splice(0, this.#queue.length, ...left);
    this.#files[input] = fresh();
    this.#add({ input, from: 0, to: this.#sources[input]?.file.size ?? 0, cut: false });
  }

  #tell(done: boolean): void {
    const now = performance.now();
    if (this.#stopped || (!done && now - this.#told < EVERY)) return;
    this.#told = now;
    const files = this.#files.map(({ counts, formats, failure }, input) => {
      const source = this.#sources[input];
      const sum = { bytes: 0, records: 0, rejected: 0 };
      for (const { bytes, records, rejected } of counts.values()) {
        sum.bytes += bytes;
        sum.records += records;
        sum.rejected += rejected;
      }
      const format = formats.size > 0 ? [...formats].sort().join("+") : null;
      const { from, to } = source === undefined ? { from: 0, to: 0 } : range(source);
      return { name: source?.name ?? "", total: to - from, ...sum, format, failure };
    });
    const sum = (of: (file: (typeof files)[number]) => number) => files.reduce((total, file) => total + of(file), 0);
    this.#onProgress({
      bytes: sum((file) => file.bytes),
      total: sum((file) => file.total),
      records: sum((file) => file.records),
      rejected: sum((file) => file.rejected),
      done,
      files,
      flagged: this.#flagged,
    });
  }
}
