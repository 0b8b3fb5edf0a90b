import { expect, test } from "vitest";
import { buildBench } from "../fidelity/harness.ts";
import { createCustomer } from "./customers.ts";
import { createDiscount, findCode } from "./discounts.ts";
import type { Happening } from "./events.ts";
import { cancelOrder, editOrder, payOrder, refundOrder } from "./order-life.ts";
import { financialStatus, orderTotals } from "./order-totals.ts";
import { placeOrder } from "./orders.ts";
import { createCustomerWithPast } from "./past-orders.ts";

const LINE = { title: "Box", priceMinor: 5000n, quantity: 2 };

function buildShop(options: Parameters<typeof buildBench>[0] = {}) {
  const bench = buildBench(options);
  const heard: Happening[] = [];
  bench.world.listeners.push((_shop, happening) => heard.push(happening));
  return { ...bench, heard, topics: () => heard.map(({ topic }) => topic) };
}

test("placeOrder applies a code, counts it and refuses it the second time", () => {
  const { world, shop } = buildShop();
  createDiscount(world, shop, {
    title: "Ten",
    code: "TEN",
    value: { kind: "percentage", basisPoints: 1000 },
    usageLimit: 1,
  });
  const first = placeOrder(world, shop, { lines: [LINE], discountCodes: ["ten"], customerId: null, paid: true });
  const second = placeOrder(world, shop, { lines: [LINE], discountCodes: ["TEN"], customerId: null, paid: true });
  expect(orderTotals(first.order)).toMatchObject({ grossMinor: 10_000n, discountMinor: 1_000n, totalMinor: 9_000n });
  expect(first.order.discountApplications[0]?.code).toBe("ten");
  expect(second.refusedCodes).toEqual([{ code: "TEN", reason: "used_up" }]);
  expect(findCode(shop, "TEN")?.redeemCode.uses).toBe(1);
});

test.each([
  ["code", []],
  ["discount", [{ code: "B", reason: "used_up" }]],
] as const)("a usage limit counts per %s when the shop says so", (usageLimit, refused) => {
  const { world, shop } = buildShop({ shop: { usageLimit } });
  const discount = createDiscount(world, shop, {
    title: "Ten",
    code: "A",
    value: { kind: "percentage", basisPoints: 1000 },
    usageLimit: 1,
  });
  const id = world.nextId("DiscountRedeemCode");
  discount.codes.set(id, { id, code: "B", uses: 0, usedBy: [] });
  shop.codeIndex.set("B", { discountId: discount.id, redeemCodeId: id });
  placeOrder(world, shop, { lines: [LINE], discountCodes: ["A"], customerId: null, paid: true });
  const second = placeOrder(world, shop, { lines: [LINE], discountCodes: ["B"], customerId: null, paid: true });
  expect(second.refusedCodes).toEqual(refused);
});

test("two discounts stand on one order only when each allows the other", () => {
  const { world, shop } = buildShop();
  const value = { kind: "amount", amountMinor: 1000n, onEachItem: false } as const;
  createDiscount(world, shop, { title: "A", code: "A", value, combinesWith: { order: true } });
  createDiscount(world, shop, { title: "B", code: "B", value, combinesWith: { order: true } });
  createDiscount(world, shop, { title: "C", code: "C", value });
  const { order, refusedCodes } = placeOrder(world, shop, {
    lines: [LINE],
    discountCodes: ["A", "B", "C"],
    customerId: null,
    paid: true,
  });
  expect(orderTotals(order).discountMinor).toBe(2_000n);
  expect(refusedCodes).toEqual([{ code: "C", reason: "cannot_combine" }]);
});

test("a gift card is neither discounted nor taxed", () => {
  const { world, shop } = buildShop();
  createDiscount(world, shop, { title: "Half", code: "HALF", value: { kind: "percentage", basisPoints: 5000 } });
  const lines = [LINE, { title: "Gift card", priceMinor: 2500n, quantity: 1, giftCard: true }];
  const { order } = placeOrder(world, shop, { lines, discountCodes: ["HALF"], customerId: null, paid: true });
  expect(orderTotals(order)).toMatchObject({ discountMinor: 5_000n, totalMinor: 7_500n });
  expect(order.lines[1]).toMatchObject({ taxMinor: 0n, allocations: [] });
});

test("tax is inside the price in Britain and on top of it elsewhere", () => {
  const british = buildShop();
  const inside = placeOrder(british.world, british.shop, { lines: [LINE], customerId: null, paid: true }).order;
  expect(orderTotals(inside)).toMatchObject({ taxMinor: 1_667n, totalMinor: 10_000n });
  const american = buildShop({ shop: { currency: "USD" } });
  const none = placeOrder(american.world, american.shop, { lines: [LINE], customerId: null, paid: true }).order;
  expect(orderTotals(none)).toMatchObject({ taxMinor: 0n, totalMinor: 10_000n });
});

