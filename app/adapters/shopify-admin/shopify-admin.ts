import type { z } from "zod";
import type { ShopAdmin, ShopFactsAnswer, ShopifyAdmin, ShopPerson } from "#app/usecases/ports.ts";
import { changedOrderCalls } from "./changed-orders.ts";
import { compareCalls } from "./compare-discounts.ts";
import { compareGivenCalls } from "./compare-given.ts";
import { creditCalls } from "./credits.ts";
import { discountCalls } from "./discounts.ts";
import { evidenceCalls } from "./evidence.ts";
import { extensionCalls } from "./extensions.ts";
import { gidOf } from "./ids.ts";
import { boughtWithOperation } from "./operations/bought-with.graphql.ts";
import { customerOperation, knownCustomersOperation, personOperation } from "./operations/customers.graphql.ts";
import { LINES_READ_MAX, orderOperation } from "./operations/orders.graphql.ts";
import { shopFactsOperation } from "./operations/shop-facts.graphql.ts";
import { boughtWithOfNode, customerOfNode, knownCustomerOfNode } from "./read-customer.ts";
import { addressOfNode } from "./read-order.ts";
import { createAdminTransport } from "./transport.ts";
import type { AdminTransport, TransportDeps } from "./transport.ts";
import { wholeOrder } from "./whole-order.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };

/** The Admin API of Shopify, version 2026-10, for every shop whose token `deps.accessTokenFor` can give. */
export function createShopifyAdmin(deps: TransportDeps): ShopifyAdmin {
  const transport = createAdminTransport(deps);
  return {
    forShop(shopId, domain) {
      const shop = { shopId, domain };
      return {
        ...readCalls(transport, shop),
        ...evidenceCalls(transport, shop),
        ...changedOrderCalls(transport, shop),
        ...compareCalls(transport, shop),
        ...compareGivenCalls(transport, shop),
        ...discountCalls(transport, shop),
        ...creditCalls(transport, shop),
        ...extensionCalls(transport, shop),
      };
    },
  };
}

type ReadCalls = Pick<
  ShopAdmin,
  "shopFacts" | "knownCustomers" | "readOrder" | "readPerson" | "readCustomer" | "boughtWith"
>;

function readCalls(transport: AdminTransport, shop: ShopRef): ReadCalls {
  return {
    async shopFacts() {
      const answer = await transport.read(shop, shopFactsOperation, {});
      if (answer.outcome !== "ok") return answer;
      return { outcome: "ok", facts: factsOf(answer.data.shop) };
    },
    async knownCustomers(cursor) {
      const answer = await transport.read(shop, knownCustomersOperation, { after: cursor });
      if (answer.outcome !== "ok") return answer;
      const { nodes, pageInfo } = answer.data.customers;
      return {
        outcome: "ok",
        customers: nodes.map((node) => knownCustomerOfNode(node)),
        next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
      };
    },
    async readOrder(orderId) {
      const answer = await transport.read(shop, orderOperation, {
        id: gidOf("Order", orderId),
        lines: LINES_READ_MAX,
      });
      if (answer.outcome !== "ok") return answer;
      const { order } = answer.data;
      return order === null ? { outcome: "not_found" } : wholeOrder(transport, shop, order);
    },
    async boughtWith(customerId) {
      const answer = await transport.read(shop, boughtWithOperation, { id: gidOf("Customer", customerId) });
      if (answer.outcome !== "ok") return answer;
      const { customer } = answer.data;
      return { outcome: "ok", ...(customer === null ? { cards: [], addresses: [] } : boughtWithOfNode(customer)) };
    },
    async readPerson(customerId) {
      const answer = await transport.read(shop, personOperation, { id: gidOf("Customer", customerId) });
      if (answer.outcome !== "ok") return answer;
      const { customer } = answer.data;
      return customer === null ? { outcome: "not_found" } : { outcome: "ok", person: personOf(customer) };
    },
    async readCustomer(customerId) {
      const answer = await transport.read(shop, customerOperation, { id: gidOf("Customer", customerId) });
      if (answer.outcome !== "ok") return answer;
      const { customer } = answer.data;
      return customer === null ? { outcome: "not_found" } : { outcome: "ok", customer: customerOfNode(customer) };
    },
  };
}

function factsOf(shop: z.infer<typeof shopFactsOperation.data>["shop"]): ShopFactsAnswer {
  const primary = new URL(shop.primaryDomain.url);
  // A URL's host carries the port where there is one; Domain.host does not.
  const hosts = [primary.host, ...shop.domains.map((domain) => new URL(domain.url).host)];
  return {
    name: shop.name,
    currency: shop.currencyCode,
    timezone: shop.ianaTimezone,
    primaryDomain: primary.host,
    primaryOrigin: primary.origin,
    domains: [...new Set([...hosts, shop.myshopifyDomain.toLowerCase()])],
  };
}

function personOf(node: NonNullable<z.infer<typeof personOperation.data>["customer"]>): ShopPerson {
  const { firstName, lastName, defaultEmailAddress, defaultPhoneNumber, defaultAddress } = node;
  return {
    firstName,
    lastName,
    email: defaultEmailAddress?.emailAddress ?? null,
    phone: defaultPhoneNumber?.phoneNumber ?? null,
    address: addressOfNode(defaultAddress),
  };
}
