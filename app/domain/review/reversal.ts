import type { Reader } from "../json/read.ts";
import { isObject, listOf, nullable, objectOf, oneOf, recordOf, textLike, truth } from "../json/read.ts";
import { exponentOf, parseCurrency } from "../money/currency.ts";
import { parseMoney } from "../money/decimal.ts";

/** Why a reward that was given is looked at again. */
export const REVERSAL_REASONS = [
  "order_refunded",
  "order_cancelled",
  "order_disputed",
  "order_deleted",
  "order_edited",
] as const;
export type ReversalReason = (typeof REVERSAL_REASONS)[number];

/** One thing that took from an order what had been rewarded; `key` names it, so that hearing of it twice is once. */
export type ReversalEvent = {
  readonly key: string;
  readonly reason: ReversalReason;
  /** Decimal text; null where the event names no amount. */
  readonly amount: { readonly text: string; readonly currency: string } | null;
};

/** What is kept of everything that was taken back from a rewarded order: amounts and Shopify's ids, nobody's data. */
export type Reversal = {
  readonly currency: string;
  /** Minor units as digits; null when the order's total was never told. */
  readonly total: string | null;
  /** Money that went back, by refund; minor units as digits. */
  readonly refunds: Readonly<Record<string, string>>;
  /** What banks asked back, by dispute. It may come back when the dispute is won, so it is never added to the refunds. */
  readonly disputes: Readonly<Record<string, string>>;
  readonly reasons: readonly ReversalReason[];
  readonly keys: readonly string[];
  /** Some amount was in another currency than the order's, and is in no sum. */
  readonly incomplete: boolean;
};

/** Stands for the edit of an order that was read: Shopify shows that there was one, and not which. */
export const UNNAMED_EDIT = "0";

const EVENTS_MAX = 250;
const digits = textLike(/^\d{1,18}$/);
const readStored: Reader<Reversal> = objectOf({
  currency: textLike(/^[A-Z]{3}$/),
  total: nullable(digits),
  refunds: recordOf(digits, EVENTS_MAX),
  disputes: recordOf(digits, EVENTS_MAX),
  reasons: listOf(oneOf(REVERSAL_REASONS), REVERSAL_REASONS.length),
  keys: listOf(textLike(/^[a-z_]+:\d{1,20}$/), EVENTS_MAX),
  incomplete: truth,
});

/** Reads what `later_facts` keeps of reversals; null when there is nothing, or nothing that this version wrote. */
export function parseReversal(laterFacts: unknown): Reversal | null {
  return isObject(laterFacts) ? (readStored(laterFacts["reversal"])?.value ?? null) : null;
}

/**
 * Adds one event to what is known of an order.
 *
 * @param known Null before the first event.
 * @param order The order's currency and its total as decimal text, as they stood when it was rewarded.
 * @returns Null when the event was known already, or there are too many to keep.
 */
export function addReversal(
  known: Reversal | null,
  order: { readonly currency: string; readonly total: string | null },
  event: ReversalEvent,
): Reversal | null {
  const before = known ?? emptyReversal(order);
  if (before.keys.includes(event.key) || before.keys.length >= EVENTS_MAX) return null;
  if (event.key === `edit:${UNNAMED_EDIT}` && before.keys.some((key) => key.startsWith("edit:"))) return null;
  const minor = event.amount?.currency === before.currency ? minorOf(event.amount.text, before.currency) : null;
  const sums = minor === null ? {} : { [event.key]: minor };
  return {
    ...before,
    refunds: event.reason === "order_disputed" ? before.refunds : { ...before.refunds, ...sums },
    disputes: event.reason === "order_disputed" ? { ...before.disputes, ...sums } : before.disputes,
    reasons: before.reasons.includes(event.reason) ? before.reasons : [...before.reasons, event.reason],
    keys: [...before.keys, event.key],
    incomplete: before.incomplete || (event.amount !== null && minor === null),
  };
}

/** The sum of what was refunded, in minor units. */
export function refundedMinor(reversal: Reversal): bigint {
  return Object.values(reversal.refunds).reduce((sum, amount) => sum + BigInt(amount), 0n);
}

/** The sum of what banks asked back, in minor units. */
export function disputedMinor(reversal: Reversal): bigint {
  return Object.values(reversal.disputes).reduce((sum, amount) => sum + BigInt(amount), 0n);
}

function emptyReversal(order: { readonly currency: string; readonly total: string | null }): Reversal {
  const total = order.total === null ? null : minorOf(order.total, order.currency);
  return { currency: order.currency, total, refunds: {}, disputes: {}, reasons: [], keys: [], incomplete: false };
}

/** Minor units as digits, or null for what is no such amount of money. */
function minorOf(text: string, currency: string): string | null {
  const code = parseCurrency(currency);
  if (code === null) return null;
  const parsed = parseMoney(text, code, exponentOf(code));
  return parsed.outcome === "ok" ? String(parsed.money.minor) : null;
}
