import { z } from "zod";
import { defineOperation } from "../operation.ts";

const money = z.object({ amount: z.string(), currencyCode: z.string() });

/** Gift cards by their ids. */
export const giftCardsByIdOperation = defineOperation({
  name: "GiftCardsById",
  kind: "read",
  document: /* GraphQL */ `
    query GiftCardsById($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on GiftCard {
          id
          enabled
          expiresOn
          initialValue {
            amount
            currencyCode
          }
        }
      }
    }
  `,
  data: z.object({
    nodes: z.array(
      z
        .object({ id: z.string(), enabled: z.boolean(), expiresOn: z.string().nullable(), initialValue: money })
        .nullable(),
    ),
  }),
  costMax: 150,
  isAllOrNothing: true,
});

/** Single credits of store-credit accounts by their ids. */
export const storeCreditsByIdOperation = defineOperation({
  name: "StoreCreditsById",
  kind: "read",
  document: /* GraphQL */ `
    query StoreCreditsById($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on StoreCreditAccountCreditTransaction {
          id
          expiresAt
          amount {
            amount
            currencyCode
          }
        }
      }
    }
  `,
  data: z.object({
    nodes: z.array(z.object({ id: z.string(), expiresAt: z.string().nullable(), amount: money }).nullable()),
  }),
  costMax: 150,
  isAllOrNothing: true,
});

/** Whether orders are there, and what banks ask of them. */
export const orderStandingsOperation = defineOperation({
  name: "OrderStandings",
  kind: "read",
  document: /* GraphQL */ `
    query OrderStandings($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on Order {
          id
          disputes {
            id
            status
          }
        }
      }
    }
  `,
  data: z.object({
    nodes: z.array(
      z.object({ id: z.string(), disputes: z.array(z.object({ id: z.string(), status: z.string() })) }).nullable(),
    ),
  }),
  costMax: 250,
});

/** Disputes of Shopify Payments by their ids: what banks ask for, which orders do not show. It takes a scope of its own. */
export const disputesByIdOperation = defineOperation({
  name: "DisputesById",
  kind: "read",
  document: /* GraphQL */ `
    query DisputesById($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on ShopifyPaymentsDispute {
          id
          amount {
            amount
            currencyCode
          }
          order {
            id
          }
        }
      }
    }
  `,
  data: z.object({
    nodes: z.array(
      z.object({ id: z.string(), amount: money, order: z.object({ id: z.string() }).nullable() }).nullable(),
    ),
  }),
  costMax: 200,
  isAllOrNothing: true,
});
