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
