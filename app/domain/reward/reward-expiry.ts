import { printIsoTime } from "../time/iso-time.ts";
import type { Side } from "./side.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday; weeks begin on the Monday after. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/**
 * When a reward issued at `now` lapses (both epoch ms): so many days on, and then to the end of that week in UTC. Codes of one
 * week share a parent discount, which carries the expiry; nobody gets less time than the terms promise.
 */
export function expiryFor(now: number, days: number): number {
  const due = now + days * DAY_MS;
  return Math.ceil((due - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
}

/** Names the parent discount that a reward's code belongs to. `expiresAt` is what `expiryFor` gave. */
export function parentDiscountKey(parent: {
  readonly termsVersion: number;
  readonly side: Side;
  readonly expiresAt: number;
}): string {
  const day = printIsoTime(parent.expiresAt).slice(0, "2026-11-20".length);
  return `v${parent.termsVersion}-s${parent.side}-${day}`;
}
