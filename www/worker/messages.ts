// Made from src/wasm/messages.rs; a test in tests/wasm says how it must read.

/**
 * From the page to a worker.
 */
export type Order = { order: "read"; job: number; input: number; name: string; from: number; to: number; inside: Inside | null } | { order: "halt" } | { order: "list"; id: number; name: string; outer: boolean } | { order: "unpack"; id: number; inside: Inside } | { order: "deliver" } | { order: "collect" } | { order: "gather"; id: number; jobs: number[]; add: boolean; tuning: Record<string, string>; times: Record<string, TimesTold> } | { order: "forget"; below: number } | { order: "preview"; id: number; tuning: Record<string, string>; times: Record<string, TimesTold>; question: string } | { order: "tune"; id: number; changes: Record<string, string> } | { order: "allow"; id: number; entries: string } | { order: "ask"; id: number; question: string } | { order: "excerpt"; id: number; offset: number; inside: Inside | null } | { order: "prepare"; id: number } | { order: "sample"; id: number } | { order: "digest"; id: number; inside: Inside | null } | { order: "hash"; id: number };

/**
 * What a person told of the times of an input.
 */
export interface TimesTold {
    /**
     * The zone of times that name none.
     */
    zone: ZoneTold | null;
    /**
     * Whether the day comes before the month.
     */
    dayFirst: boolean | null;
}

/**
 * A zone, with the offsets that the browser knows of it.
 */
export interface ZoneTold {
    /**
     * Its name.
     */
    name: string;
    /**
     * Since when its clocks are how far ahead of UTC, in order of time; the first holds before it, too.
     */
    steps: ZoneStep[];
}

/**
 * An offset of a zone.
 */
export interface ZoneStep {
    /**
     * Since when, in milliseconds since 1970 UTC.
     */
    from: number;
    /**
     * How far ahead of UTC, in minutes.
     */
    east: number;
}

/**
 * A file in an archive.
 */
export interface Inside {
    /**
     * Its name, that of the archive before it.
     */
    name: string;
    /**
     * Whether it is an archive, to be unpacked and listed.
     */
    archive: boolean;
    /**
     * First byte in the archive.
     */
    from: number;
    /**
     * Byte behind the last.
     */
    to: number;
    /**
     * How it is packed.
     */
    method: number;
    /**
     * Bytes packed.
     */
    packed: number;
    /**
     * Bytes unpacked.
     */
    size: number;
    /**
     * Checksum.
     */
    crc: number;
    /**
     * Why it is not read, where it is not.
     */
    refusal: unknown;
}

/**
 * From a worker to the page.
 */
export type News = { news: "ready" } | { news: "progress"; job: number; bytes: number; records: number; rejected: number } | { news: "read"; job: number; bytes: number; records: number; rejected: number; format: string | null; failure: string | null; whole: boolean } | { news: "gathered"; id: number; sources: number[]; events: number; memory: number } | { news: "answer"; id: number } | { news: "sample"; id: number; names: string[] } | { news: "listed"; id: number; files: Inside[] | null } | { news: "unpacked"; id: number } | { news: "refused"; id: number; reason: Reason; message: string } | { news: "broken"; place: string; message: string | null };

/**
 * Why a question has no answer.
 */
export type Reason = "question" | "tuning" | "file" | "record";
