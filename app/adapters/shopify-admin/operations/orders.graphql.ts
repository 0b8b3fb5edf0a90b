import { z } from "zod";
import { defineOperation } from "../operation.ts";

const money = z.object({ shopMoney: z.object({ amount: z.string() }) });
const nullableText = z.string().nullable();

/** A delivery or billing address; null where there is none, or the access level hides it. */
export const addressNode = z
  .object({
    firstName: nullableText,
    lastName: nullableText,
    address1: nullableText,
    address2: nullableText,
    city: nullableText,
    zip: nullableText,
    countryCodeV2: nullableText,
  })
  .nullable();

/** A line as `LineFields` reads it. */
export const lineNode = z.object({
  id: z.string(),
  quantity: z.number().int(),
  currentQuantity: z.number().int(),
  isGiftCard: z.boolean(),
  sellingPlan: z.object({ name: z.string() }).nullable(),
  originalTotalSet: money,
  discountAllocations: z.array(z.object({ allocatedAmountSet: money })),
  taxLines: z.array(z.object({ priceSet: money })),
});

/** Where the next lines of an order begin. */
export const linesPageInfo = z.object({ hasNextPage: z.boolean(), endCursor: nullableText });

/** A transaction with its card, where the gateway gives one. */
export const transactionNode = z.object({
  kind: z.string(),
  status: z.string(),
  processedAt: z.coerce.date().nullable(),
  paymentDetails: z
    .object({
      bin: nullableText.optional(),
      number: nullableText.optional(),
      company: nullableText.optional(),
      expirationMonth: z.number().int().nullable().optional(),
      expirationYear: z.number().int().nullable().optional(),
    })
    .nullable(),
});

/** An order as the operations below answer it. */
export const orderNode = z.object({
  id: z.string(),
  createdAt: z.coerce.date(),
  processedAt: z.coerce.date(),
  updatedAt: z.coerce.date(),
  cancelledAt: z.coerce.date().nullable(),
  test: z.boolean(),
  fullyPaid: z.boolean(),
  displayFinancialStatus: nullableText,
  sourceName: nullableText,
  currencyCode: z.string(),
  taxesIncluded: z.boolean(),
  email: nullableText,
  phone: nullableText,
  clientIp: nullableText,
  discountCodes: z.array(z.string()),
  customAttributes: z.array(z.object({ key: z.string(), value: nullableText })),
  customer: z.object({ id: z.string(), numberOfOrders: z.coerce.bigint() }).nullable(),
  totalPriceSet: money,
  currentTotalPriceSet: money,
  totalRefundedSet: money,
  totalTipReceivedSet: money,
  lineItems: z.object({ nodes: z.array(lineNode), pageInfo: linesPageInfo }),
  shippingAddress: addressNode,
  billingAddress: addressNode,
  risk: z.object({
    recommendation: z.enum(["ACCEPT", "INVESTIGATE", "CANCEL", "NONE"]),
    assessments: z.array(z.object({ riskLevel: nullableText })),
  }),
  transactions: z.array(transactionNode),
});

export type OrderNode = z.infer<typeof orderNode>;

/** What is read of a line, and of money anywhere. */
export const LINE_FIELDS = /* GraphQL */ `
  fragment LineFields on LineItem {
    id
    quantity
    currentQuantity
    isGiftCard
    sellingPlan {
      name
    }
    originalTotalSet {
      ...ShopAmount
    }
    discountAllocations {
      allocatedAmountSet {
        ...ShopAmount
      }
    }
    taxLines(first: 5) {
      priceSet {
        ...ShopAmount
      }
    }
  }
  fragment ShopAmount on MoneyBag {
    shopMoney {
      amount
    }
  }
`;

/** What is read of an order; an operation that uses it says how many `$lines`. */
export const ORDER_FIELDS = /* GraphQL */ `
  fragment OrderFields on Order {
    id
    createdAt
    processedAt
    updatedAt
    cancelledAt
    test
    fullyPaid
    displayFinancialStatus
    sourceName
    currencyCode
    taxesIncluded
    email
    phone
    clientIp
    discountCodes
    customAttributes {
      key
      value
    }
    customer {
      id
      numberOfOrders
    }
    totalPriceSet {
      ...ShopAmount
    }
    currentTotalPriceSet {
      ...ShopAmount
    }
    totalRefundedSet {
      ...ShopAmount
    }
    totalTipReceivedSet {
      ...ShopAmount
    }
    lineItems(first: $lines) {
      nodes {
        ...LineFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    shippingAddress {
      ...AddressFields
    }
    billingAddress {
      ...AddressFields
    }
    risk {
      recommendation
      assessments {
        riskLevel
      }
    }
    transactions(first: 10) {
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
  ${LINE_FIELDS}
  fragment AddressFields on MailingAddress {
    firstName
    lastName
    address1
    address2
    city
    zip
    countryCodeV2
  }
`;

/** Lines of one order that are read with it; of those that have more, the rest is read page by page. */
export const LINES_READ_MAX = 40;

/** One order with all that a decision reads. */
export const orderOperation = defineOperation({
  name: "Order",
  kind: "read",
  document: /* GraphQL */ `
    query Order($id: ID!, $lines: Int!) {
      order(id: $id) {
        ...OrderFields
      }
    }
    ${ORDER_FIELDS}
  `,
  data: z.object({ order: orderNode.nullable() }),
  costMax: 600,
});
