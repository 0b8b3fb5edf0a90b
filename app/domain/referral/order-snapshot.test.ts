import fc from "fast-check";
import { expect, test } from "vitest";
import { buildLine, buildOrderFacts, buildPayableOrder, NOON } from "#test/builders/domain.ts";
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

test("convertingOrderOf reads the total in the shop's smallest unit", () => {
  expect(convertingOrderOf(buildOrderFacts(), 2)).toEqual({
    orderId: "5001",
    createdAt: NOON,
    processedAt: NOON,
    paidAt: NOON,
    cancelledAt: null,
    test: false,
    renewal: false,
    totalMinor: 4_200n,
  });
  expect(convertingOrderOf(buildOrderFacts({ currency: "JPY", totalPrice: "3300" }), 0)?.totalMinor).toBe(3_300n);
  expect(convertingOrderOf(buildOrderFacts({ totalPrice: "-1.00" }), 2)?.totalMinor).toBe(0n);
});

test("convertingOrderOf does not guess at a total that it cannot read", () => {
  expect(convertingOrderOf(buildOrderFacts({ totalPrice: "1.5" }), 0)).toBeNull();
  expect(convertingOrderOf(buildOrderFacts({ totalPrice: "much" }), 2)).toBeNull();
  expect(convertingOrderOf(buildOrderFacts({ currency: "pounds" }), 2)).toBeNull();
});
