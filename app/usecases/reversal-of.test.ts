import { expect, test } from "vitest";
import { buildOrderFacts, NOON } from "#test/builders/domain.ts";
import { reversalOf } from "./reversal-of.ts";

const MONEY = { amount: "10.00", currency: "GBP" };
const REFUND = { kind: "refund", orderId: "1", refundId: "2", ...MONEY, at: NOON, full: null } as const;
const DISPUTE = { kind: "dispute", orderId: "1", disputeId: "3", ...MONEY, status: "needs_response" } as const;
const EDIT = { kind: "order_edited", orderId: "1", editId: "4", removes: true } as const;

test.each([
  ["an order", buildOrderFacts()],
  ["a refund of nothing", { ...REFUND, amount: "0.00" }],
  ["a refund of nothing, with a sign", { ...REFUND, amount: "-0.0" }],
  ["a dispute that the shop won", { ...DISPUTE, status: "won" }],
  ["an edit that only adds", { ...EDIT, removes: false }],
  ["news of an order's risk", { kind: "order_risk", orderId: "1" } as const],
])("%s takes nothing back", (_what, facts) => {
  expect(reversalOf(facts)).toBeNull();
});

const PENNY = { text: "0.01", currency: "GBP" };
const TEN = { text: "10.00", currency: "GBP" };
test.each([
  ["a cancelled order", buildOrderFacts({ cancelledAt: NOON }), "cancelled:5001", "order_cancelled", null],
  ["a refund of a penny", { ...REFUND, amount: "0.01" }, "refund:2", "order_refunded", PENNY],
  ["a dispute that is open", DISPUTE, "dispute:3", "order_disputed", TEN],
  ["a dispute that was lost", { ...DISPUTE, status: "lost" }, "dispute:3", "order_disputed", TEN],
  ["an edit that takes out", EDIT, "edit:4", "order_edited", null],
  ["a deletion", { kind: "order_deleted", orderId: "1" } as const, "deleted:1", "order_deleted", null],
] as const)("%s takes back, under a name that its second delivery has too", (_what, facts, key, reason, amount) => {
  expect(reversalOf(facts)).toEqual({ key, reason, amount });
});
