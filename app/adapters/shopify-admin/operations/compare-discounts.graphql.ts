import { z } from "zod";
import { defineOperation } from "../operation.ts";

const codeDiscount = z.object({
  __typename: z.string(),
  endsAt: z.coerce.date().nullable().optional(),
  usageLimit: z.number().int().nullable().optional(),
  appliesOncePerCustomer: z.boolean().optional(),
  customerGets: z
    .object({
      value: z.object({
        percentage: z.number().optional(),
        amount: z.object({ amount: z.string() }).optional(),
        appliesOnEachItem: z.boolean().optional(),
      }),
    })
    .optional(),
});

export type CodeDiscountNode = z.infer<typeof codeDiscount>;

/** What discounts are set to, by their ids. */
export const discountsByIdOperation = defineOperation({
  name: "DiscountsById",
  kind: "read",
  document: /* GraphQL */ `
    query DiscountsById($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on DiscountCodeNode {
          id
          codeDiscount {
            __typename
            ... on DiscountCodeBasic {
              endsAt
              usageLimit
              appliesOncePerCustomer
              customerGets {
                value {
                  ... on DiscountPercentage {
                    percentage
                  }
                  ... on DiscountAmount {
                    amount {
                      amount
                    }
                    appliesOnEachItem
                  }
                }
              }
            }
            ... on DiscountCodeFreeShipping {
              endsAt
              usageLimit
              appliesOncePerCustomer
            }
          }
        }
      }
    }
  `,
  data: z.object({ nodes: z.array(z.object({ id: z.string(), codeDiscount }).nullable()) }),
  costMax: 250,
});

const codes = z
  .object({
    nodes: z.array(z.object({ code: z.string(), asyncUsageCount: z.number().int() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  })
  .optional();

/** A page of a discount's codes with their uses. */
export const codesOfDiscountOperation = defineOperation({
  name: "CodesOfDiscount",
  kind: "read",
  document: /* GraphQL */ `
    query CodesOfDiscount($id: ID!, $after: String) {
      node(id: $id) {
        ... on DiscountCodeNode {
          codeDiscount {
            ... on DiscountCodeBasic {
              codes(first: 100, after: $after) {
                ...CodesPage
              }
            }
            ... on DiscountCodeFreeShipping {
              codes(first: 100, after: $after) {
                ...CodesPage
              }
            }
          }
        }
      }
    }
    fragment CodesPage on DiscountRedeemCodeConnection {
      nodes {
        code
        asyncUsageCount
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  `,
  data: z.object({ node: z.object({ codeDiscount: z.object({ codes }).optional() }).nullable() }),
  costMax: 230,
});
