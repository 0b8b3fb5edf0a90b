import { daysMs, LATE_EVENTS_MS } from "./durations.ts";

/** What of an order decides whether it is the one that counts. Times are epoch milliseconds. */
export type ConvertingOrder = {
  readonly orderId: string;
  readonly createdAt: number;
  readonly processedAt: number;
  readonly paidAt: number | null;
  readonly cancelledAt: number | null;
  readonly test: boolean;
  readonly renewal: boolean;
  readonly totalMinor: bigint;
};

/** The span in which an order counts: from the winning click to the end of its window. */
export type ConversionWindow = {
  readonly clickedAt: number;
  readonly expiresAt: number;
  readonly coolingOffDays: number;
};

export type NoConversionReason =
  "test_order" | "zero_total" | "renewal" | "cancelled" | "before_click" | "outside_window";
export type Conversion =
  | {
      readonly outcome: "converted";
      readonly orderId: string;
      readonly orderAt: number;
      readonly paidAt: number | null;
      /** When the reward may be paid; null until the order is. */
      readonly eligibleAt: number | null;
    }
  | { readonly outcome: "not_converted"; readonly reason: NoConversionReason };

/** Order times are printed in whole seconds, clicks in milliseconds. */
const CLOCK_SLACK_MS = 2_000;

/**
 * Decides whether an order is the friend's qualifying one. The time at which it was made decides the window, so a bank
 * transfer that is paid later still counts; the time of payment only starts the cooling-off.
 */
export function conversionOf(order: ConvertingOrder, window: ConversionWindow): Conversion {
  const orderAt = orderTime(order);
  const reason = reasonAgainst(order, orderAt, window);
  if (reason !== null) return { outcome: "not_converted", reason };
  const eligibleAt = order.paidAt === null ? null : eligibleAtOf(order.paidAt, window.coolingOffDays);
  return { outcome: "converted", orderId: order.orderId, orderAt, paidAt: order.paidAt, eligibleAt };
}

/** When an order was made: the earlier of its two times, since imports and slow payments only ever write a later one beside. */
export function orderTime(order: { readonly createdAt: number; readonly processedAt: number }): number {
  return Math.min(order.createdAt, order.processedAt);
}

/** When a paid order's reward is due: payment plus the cooling-off, epoch milliseconds. */
export function eligibleAtOf(paidAt: number, coolingOffDays: number): number {
  return paidAt + daysMs(coolingOffDays);
}

/** When a referral without an order lapses: after its window, and after events that may still be on their way. */
export function expiryDueAt(expiresAt: number): number {
  return expiresAt + LATE_EVENTS_MS;
}

function reasonAgainst(order: ConvertingOrder, orderAt: number, window: ConversionWindow): NoConversionReason | null {
  if (order.test) return "test_order";
  if (order.renewal) return "renewal";
  if (order.cancelledAt !== null) return "cancelled";
  if (order.totalMinor <= 0n) return "zero_total";
  if (orderAt + CLOCK_SLACK_MS < window.clickedAt) return "before_click";
  return orderAt > window.expiresAt ? "outside_window" : null;
}
