// Columns that are worked out before anybody asks.

import type { Column } from "../model";

/** Columns that the places count by: those first that a place asks for when it opens. */
export const COUNTED: Column[] = [
  ...(["user", "address", "app", "network", "city", "device", "result", "stream", "agent", "resource", "country", "hour"] as const),
  ...(["ended", "client", "legacy", "protocol", "requirement", "protection", "access", "policy", "scope", "credential", "session"] as const),
];
