import { z } from "zod";
import { defineOperation } from "../operation.ts";

/** Makes a gift card with a code of our own. */
export const giftCardCreateOperation = defineOperation({
  name: "GiftCardMake",
  kind: "change",
  document: /* GraphQL */ `
    mutation GiftCardMake($card: GiftCardCreateInput!) {
      giftCardCreate(input: $card) {
        giftCard {
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
    giftCardCreate: z
      .object({
        giftCard: z.object({ id: z.string() }).nullable(),
        userErrors: z.array(
          z.object({ field: z.array(z.string()).nullable(), code: z.string().nullable(), message: z.string() }),
        ),
      })
      .nullable(),
  }),
  costMax: 15,
});

/** Gift cards by their code: Shopify's search knows it whole, though it shows only the end of it. */
export const giftCardLookOperation = defineOperation({
  name: "GiftCardLook",
  kind: "read",
  document: /* GraphQL */ `
    query GiftCardLook($code: String!) {
      giftCards(first: 10, query: $code) {
        nodes {
          id
          lastCharacters
          note
        }
      }
    }
  `,
  data: z.object({
    giftCards: z.object({
      nodes: z.array(z.object({ id: z.string(), lastCharacters: z.string(), note: z.string().nullable() })),
    }),
  }),
  costMax: 15,
});
