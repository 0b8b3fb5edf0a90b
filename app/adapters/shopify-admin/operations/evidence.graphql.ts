import { z } from "zod";
import { defineOperation } from "../operation.ts";
import { BOUGHT_FIELDS, boughtNode } from "./bought-with.graphql.ts";
import { CUSTOMER_FIELDS, readCustomerNode } from "./customers.graphql.ts";
import { ORDER_FIELDS, orderNode } from "./orders.graphql.ts";

const document = /* GraphQL */ `
  query Evidence($orders: [ID!]!, $friends: [ID!]!, $referrers: [ID!]!, $lines: Int!) {
    orders: nodes(ids: $orders) {
      ... on Order {
        ...OrderFields
      }
    }
    friends: nodes(ids: $friends) {
      ... on Customer {
        ...CustomerFields
      }
    }
    referrers: nodes(ids: $referrers) {
      ... on Customer {
        ...CustomerFields
        ...BoughtFields
      }
    }
  }
  ${ORDER_FIELDS}
  ${CUSTOMER_FIELDS}
  ${BOUGHT_FIELDS}
`;

const data = z.object({
  orders: z.array(orderNode.nullable()),
  friends: z.array(readCustomerNode.nullable()),
  referrers: z.array(readCustomerNode.extend(boughtNode.shape).nullable()),
});

/** All that decides about one referral: its order with many lines, both customers, what the referrer bought with. */
export const evidenceOperation = defineOperation({ name: "Evidence", kind: "read", document, data, costMax: 450 });

/** Referrals of one call, and lines of each of their orders: a call may cost 1,000 points. */
export const REFERRALS_AT_ONCE_MAX = 8;
export const LINES_OF_EACH_MAX = 6;

/** The same of several referrals, with as many lines as most orders have. */
export const evidenceOfManyOperation = defineOperation({ ...evidenceOperation, costMax: 1_000 });
