import { SNAPSHOT_DECIDES_AFTER_MS, UNPAID_ORDER_MS, UNREADABLE_ORDER_MS } from "./durations.ts";
import type { OrderLine } from "./order-base.ts";
import { orderBase } from "./order-base.ts";

/** An order as read again at payout, or as kept when it was recorded. */
export type PayableOrder = {
  readonly orderId: string;
  readonly test: boolean;
  readonly cancelledAt: number | null;
  /** Shopify's financial status, in capitals: PAID, PARTIALLY_REFUNDED, REFUNDED, PENDING, AUTHORIZED, VOIDED … */
  readonly financialStatus: string;
  readonly totalMinor: bigint;
  readonly taxesIncluded: boolean;
  readonly lines: readonly OrderLine[];
  /** The person (merges followed) that the order belongs to; null where Shopify does not say. */
  readonly personId: string | null;
};

/** What the attempt to read the order again gave. `unreadable` covers every failure and an order that is not there. */
export type OrderRead =
  | { readonly outcome: "read"; readonly order: PayableOrder }
  | { readonly outcome: "unreadable"; readonly since: number };

export type PayableReferral = {
  readonly friendPerson: string;
  readonly orderAt: number;
  readonly paidAt: number | null;
  readonly eligibleAt: number | null;
  /** The order as it was recorded. */
  readonly snapshot: PayableOrder | null;
};

export type UnpayableReason =
  | "order_cancelled"
  | "order_refunded"
  | "order_not_paid"
  | "test_order"
  | "zero_total"
  | "other_customer"
  | "under_minimum";

export type Payability =
  | { readonly outcome: "payable"; readonly baseMinor: bigint; readonly decidedOn: "order" | "snapshot" }
  | { readonly outcome: "not_yet" }
  /** `isExhausted`: asked for long enough, a person decides. */
  | { readonly outcome: "unknown"; readonly isExhausted: boolean }
  | { readonly outcome: "reject"; readonly reason: UnpayableReason };

const SETTLED_STATUSES: readonly string[] = ["PAID", "PARTIALLY_REFUNDED"];
const FAILED_STATUSES: readonly string[] = ["VOIDED", "EXPIRED"];

/**
 * Decides whether a referral's order still earns its reward at `now` (epoch ms). An order that cannot be read is unknown,
 * never gone; once Shopify no longer shows orders of its age, the snapshot decides and the answer says so.
 */
export function payability(args: {
  readonly read: OrderRead;
  readonly referral: PayableReferral;
  readonly minimumOrderMinor: bigint | null;
  readonly now: number;
}): Payability {
  const { read, referral, now } = args;
  if (referral.eligibleAt === null || referral.paidAt === null || now < referral.eligibleAt)
    return { outcome: "not_yet" };
  if (read.outcome === "read") return judge(read.order, "order", args);
  if (referral.snapshot !== null && now - referral.paidAt > SNAPSHOT_DECIDES_AFTER_MS)
    return judge(referral.snapshot, "snapshot", args);
  return { outcome: "unknown", isExhausted: now - read.since >= UNREADABLE_ORDER_MS };
}

function judge(
  order: PayableOrder,
  decidedOn: "order" | "snapshot",
  args: { readonly referral: PayableReferral; readonly minimumOrderMinor: bigint | null; readonly now: number },
): Payability {
  const reason = reasonAgainst(order, args.referral);
  if (reason !== null) return { outcome: "reject", reason };
  if (!SETTLED_STATUSES.includes(order.financialStatus)) {
    const isOverdue = args.now - args.referral.orderAt > UNPAID_ORDER_MS;
    return isOverdue ? { outcome: "reject", reason: "order_not_paid" } : { outcome: "not_yet" };
  }
  const baseMinor = orderBase(order.lines, order.taxesIncluded);
  if (baseMinor <= 0n) return { outcome: "reject", reason: isReturned(order) ? "order_refunded" : "zero_total" };
  if (args.minimumOrderMinor !== null && baseMinor < args.minimumOrderMinor)
    return { outcome: "reject", reason: "under_minimum" };
  return { outcome: "payable", baseMinor, decidedOn };
}

function reasonAgainst(order: PayableOrder, referral: PayableReferral): UnpayableReason | null {
  if (order.test) return "test_order";
  if (order.cancelledAt !== null) return "order_cancelled";
  if (order.financialStatus === "REFUNDED") return "order_refunded";
  if (FAILED_STATUSES.includes(order.financialStatus)) return "order_not_paid";
  if (order.personId !== null && order.personId !== referral.friendPerson) return "other_customer";
  return order.totalMinor <= 0n ? "zero_total" : null;
}

/** Whether goods were on the order and every one of them went back, while delivery, say, was kept. */
function isReturned(order: PayableOrder): boolean {
  const goods = order.lines.filter((line) => !line.isGiftCard && !line.isTip && line.quantity > 0);
  return goods.length > 0 && goods.every((line) => line.currentQuantity <= 0);
}
