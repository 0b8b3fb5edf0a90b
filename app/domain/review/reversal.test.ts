import { expect, test } from "vitest";
import type { Reversal, ReversalEvent } from "./reversal.ts";
import { addReversal, disputedMinor, parseReversal, refundedMinor, UNNAMED_EDIT } from "./reversal.ts";

const ORDER = { currency: "GBP", total: "80.00" };

function event(key: string, changes: Partial<ReversalEvent> = {}): ReversalEvent {
  return { key, reason: "order_refunded", amount: { text: "10.00", currency: "GBP" }, ...changes };
}

function all(...events: readonly ReversalEvent[]): Reversal | null {
  return events.reduce<Reversal | null>((known, each) => addReversal(known, ORDER, each), null);
}

test("refunds of one order add up, and one that is heard of twice is one", () => {
  const known = all(event("refund:1"), event("refund:2", { amount: { text: "5.50", currency: "GBP" } }));
  expect(known).toMatchObject({ currency: "GBP", total: "8000", reasons: ["order_refunded"], incomplete: false });
  expect(known && refundedMinor(known)).toBe(1_550n);
  expect(addReversal(known, ORDER, event("refund:2"))).toBeNull();
});

test("what a bank asks back is no refund", () => {
  const known = all(event("refund:1"), event("dispute:2", { reason: "order_disputed" }));
  expect(known && [refundedMinor(known), disputedMinor(known)]).toEqual([1_000n, 1_000n]);
  expect(known?.reasons).toEqual(["order_refunded", "order_disputed"]);
});

test("an amount in another currency, or that is none, is in no sum, and the sum says that it is not complete", () => {
  for (const amount of [
    { text: "10.00", currency: "EUR" },
    { text: "ten", currency: "GBP" },
  ]) {
    const known = all(event("refund:1", { amount }), event("refund:2"));
    expect(known?.incomplete).toBe(true);
    expect(known && refundedMinor(known)).toBe(1_000n);
  }
});

test("an event that names no amount leaves the sum complete", () => {
  const known = all(event("cancel:1", { reason: "order_cancelled", amount: null }));
  expect(known).toMatchObject({ refunds: {}, reasons: ["order_cancelled"], incomplete: false });
});

test("an edit that cannot be named is none beside one that can, and one by itself", () => {
  const edit = (key: string): ReversalEvent => event(key, { reason: "order_edited", amount: null });
  const unnamed = edit(`edit:${UNNAMED_EDIT}`);
  const known = all(event("refund:1"), unnamed);
  expect(known?.keys).toEqual(["refund:1", "edit:0"]);
  expect(addReversal(all(edit("edit:7")), ORDER, unnamed)).toBeNull();
});

test("250 events of an order are kept, and no more", () => {
  const known = all(...Array.from({ length: 249 }, (_, n) => event(`refund:${n}`)));
  const full = addReversal(known, ORDER, event("refund:249"));
  expect(full?.keys).toHaveLength(250);
  expect(addReversal(full, ORDER, event("refund:250"))).toBeNull();
});

test("an order whose total was never told, or whose currency is none, has no total", () => {
  expect(addReversal(null, { ...ORDER, total: null }, event("refund:1"))?.total).toBeNull();
  const odd = addReversal(null, { currency: "pounds", total: "80.00" }, event("refund:1"));
  expect(odd).toMatchObject({ total: null, incomplete: true });
});

test("what is kept is read back, and anything else reads as nothing", () => {
  const known = all(event("refund:1"));
  expect(parseReversal({ reversal: known })).toEqual(known);
  expect(parseReversal({ reversal: { ...known, total: 8_000 } })).toBeNull();
  expect(parseReversal({})).toBeNull();
  expect(parseReversal(null)).toBeNull();
});
