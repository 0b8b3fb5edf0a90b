import { z } from "zod";
import { defineOperation } from "../operation.ts";

/** Gives store credit. It has no idempotency key: whoever sends it twice, gives twice. */
export const storeCreditOperation = defineOperation({
  name: "StoreCreditGive",
  kind: "change",
  document: /* GraphQL */ `
    mutation StoreCreditGive($id: ID!, $credit: StoreCreditAccountCreditInput!) {
      storeCreditAccountCredit(id: $id, creditInput: $credit) {
        storeCreditAccountTransaction {
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
    storeCreditAccountCredit: z
      .object({
        storeCreditAccountTransaction: z.object({ id: z.string() }).nullable(),
        userErrors: z.array(
          z.object({ field: z.array(z.string()).nullable(), code: z.string().nullable(), message: z.string() }),
        ),
      })
      .nullable(),
  }),
  costMax: 15,
});

/** The credits of a customer that expire at one moment: a customer has one account a currency. */
export const storeCreditLookOperation = defineOperation({
  name: "StoreCreditLook",
  kind: "read",
  document: /* GraphQL */ `
    query StoreCreditLook($id: ID!, $which: String!) {
      customer(id: $id) {
        storeCreditAccounts(first: 5) {
          nodes {
            transactions(first: 5, query: $which) {
              nodes {
                ... on StoreCreditAccountCreditTransaction {
                  id
                  expiresAt
                  amount {
                    currencyCode
                  }
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
      .object({
        storeCreditAccounts: z.object({
          nodes: z.array(
            z.object({
              transactions: z.object({
                nodes: z.array(
                  z.object({
                    id: z.string().optional(),
                    expiresAt: z.coerce.date().nullable().optional(),
                    amount: z.object({ currencyCode: z.string() }).optional(),
                  }),
                ),
              }),
            }),
          ),
        }),
      })
      .nullable(),
  }),
  costMax: 40,
});
