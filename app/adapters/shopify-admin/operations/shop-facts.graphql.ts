import { z } from "zod";
import { defineOperation } from "../operation.ts";

const domain = z.object({ host: z.string(), url: z.string() });

/** Name, currency, time zone and storefront hosts of a shop. */
export const shopFactsOperation = defineOperation({
  name: "ShopFacts",
  kind: "read",
  document: /* GraphQL */ `
    query ShopFacts {
      shop {
        name
        currencyCode
        ianaTimezone
        myshopifyDomain
        primaryDomain {
          host
          url
        }
        domains {
          host
          url
        }
      }
    }
  `,
  data: z.object({
    shop: z.object({
      name: z.string(),
      currencyCode: z.string(),
      ianaTimezone: z.string(),
      myshopifyDomain: z.string(),
      primaryDomain: domain,
      domains: z.array(domain),
    }),
  }),
  costMax: 5,
});
