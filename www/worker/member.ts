// One worker of the crew: orders go in, news come out, questions get their answers.

import { type Failure, Failure as Failed, defect, outOfMemory } from "./failure";
import type { News, Order, Reason } from "./messages";
import { type Boot, handOver, handOverBytes, startWorker } from "./start";

/** What travels beside a message. */
export interface Beside {
  file?: Blob;
  port?: MessagePort;
  bytes?: ArrayBuffer;
}

/** The news that end a question, and what came beside them. */
export interface Reply {
  news: News;
  bytes: ArrayBuffer;
  files: ArrayBuffer[];
  file: Blob;
}

type Question = Extract<Order, { id: number }>;
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
type Waiting = { resolve(reply: Reply): void; reject(failure: Failure): void };
type Told = Boot | (Reply & { boot?: undefined });

const NEXT: Record<Reason, string> = {
  question: "Report it: the page asked what its own core does not know.",
  tuning: "Correct the value.",
  file: "Choose the file again.",
  record: "The file was changed since it was read. Read it again.",
};

export class Member {
  /** Called with all news that end no question. */
  onNews: (news: News) => void = () => {};
  /** Called once, when the worker broke by itself. */
  onBroken: (failure: Failure) => void = () => {};

  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #ended: Failure | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  static async start(): Promise<Member> {
    const worker = await startWorker();
    const member = new Member(worker);
    try {
      await new Promise<void>((resolve, reject) => {
        member.onNews = (news) => news.news === "ready" && resolve();
        member.onBroken = reject;
        worker.onmessage = ({ data }: MessageEvent<Told>) => member.#hear(data);
        worker.onerror = (event) => {
          event.preventDefault();
          member.#break(defect("A worker broke.", null));
        };
        handOver(worker).catch(reject);
      });
    } catch (failure) {
      worker.terminate();
      throw failure;
    }
    member.onNews = member.onBroken = () => {};
    return member;
  }

  /** Why it takes no more orders. */
  get ended(): Failure | undefined {
    return this.#ended;
  }

  tell(order: Order, beside: Beside = {}): void {
    const transfer = [beside.port, beside.bytes].filter((item) => item !== undefined);
    this.#worker.postMessage({ order, ...beside }, transfer);
  }

  ask(question: WithoutId<Question>, beside: Beside = {}): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.tell({ ...question, id } as Order, beside);
    });
  }

  /** Ends the worker and all that it holds; questions without an answer fail with the reason. */
  end(reason: Failure): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  #break(failure: Failure): void {
    if (this.#ended !== undefined) return;
    this.end(failure);
    this.onBroken(failure);
  }

  #hear(told: Told): void {
    if (told.boot !== undefined) {
      if (told.boot === "bytes") void handOverBytes(this.#worker);
      if (told.boot === "broken") this.#break(told.memory ? outOfMemory() : defect("A worker broke.", told.name));
      return;
    }
    const { news } = told;
    if (news.news === "broken") {
      // A list longer than the address space is asked for only when memory runs out.
      const memory = news.message === "capacity overflow";
      this.#break(memory ? outOfMemory() : defect(news.message ?? "A worker broke.", news.place));
    } else if ("id" in news) {
      const waiting = this.#waiting.get(news.id);
      this.#waiting.delete(news.id);
      if (news.news === "refused") waiting?.reject(new Failed(news.reason, news.message, NEXT[news.reason]));
      else waiting?.resolve(told);
    } else {
      this.onNews(news);
    }
  }
}
