import { z } from "zod";
import { defineOperation } from "../operation.ts";
import { addressNode, transactionNode } from "./orders.graphql.ts";

/** What a customer bought with, as the operations below answer it. */
export const boughtNode = z.object({
  defaultAddress: addressNode,
  bought: z.object({
    nodes: z.array(z.object({ shippingAddress: addressNode, transactions: z.array(transactionNode) })),
  }),
});

/**
 * What a customer's latest orders were paid with and where they went, and the address that stands on the account: Shopify shows
 * orders of the last 60 days, the account for as long as there is one.
 */
export const BOUGHT_FIELDS = /* GraphQL */ `
  fragment BoughtFields on Customer {
    defaultAddress {
      firstName
      lastName
      address1
      address2
      city
      zip
      countryCodeV2
    }
    bought: orders(first: 10, sortKey: CREATED_AT, reverse: true) {
      nodes {
        shippingAddress {
          firstName
          lastName
          address1
          address2
          city
          zip
          countryCodeV2
        }
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
`;

/** What one customer bought with. */
export const boughtWithOperation = defineOperation({
  name: "CustomerBoughtWith",
  kind: "read",
  document: /* GraphQL */ `
    query CustomerBoughtWith($id: ID!) {
      customer(id: $id) {
        ...BoughtFields
      }
    }
    ${BOUGHT_FIELDS}
  `,
  data: z.object({ customer: boughtNode.nullable() }),
  costMax: 200,
});