test("a paid order is told as created, then as paid", () => {
  const { world, shop, topics } = buildShop();
  const customer = createCustomer(world, shop, { email: "Mara@Example.com" });
  placeOrder(world, shop, { lines: [LINE], customerId: customer.id, paid: true });
  expect(customer.email).toBe("mara@example.com");
  expect(topics()).toEqual(["customers/create", "orders/create", "orders/paid"]);
});

test("a guest's order finds or makes the customer by e-mail, and a customerId of null makes none", () => {
  const { world, shop } = buildShop();
  const first = placeOrder(world, shop, { email: "a@b.example", lines: [LINE], paid: true }).order;
  const second = placeOrder(world, shop, { email: "A@B.example", lines: [LINE], paid: true }).order;
  const none = placeOrder(world, shop, { email: "a@b.example", customerId: null, lines: [LINE], paid: true }).order;
  expect(first.customerId).not.toBeNull();
  expect(second.customerId).toBe(first.customerId);
  expect(none.customerId).toBeNull();
});

test("an order that was not paid is pending until it is, once", () => {
  const { world, shop, topics } = buildShop();
  const { order } = placeOrder(world, shop, { lines: [LINE], customerId: null, paid: false });
  expect(financialStatus(order)).toBe("PENDING");
  payOrder(world, shop, order);
  expect(financialStatus(order)).toBe("PAID");
  expect(topics()).toEqual(["orders/create", "orders/paid"]);
  expect(() => payOrder(world, shop, order)).toThrow("nothing to pay");
});

test("refunds go by goods, by amount or in full, and never beyond what was paid", () => {
  const { world, shop, topics } = buildShop();
  const { order } = placeOrder(world, shop, { lines: [LINE], customerId: null, paid: true });
  refundOrder(world, shop, order, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
  expect(orderTotals(order)).toMatchObject({ refundedMinor: 5_000n, currentTotalMinor: 5_000n });
  refundOrder(world, shop, order, { amountMinor: 1_000n });
  expect(orderTotals(order)).toMatchObject({ currentTotalMinor: 4_000n });
  expect(financialStatus(order)).toBe("PARTIALLY_REFUNDED");
  expect(() => refundOrder(world, shop, order, { amountMinor: 4_001n })).toThrow("not that much");
  refundOrder(world, shop, order, { full: true });
  expect(financialStatus(order)).toBe("REFUNDED");
  expect(orderTotals(order).currentTotalMinor).toBe(0n);
  expect(topics().filter((topic) => topic === "refunds/create")).toHaveLength(3);
});

test("cancelling gives the money of a paid order back and voids an unpaid one", () => {
  const { world, shop } = buildShop();
  const paid = placeOrder(world, shop, { lines: [LINE], customerId: null, paid: true }).order;
  cancelOrder(world, shop, paid);
  expect(financialStatus(paid)).toBe("REFUNDED");
  const unpaid = placeOrder(world, shop, { lines: [LINE], customerId: null, paid: false }).order;
  cancelOrder(world, shop, unpaid, { reason: "FRAUD" });
  expect(financialStatus(unpaid)).toBe("VOIDED");
  expect(unpaid).toMatchObject({ cancelReason: "FRAUD" });
  expect(() => cancelOrder(world, shop, unpaid)).toThrow("cancelled already");
});

test("editing says what was added and what was taken", () => {
  const { world, shop, heard } = buildShop();
  const { order } = placeOrder(world, shop, { lines: [LINE], customerId: null, paid: true });
  editOrder(world, shop, order, [
    { ...LINE, quantity: 1 },
    { title: "Spice", priceMinor: 900n, quantity: 3 },
  ]);
  const edited = heard.find((happening) => happening.topic === "orders/edited");
  expect(edited).toMatchObject({ additions: [{ delta: 3 }], removals: [{ delta: 1 }] });
});

test("a customer with a past has bought before, and nobody is told of it", () => {
  const { world, shop, topics } = buildShop();
  const dan = createCustomerWithPast(world, shop, { email: "dan@example.com", pastOrders: 3 });
  const orders = [...shop.orders.values()];
  expect(orders).toHaveLength(3);
  expect(orders.every((order) => order.createdAt > dan.createdAt && order.createdAt < world.clock.now())).toBe(true);
  expect(topics()).toEqual(["customers/create"]);
});
