import { z } from "zod";
import { defineOperation } from "../operation.ts";

/** Customers of a page; chosen so that a page stays far under the 1,000 points of one query. */

export const customerNode = z.object({
  id: z.string(),
  createdAt: z.coerce.date(),
  numberOfOrders: z.coerce.bigint(),
  defaultEmailAddress: z.object({ emailAddress: z.string().nullable() }).nullable(),
  defaultPhoneNumber: z.object({ phoneNumber: z.string().nullable() }).nullable(),
  lastOrder: z.object({ processedAt: z.coerce.date() }).nullable(),
});

/** A page of the shop's customers, oldest id first: a customer who comes later never moves a page. */
export const knownCustomersOperation = defineOperation({
  name: "KnownCustomers",
  kind: "read",
  document: /* GraphQL */ `
    query KnownCustomers($after: String) {
      customers(first: 50, after: $after, sortKey: ID) {
        nodes {
          id
          createdAt
          numberOfOrders
          defaultEmailAddress {
            emailAddress
          }
          defaultPhoneNumber {
            phoneNumber
          }
          lastOrder {
            processedAt
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  data: z.object({
    customers: z.object({
      nodes: z.array(customerNode),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
  costMax: 220,
});

/** A customer as the operations below answer it. */
export const readCustomerNode = customerNode.extend({
  defaultPhoneNumber: z
    .object({ phoneNumber: z.string().nullable(), smsMarketingConsent: z.object({ state: z.string() }) })
    .nullable(),
  firstName: z.string().nullable(),
  locale: z.string(),
  tags: z.array(z.string()),
  orders: z.object({ nodes: z.array(z.object({ processedAt: z.coerce.date() })) }),
});

/** What is read of a customer when something about them is decided. */
export const CUSTOMER_FIELDS = /* GraphQL */ `
  fragment CustomerFields on Customer {
    id
    createdAt
    numberOfOrders
    firstName
    locale
    tags
    defaultEmailAddress {
      emailAddress
    }
    defaultPhoneNumber {
      phoneNumber
      smsMarketingConsent {
        state
      }
    }
    lastOrder {
      processedAt
    }
    orders(first: 1, sortKey: CREATED_AT) {
      nodes {
        processedAt
      }
    }
  }
`;

/** One customer. */
export const customerOperation = defineOperation({
  name: "Customer",
  kind: "read",
  document: /* GraphQL */ `
    query Customer($id: ID!) {
      customer(id: $id) {
        ...CustomerFields
      }
    }
    ${CUSTOMER_FIELDS}
  `,
  data: z.object({ customer: readCustomerNode.nullable() }),
  costMax: 10,
});

const nullableText = z.string().nullable();

/** A customer as a reviewer sees them beside another. */
export const personOperation = defineOperation({
  name: "Person",
  kind: "read",
  document: /* GraphQL */ `
    query Person($id: ID!) {
      customer(id: $id) {
        firstName
        lastName
        defaultEmailAddress {
          emailAddress
        }
        defaultPhoneNumber {
          phoneNumber
        }
        defaultAddress {
          firstName
          lastName
          address1
          address2
          city
          zip
          countryCodeV2
        }
      }
    }
  `,
  data: z.object({
    customer: z
      .object({
        firstName: nullableText,
        lastName: nullableText,
        defaultEmailAddress: z.object({ emailAddress: nullableText }).nullable(),
        defaultPhoneNumber: z.object({ phoneNumber: nullableText }).nullable(),
        defaultAddress: z
          .object({
            firstName: nullableText,
            lastName: nullableText,
            address1: nullableText,
            address2: nullableText,
            city: nullableText,
            zip: nullableText,
            countryCodeV2: nullableText,
          })
          .nullable(),
      })
      .nullable(),
  }),
  costMax: 10,
});
