import { expect, test } from "vitest";
import { buildBench } from "../fidelity/harness.ts";
import { findCustomer } from "./contacts.ts";
import { ordersOf } from "./customer-orders.ts";
import { createCustomer, deleteCustomer, mergeCustomers, updateCustomer } from "./customers.ts";
import { deleteOrder } from "./order-life.ts";
import { placeOrder } from "./orders.ts";

test("a customer is found by e-mail, whatever its case, and by phone, as they are now", () => {
  const { world, shop } = buildBench();
  const mara = createCustomer(world, shop, { email: "Mara@Example.com", phone: "+441" });
  expect(findCustomer(shop, { email: " MARA@example.com" })).toBe(mara);
  expect(findCustomer(shop, { phone: "+441" })).toBe(mara);
  expect(findCustomer(shop, { email: null, phone: null })).toBeNull();
  updateCustomer(world, shop, mara, { email: "new@example.com" });
  expect(findCustomer(shop, { email: "mara@example.com" })).toBeNull();
  expect(findCustomer(shop, { email: "new@example.com" })).toBe(mara);
  expect(findCustomer(shop, { phone: "+441" })).toBe(mara);
  deleteCustomer(world, shop, mara);
  expect(findCustomer(shop, { email: "new@example.com", phone: "+441" })).toBeNull();
});

test("of two who have one e-mail the first is found, and the other when the first has another", () => {
  const { world, shop } = buildBench();
  const first = createCustomer(world, shop, { email: "one@example.com" });
  const second = createCustomer(world, shop, { email: "two@example.com" });
  updateCustomer(world, shop, second, { email: "one@example.com" });
  expect(findCustomer(shop, { email: "one@example.com" })).toBe(first);
  updateCustomer(world, shop, first, { email: "other@example.com" });
  expect(findCustomer(shop, { email: "one@example.com" })).toBe(second);
});

test("a merge moves orders, and the address of who is gone finds who was kept", () => {
  const { world, shop } = buildBench();
  const kept = createCustomer(world, shop, { phone: "+442" });
  const gone = createCustomer(world, shop, { email: "gone@example.com", phone: "+443" });
  const orders = [gone, kept, gone].map(({ id }) => {
    const lines = [{ title: "Box", priceMinor: 100n, quantity: 1 }];
    return placeOrder(world, shop, { customerId: id, lines, paid: true }).order;
  });
  mergeCustomers(world, shop, kept, gone);
  expect(findCustomer(shop, { email: "gone@example.com" })).toBe(kept);
  expect(findCustomer(shop, { phone: "+443" })).toBeNull();
  expect(ordersOf(shop, kept.id)).toEqual(orders);
  expect(ordersOf(shop, gone.id)).toEqual([]);
  expect(orders.every(({ customerId }) => customerId === kept.id)).toBe(true);
  const [first, ...rest] = orders;
  if (first !== undefined) deleteOrder(world, shop, first);
  expect(ordersOf(shop, kept.id)).toEqual(rest);
});
