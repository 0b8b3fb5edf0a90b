import type { z } from "zod";
import type { BoughtWith, CustomerAnswer, KnownCustomer } from "#app/usecases/ports.ts";
import { idOfGid } from "./ids.ts";
import type { boughtNode } from "./operations/bought-with.graphql.ts";
import type { customerNode, readCustomerNode } from "./operations/customers.graphql.ts";
import { addressOfNode, cardOf } from "./read-order.ts";

/** Makes the port's customer of Shopify's. */
export function knownCustomerOfNode(
  node: z.infer<typeof customerNode>,
  firstOrderAt: Date | null = null,
): KnownCustomer {
  const lastOrderAt = node.lastOrder?.processedAt ?? null;
  return {
    customerId: idOfGid("Customer", node.id),
    email: node.defaultEmailAddress?.emailAddress ?? null,
    phone: node.defaultPhoneNumber?.phoneNumber ?? null,
    numberOfOrders: node.numberOfOrders,
    createdAt: node.createdAt,
    firstOrderAt: firstOrderAt ?? (node.numberOfOrders === 1n ? lastOrderAt : null),
    lastOrderAt,
  };
}

/** As `knownCustomerOfNode`, of a customer about whom something is decided. */
export function customerOfNode(node: z.infer<typeof readCustomerNode>): CustomerAnswer {
  const { firstName, locale, tags } = node;
  const smsConsent = node.defaultPhoneNumber?.smsMarketingConsent.state === "SUBSCRIBED";
  const known = knownCustomerOfNode(node, node.orders.nodes[0]?.processedAt ?? null);
  return { ...known, firstName, locale, tags, smsConsent };
}

/** Makes the port's traces of a customer's account and orders. */
export function boughtWithOfNode({ defaultAddress, bought }: z.infer<typeof boughtNode>): BoughtWith {
  const addresses = [defaultAddress, ...bought.nodes.map((order) => order.shippingAddress)];
  return {
    cards: bought.nodes.map((order) => cardOf(order.transactions)).filter((card) => card !== null),
    addresses: addresses.map(addressOfNode).filter((address) => address !== null),
  };
}
