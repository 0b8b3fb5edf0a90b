import { createCustomer, type CreateCustomerInput } from "./customers.ts";
import { DEFAULT_CARD, placeOrder } from "./orders.ts";
import type { Card, Customer, Shop } from "./types.ts";
import type { World } from "./world.ts";

const DAY_MS = 86_400_000;
const LAST_ORDER_DAYS_AGO = 20;
const DAYS_BETWEEN_ORDERS = 45;

/**
 * Adds a customer who has bought `pastOrders` times before: paid orders, the last one 20 days ago, each earlier one
 * 45 days before that. The orders are history, so no webhook is sent for them.
 */
export function createCustomerWithPast(
  world: World,
  shop: Shop,
  input: CreateCustomerInput & { readonly pastOrders?: number | undefined; readonly card?: Card | undefined },
): Customer {
  const count = input.pastOrders ?? 0;
  const now = world.clock.now().getTime();
  const orderedAt = (age: number): Date => new Date(now - (LAST_ORDER_DAYS_AGO + DAYS_BETWEEN_ORDERS * age) * DAY_MS);
  const firstSeen = count === 0 ? undefined : new Date(orderedAt(count - 1).getTime() - DAY_MS);
  const customer = createCustomer(world, shop, { ...input, createdAt: input.createdAt ?? firstSeen });
  const [product] = shop.products.values();
  const line = { title: product?.title ?? "Box", priceMinor: product?.priceMinor ?? 1000n, quantity: 1 };
  for (let age = count - 1; age >= 0; age -= 1) {
    placeOrder(world, shop, {
      customerId: customer.id,
      lines: [line],
      createdAt: orderedAt(age),
      paid: true,
      silent: true,
      card: input.card ?? ownCardOf(customer),
    });
  }
  return customer;
}

/** Shoppers do not share a card, as everybody would who pays with the test card. */
function ownCardOf({ id }: Customer): Card {
  const digits = String(id).padStart(9, "0").slice(-9);
  return { ...DEFAULT_CARD, bin: `5${digits.slice(0, 5)}`, last4: digits.slice(5), brand: "Mastercard" };
}
