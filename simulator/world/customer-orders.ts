import type { Order, Shop } from "./types.ts";

/** The orders of a customer in the order in which they were placed. Every screen asks; a shop may have thousands. */
export function ordersOf(shop: Shop, customerId: string): readonly Order[] {
  return shop.ordersByCustomer.get(customerId) ?? [];
}

/** Adds an order to its shop and to its customer. */
export function addOrder(shop: Shop, order: Order): void {
  shop.orders.set(order.id, order);
  if (order.customerId === null) return;
  const own = shop.ordersByCustomer.get(order.customerId);
  if (own === undefined) shop.ordersByCustomer.set(order.customerId, [order]);
  else own.push(order);
}

/** Takes an order away from its shop and from its customer. */
export function dropOrder(shop: Shop, order: Order): void {
  shop.orders.delete(order.id);
  if (order.customerId === null) return;
  const left = ordersOf(shop, order.customerId).filter((other) => other !== order);
  shop.ordersByCustomer.set(order.customerId, left);
}

/** Gives all orders of a customer to another. */
export function moveOrders(shop: Shop, from: string, to: string): void {
  const moved = ordersOf(shop, from);
  for (const order of moved) order.customerId = to;
  const all = [...ordersOf(shop, to), ...moved].toSorted((one, other) => one.number - other.number);
  shop.ordersByCustomer.delete(from);
  shop.ordersByCustomer.set(to, all);
}
