import { z } from "zod";
import { defineOperation } from "../operation.ts";

/** Starts the merchant's workflows that begin with a trigger of ours. Shopify gives no code with its refusals, only words. */
export const flowTriggerOperation = defineOperation({
  name: "FlowTrigger",
  kind: "change",
  document: /* GraphQL */ `
    mutation FlowTrigger($handle: String!, $payload: JSON!) {
      flowTriggerReceive(handle: $handle, payload: $payload) {
        userErrors {
          field
        }
      }
    }
  `,
  data: z.object({
    flowTriggerReceive: z
      .object({ userErrors: z.array(z.object({ field: z.array(z.string()).nullable() })) })
      .nullable(),
  }),
  costMax: 15,
});
