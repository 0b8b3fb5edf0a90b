import { z } from "zod";
import { defineOperation } from "../operation.ts";
import { transactionNode } from "./orders.graphql.ts";

/** The cards that a customer's latest orders were paid with: Shopify shows those of the last 60 days. */
export const cardsOperation = defineOperation({
  name: "CustomerCards",
  kind: "read",
  document: /* GraphQL */ `
    query CustomerCards($id: ID!) {
      customer(id: $id) {
        orders(first: 10, sortKey: CREATED_AT, reverse: true) {
          nodes {
            transactions(first: 5) {
              kind
              status
              processedAt
              paymentDetails {
                ... on CardPaymentDetails {
                  bin
                  number
                  company
                  expirationMonth
                  expirationYear
                }
              }
            }
          }
        }
      }
    }
  `,
  data: z.object({
    customer: z
      .object({ orders: z.object({ nodes: z.array(z.object({ transactions: z.array(transactionNode) })) }) })
      .nullable(),
  }),
  costMax: 200,
});
