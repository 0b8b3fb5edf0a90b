import { isObject } from "../json/read.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How often what changed is read. */
export const READ_EVERY_MS = 15 * MINUTE_MS;
/** Shopify's search may trail behind by a little: so much of the last pass is read again. */
export const SEARCH_LAG_MS = 10 * MINUTE_MS;
/** Shopify shows orders of the last sixty days to an app without the scope for all of them. */
export const ORDERS_SHOWN_MS = 60 * DAY_MS;

/** One reading of everything that changed since an instant, page by page. Instants in epoch milliseconds. */
export type Pass = {
  readonly sinceMs: number;
  readonly startedMs: number;
  /** Where the next page begins; null for the first. */
  readonly after: string | null;
};

/** Reads what a row keeps of the pass that it is at; null between two passes. */
export function parsePass(payload: unknown): Pass | null {
  if (!isObject(payload)) return null;
  const { sinceMs, startedMs, after = null } = payload;
  if (!Number.isSafeInteger(sinceMs) || !Number.isSafeInteger(startedMs)) return null;
  if (after !== null && typeof after !== "string") return null;
  return { sinceMs: Number(sinceMs), startedMs: Number(startedMs), after };
}

/**
 * Where a pass begins.
 *
 * @param known.isDeep read again as far back as any open referral reaches
 * @returns the pass, and the instant from which on orders were to be read that Shopify does not show any more; null when
 *   there are none
 */
export function planPass(known: {
  readonly readTo: Date | null;
  readonly installedAt: Date;
  readonly oldestOpenAt: Date | null;
  readonly isDeep: boolean;
  readonly now: Date;
}): { readonly pass: Pass; readonly unreadableFromMs: number | null } {
  const nowMs = known.now.getTime();
  const lastMs = known.readTo?.getTime() ?? known.installedAt.getTime();
  const openMs = known.isDeep ? (known.oldestOpenAt?.getTime() ?? lastMs) : lastMs;
  const fromMs = Math.min(lastMs, openMs) - SEARCH_LAG_MS;
  const shownMs = nowMs - ORDERS_SHOWN_MS;
  const isBeyond = lastMs < shownMs;
  return {
    pass: { sinceMs: Math.max(fromMs, shownMs), startedMs: nowMs, after: null },
    unreadableFromMs: isBeyond ? lastMs : null,
  };
}

/**
 * Whether everything was read that was ordered before an instant, or can never be: past the sixty days there is nothing
 * left to wait for.
 */
export function isReadPast(readTo: Date | null, instant: Date, now: Date): boolean {
  const wantedMs = instant.getTime() + SEARCH_LAG_MS;
  if (readTo !== null && readTo.getTime() >= wantedMs) return true;
  return now.getTime() >= wantedMs + ORDERS_SHOWN_MS;
}
