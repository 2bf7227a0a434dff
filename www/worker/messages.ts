// Made from src/wasm/messages.rs; a test in tests/wasm says how it must read.

/**
 * From the page to a worker.
 */
export type Order = { order: "read"; job: number; input: number; name: string; from: number; to: number } | { order: "deliver" } | { order: "collect" } | { order: "gather"; id: number; jobs: number[]; tuning: Record<string, string> } | { order: "preview"; id: number; tuning: Record<string, string>; question: string } | { order: "tune"; id: number; changes: Record<string, string> } | { order: "ask"; id: number; question: string } | { order: "excerpt"; id: number; offset: number } | { order: "prepare"; id: number } | { order: "sample"; id: number } | { order: "hash"; id: number };

/**
 * From a worker to the page.
 */
export type News = { news: "ready" } | { news: "progress"; job: number; bytes: number; records: number; rejected: number } | { news: "read"; job: number; bytes: number; records: number; rejected: number; format: string | null; failure: string | null; whole: boolean } | { news: "gathered"; id: number; sources: number[]; events: number; memory: number } | { news: "answer"; id: number } | { news: "sample"; id: number; names: string[] } | { news: "refused"; id: number; reason: Reason; message: string } | { news: "broken"; place: string; message: string | null };

/**
 * Why a question has no answer.
 */
export type Reason = "question" | "tuning" | "file" | "record";
