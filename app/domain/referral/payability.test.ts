import { expect, test } from "vitest";
import { buildLine, buildPayableOrder, buildPayableReferral, DAY_MS, NOON } from "#test/builders/domain.ts";
import type { PayableOrder, PayableReferral, Payability } from "./payability.ts";
import { payability } from "./payability.ts";

const DUE = NOON + 14 * DAY_MS;
const HOUR_MS = 3_600_000;

function weigh(order: Partial<PayableOrder> = {}, minimumOrderMinor: bigint | null = null, now = DUE): Payability {
  return payability({
    read: { outcome: "read", order: buildPayableOrder(order) },
    referral: buildPayableReferral(),
    minimumOrderMinor,
    now,
  });
}

function weighUnread(referral: Partial<PayableReferral>, now: number, since: number): Payability {
  return payability({
    read: { outcome: "unreadable", since },
    referral: buildPayableReferral(referral),
    minimumOrderMinor: null,
    now,
  });
}

test("payability pays a paid order from the moment it is due", () => {
  expect(weigh()).toEqual({ outcome: "payable", baseMinor: 3_500n, decidedOn: "order" });
  expect(weigh({}, null, DUE - 1)).toEqual({ outcome: "not_yet" });
});

test("payability waits for an order that was never paid", () => {
  const read = { outcome: "read", order: buildPayableOrder() } as const;
  for (const change of [{ eligibleAt: null }, { paidAt: null }]) {
    expect(payability({ read, referral: buildPayableReferral(change), minimumOrderMinor: null, now: DUE })).toEqual({
      outcome: "not_yet",
    });
  }
});

test.each<[string, Partial<PayableOrder>]>([
  ["test_order", { test: true }],
  ["order_cancelled", { cancelledAt: NOON }],
  ["order_refunded", { financialStatus: "REFUNDED" }],
  ["order_refunded", { financialStatus: "PARTIALLY_REFUNDED", lines: [buildLine({ currentQuantity: 0 })] }],
  ["order_not_paid", { financialStatus: "VOIDED" }],
  ["order_not_paid", { financialStatus: "EXPIRED" }],
  ["zero_total", { totalMinor: 0n }],
  ["zero_total", { lines: [] }],
  ["zero_total", { lines: [buildLine({ isGiftCard: true }), buildLine({ isTip: true })] }],
  ["zero_total", { lines: [buildLine({ quantity: 0, currentQuantity: 0 })] }],
  ["other_customer", { personId: "person-eve" }],
])("payability rejects with %s", (reason, order) => {
  expect(weigh(order)).toEqual({ outcome: "reject", reason });
});

test("payability pays an order whose customer Shopify does not tell", () => {
  expect(weigh({ personId: null }).outcome).toBe("payable");
});

test("payability pays what is left of an order that was refunded in part", () => {
  expect(weigh({ financialStatus: "PARTIALLY_REFUNDED" }).outcome).toBe("payable");
});

test("payability holds the base against the minimum, to the penny", () => {
  expect(weigh({}, 3_500n).outcome).toBe("payable");
  expect(weigh({}, 3_501n)).toEqual({ outcome: "reject", reason: "under_minimum" });
});

test("payability waits for a payment that is open again, thirty days at most", () => {
  expect(weigh({ financialStatus: "PENDING" })).toEqual({ outcome: "not_yet" });
  expect(weigh({ financialStatus: "PENDING" }, null, NOON + 30 * DAY_MS + 1)).toEqual({
    outcome: "reject",
    reason: "order_not_paid",
  });
});

test("payability takes an order that cannot be read as unknown, and hands it to a person after a day", () => {
  expect(weighUnread({}, DUE + 23 * HOUR_MS, DUE)).toEqual({ outcome: "unknown", isExhausted: false });
  expect(weighUnread({}, DUE + 24 * HOUR_MS, DUE)).toEqual({ outcome: "unknown", isExhausted: true });
});

test("payability decides on the snapshot once Shopify shows the order no more", () => {
  const snapshot = buildPayableOrder();
  const old = NOON + 55 * DAY_MS + 1;
  expect(weighUnread({ snapshot }, old, old)).toEqual({ outcome: "payable", baseMinor: 3_500n, decidedOn: "snapshot" });
  expect(weighUnread({ snapshot }, old - 1, old - 1).outcome).toBe("unknown");
  expect(weighUnread({ snapshot: null }, old, old).outcome).toBe("unknown");
});
