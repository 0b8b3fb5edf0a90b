import { z } from "zod";
import { defineOperation } from "../operation.ts";

/** Shopify's limit for one call that adds codes. */
export const CODES_PER_CALL_MAX = 250;
/** Codes that are looked for under a discount by one search. */
export const CODES_PER_SEARCH_MAX = 50;

const userErrors = z.array(
  z.object({ field: z.array(z.string()).nullable(), code: z.string().nullable(), message: z.string() }),
);
const created = z.object({ codeDiscountNode: z.object({ id: z.string() }).nullable(), userErrors }).nullable();

export type UserErrors = z.infer<typeof userErrors>;

/** Makes an amount or percentage discount with its first code. */
export const discountBasicCreateOperation = defineOperation({
  name: "DiscountBasicCreate",
  kind: "change",
  document: /* GraphQL */ `
    mutation DiscountBasicCreate($discount: DiscountCodeBasicInput!) {
      created: discountCodeBasicCreate(basicCodeDiscount: $discount) {
        codeDiscountNode {
          id
        }
        userErrors {
          field
          code
          message
        }
      }
    }
  `,
  data: z.object({ created }),
  costMax: 15,
});

/** Makes a free-shipping discount with its first code. */
export const discountFreeShippingCreateOperation = defineOperation({
  name: "DiscountFreeShippingCreate",
  kind: "change",
  document: /* GraphQL */ `
    mutation DiscountFreeShippingCreate($discount: DiscountCodeFreeShippingInput!) {
      created: discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {
        codeDiscountNode {
          id
        }
        userErrors {
          field
          code
          message
        }
      }
    }
  `,
  data: z.object({ created }),
  costMax: 15,
});

/** Starts adding codes to a discount; Shopify goes on after the answer. */
export const redeemCodesAddOperation = defineOperation({
  name: "RedeemCodesAdd",
  kind: "change",
  document: /* GraphQL */ `
    mutation RedeemCodesAdd($discountId: ID!, $codes: [DiscountRedeemCodeInput!]!) {
      discountRedeemCodeBulkAdd(discountId: $discountId, codes: $codes) {
        bulkCreation {
          id
        }
        userErrors {
          field
          code
          message
        }
      }
    }
  `,
  data: z.object({
    discountRedeemCodeBulkAdd: z
      .object({ bulkCreation: z.object({ id: z.string() }).nullable(), userErrors })
      .nullable(),
  }),
  costMax: 15,
});

/** How far that has come. Cheap, since it is asked several times. */
export const redeemCodesPollOperation = defineOperation({
  name: "RedeemCodesPoll",
  kind: "read",
  document: /* GraphQL */ `
    query RedeemCodesPoll($id: ID!) {
      discountRedeemCodeBulkCreation(id: $id) {
        done
        importedCount
        failedCount
      }
    }
  `,
  data: z.object({
    discountRedeemCodeBulkCreation: z
      .object({ done: z.boolean(), importedCount: z.number(), failedCount: z.number() })
      .nullable(),
  }),
  costMax: 5,
});

/** What became of each code: asked only when some were not added. */
export const redeemCodesResultsOperation = defineOperation({
  name: "RedeemCodesResults",
  kind: "read",
  document: /* GraphQL */ `
    query RedeemCodesResults($id: ID!) {
      discountRedeemCodeBulkCreation(id: $id) {
        codes(first: 250) {
          nodes {
            code
            errors {
              code
              message
            }
          }
        }
      }
    }
  `,
  data: z.object({
    discountRedeemCodeBulkCreation: z
      .object({
        codes: z.object({
          nodes: z.array(
            z.object({
              code: z.string(),
              errors: z.array(z.object({ code: z.string().nullable(), message: z.string() })),
            }),
          ),
        }),
      })
      .nullable(),
  }),
  costMax: 510,
});

/** The discount that a code belongs to; case does not matter. */
export const codeByTextOperation = defineOperation({
  name: "CodeByText",
  kind: "read",
  document: /* GraphQL */ `
    query CodeByText($code: String!) {
      codeDiscountNodeByCode(code: $code) {
        id
        codeDiscount {
          ... on DiscountCodeBasic {
            title
          }
          ... on DiscountCodeFreeShipping {
            title
          }
        }
      }
    }
  `,
  data: z.object({
    codeDiscountNodeByCode: z
      .object({ id: z.string(), codeDiscount: z.object({ title: z.string().optional() }) })
      .nullable(),
  }),
  costMax: 5,
});

/** The ids of a discount's codes that a search finds: deleting takes ids. */
export const redeemCodeIdsOperation = defineOperation({
  name: "RedeemCodeIds",
  kind: "read",
  document: /* GraphQL */ `
    query RedeemCodeIds($discountId: ID!, $search: String!) {
      node(id: $discountId) {
        ... on DiscountCodeNode {
          codeDiscount {
            ... on DiscountCodeBasic {
              codes(first: 50, query: $search) {
                nodes {
                  id
                  code
                }
              }
            }
            ... on DiscountCodeFreeShipping {
              codes(first: 50, query: $search) {
                nodes {
                  id
                  code
                }
              }
            }
          }
        }
      }
    }
  `,
  data: z.object({
    node: z
      .object({
        codeDiscount: z
          .object({ codes: z.object({ nodes: z.array(z.object({ id: z.string(), code: z.string() })) }).optional() })
          .optional(),
      })
      .nullable(),
  }),
  costMax: 110,
});

/** Starts taking codes away from a discount; Shopify goes on after the answer. */
export const redeemCodesDeleteOperation = defineOperation({
  name: "RedeemCodesDelete",
  kind: "change",
  document: /* GraphQL */ `
    mutation RedeemCodesDelete($discountId: ID!, $ids: [ID!]!) {
      discountCodeRedeemCodeBulkDelete(discountId: $discountId, ids: $ids) {
        job {
          id
        }
        userErrors {
          field
          code
          message
        }
      }
    }
  `,
  data: z.object({
    discountCodeRedeemCodeBulkDelete: z.object({ job: z.object({ id: z.string() }).nullable(), userErrors }).nullable(),
  }),
  costMax: 15,
});
