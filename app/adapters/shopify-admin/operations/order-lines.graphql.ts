import { z } from "zod";
import { defineOperation } from "../operation.ts";
import { LINE_FIELDS, lineNode, linesPageInfo } from "./orders.graphql.ts";

/** The next lines of an order that has many. */
export const orderLinesOperation = defineOperation({
  name: "OrderLines",
  kind: "read",
  document: /* GraphQL */ `
    query OrderLines($id: ID!, $after: String) {
      order(id: $id) {
        lineItems(first: 50, after: $after) {
          nodes {
            ...LineFields
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
    ${LINE_FIELDS}
  `,
  data: z.object({
    order: z
      .object({
        lineItems: z.object({ nodes: z.array(lineNode), pageInfo: linesPageInfo }),
      })
      .nullable(),
  }),
  costMax: 600,
});
