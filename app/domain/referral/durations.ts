const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Events may arrive this much later than they happened; nothing expires before. */
export const LATE_EVENTS_MS = 26 * HOUR_MS;
/** How long an attributed order may stay unpaid (bank transfer, cash on delivery). */
export const UNPAID_ORDER_MS = 30 * DAY_MS;
/** How long an order that cannot be read is asked for again before a person is asked instead. */
export const UNREADABLE_ORDER_MS = 24 * HOUR_MS;
/** Shopify shows 60 days of orders; from here on the stored snapshot decides. */
export const SNAPSHOT_DECIDES_AFTER_MS = 55 * DAY_MS;

/** So many days in milliseconds. */
export function daysMs(days: number): number {
  return days * DAY_MS;
}
