import { z } from "zod";
import { defineOperation } from "../operation.ts";

const nullableText = z.string().nullable();
const money = z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) });

const refund = z.object({ id: z.string(), createdAt: nullableText, totalRefundedSet: money });

/** An order as the page below tells it. Times stay text: they go into a payload again. */
export const changedOrderNode = z.object({
  id: z.string(),
  createdAt: z.string(),
  processedAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: nullableText,
  test: z.boolean(),
  displayFinancialStatus: nullableText,
  sourceName: nullableText,
  email: nullableText,
  phone: nullableText,
  clientIp: nullableText,
  customerLocale: nullableText,
  cartToken: nullableText,
  checkoutToken: nullableText,
  discountCodes: z.array(z.string()),
  edited: z.boolean(),
  currentSubtotalLineItemsQuantity: z.number().int(),
  subtotalLineItemsQuantity: z.number().int(),
  customAttributes: z.array(z.object({ key: z.string(), value: nullableText })),
  customer: z
    .object({
      id: z.string(),
      firstName: nullableText,
      locale: nullableText,
      defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable(),
      defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullable(),
    })
    .nullable(),
  totalPriceSet: money,
  customerJourneySummary: z.object({ lastVisit: z.object({ landingPage: nullableText }).nullable() }).nullable(),
  shippingAddress: z
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
  transactions: z.array(z.object({ kind: z.string(), status: z.string(), processedAt: z.coerce.date().nullable() })),
  refunds: z.array(refund),
});

export type ChangedOrderNode = z.infer<typeof changedOrderNode>;

/** Orders that a search finds, by the time of their last change; amounts of codes are asked for where they matter. */
export const changedOrdersOperation = defineOperation({
  name: "ChangedOrders",
  kind: "read",
  document: /* GraphQL */ `
    query ChangedOrders($search: String!, $after: String) {
      orders(first: 25, after: $after, sortKey: UPDATED_AT, query: $search) {
        nodes {
          id
          createdAt
          processedAt
          updatedAt
          cancelledAt
          test
          displayFinancialStatus
          sourceName
          email
          phone
          clientIp
          customerLocale
          cartToken
          checkoutToken
          discountCodes
          edited
          currentSubtotalLineItemsQuantity
          subtotalLineItemsQuantity
          customAttributes {
            key
            value
          }
          customer {
            id
            firstName
            locale
            defaultEmailAddress {
              emailAddress
            }
            defaultPhoneNumber {
              phoneNumber
            }
          }
          totalPriceSet {
            shopMoney {
              amount
              currencyCode
            }
          }
          customerJourneySummary {
            lastVisit {
              landingPage
            }
          }
          shippingAddress {
            firstName
            lastName
            address1
            address2
            city
            zip
            countryCodeV2
          }
          transactions(first: 10) {
            kind
            status
            processedAt
          }
          refunds(first: 10) {
            id
            createdAt
            totalRefundedSet {
              shopMoney {
                amount
                currencyCode
              }
            }
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
    orders: z.object({
      nodes: z.array(changedOrderNode),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: nullableText }),
    }),
  }),
  costMax: 450,
});

const allocations = z.array(
  z.object({
    allocatedAmountSet: z.object({ shopMoney: z.object({ amount: z.string() }) }),
    discountApplication: z.object({ code: z.string().optional() }),
  }),
);

/** What the codes of one order took off, line by line and off its delivery. */
export const codeAmountsOperation = defineOperation({
  name: "CodeAmounts",
  kind: "read",
  document: /* GraphQL */ `
    query CodeAmounts($id: ID!, $after: String) {
      order(id: $id) {
        lineItems(first: 50, after: $after) {
          nodes {
            discountAllocations {
              ...Allocated
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
        shippingLines(first: 5) {
          nodes {
            discountAllocations {
              ...Allocated
            }
          }
        }
      }
    }
    fragment Allocated on DiscountAllocation {
      allocatedAmountSet {
        shopMoney {
          amount
        }
      }
      discountApplication {
        ... on DiscountCodeApplication {
          code
        }
      }
    }
  `,
  data: z.object({
    order: z
      .object({
        lineItems: z.object({
          nodes: z.array(z.object({ discountAllocations: allocations })),
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: nullableText }),
        }),
        shippingLines: z.object({ nodes: z.array(z.object({ discountAllocations: allocations })) }),
      })
      .nullable(),
  }),
  costMax: 300,
});
