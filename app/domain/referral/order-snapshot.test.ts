import fc from "fast-check";
import { expect, test } from "vitest";
import { buildLine, buildOrderFacts, buildPayableOrder, currency, NOON } from "#test/builders/domain.ts";
import { convertingOrderOf } from "./converting-order.ts";
import { orderFromSnapshot, snapshotOfOrder } from "./order-snapshot.ts";

test("an order comes back the same from its snapshot, through JSON", () => {
  const orders = [
    buildPayableOrder(),
    buildPayableOrder({ cancelledAt: NOON, personId: null, totalMinor: 2n ** 80n, lines: [buildLine(), buildLine()] }),
  ];
  for (const order of orders)
    expect(orderFromSnapshot(JSON.parse(JSON.stringify(snapshotOfOrder(order))))).toEqual(order);
});

test("orderFromSnapshot refuses what is no snapshot, and never throws", () => {
  expect(orderFromSnapshot({ ...snapshotOfOrder(buildPayableOrder()), totalMinor: "42.00" })).toBeNull();
  fc.assert(fc.property(fc.anything(), (json) => orderFromSnapshot(json) === null));
});

const POUNDS = { currency: currency("GBP"), exponent: 2 };
const YEN = { currency: currency("JPY"), exponent: 0 };

test("convertingOrderOf reads the total in the shop's smallest unit", () => {
  expect(convertingOrderOf(buildOrderFacts(), POUNDS)).toEqual({
    orderId: "5001",
    createdAt: NOON,
    processedAt: NOON,
    paidAt: NOON,
    cancelledAt: null,
    test: false,
    renewal: false,
    totalMinor: 4_200n,
  });
  expect(convertingOrderOf(buildOrderFacts({ currency: "JPY", totalPrice: "3300" }), YEN)?.totalMinor).toBe(3_300n);
  expect(convertingOrderOf(buildOrderFacts({ totalPrice: "-1.00" }), POUNDS)?.totalMinor).toBe(0n);
});

test("convertingOrderOf reads an order of a shop that changed its currency by the order's own decimals", () => {
  expect(convertingOrderOf(buildOrderFacts({ currency: "KWD", totalPrice: "3.305" }), POUNDS)?.totalMinor).toBe(3_305n);
  expect(convertingOrderOf(buildOrderFacts({ totalPrice: "12.50" }), YEN)?.totalMinor).toBe(1_250n);
});

test("convertingOrderOf does not guess at a total that it cannot read", () => {
  expect(convertingOrderOf(buildOrderFacts({ currency: "JPY", totalPrice: "1.5" }), YEN)).toBeNull();
  expect(convertingOrderOf(buildOrderFacts({ totalPrice: "much" }), POUNDS)).toBeNull();
  expect(convertingOrderOf(buildOrderFacts({ currency: "pounds" }), POUNDS)).toBeNull();
});
