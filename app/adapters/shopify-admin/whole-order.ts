import type { AdminOrder, ReadTrouble } from "#app/usecases/ports.ts";
import { orderLinesOperation } from "./operations/order-lines.graphql.ts";
import type { OrderNode } from "./operations/orders.graphql.ts";
import { orderOfNode } from "./read-order.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };
type WholeOrder = { readonly outcome: "ok"; readonly order: AdminOrder } | ReadTrouble;

/** A thousand lines beyond the first; none is seen in practice. */
const LINE_PAGES_MAX = 20;

/**
 * Reads what is left of an order's lines, page by page.
 *
 * @param node the order with its first lines
 * @returns the order; `linesTruncated` when its lines have no end, or it went away meanwhile
 */
export async function wholeOrder(transport: AdminTransport, shop: ShopRef, node: OrderNode): Promise<WholeOrder> {
  const lines = [...node.lineItems.nodes];
  let { pageInfo } = node.lineItems;
  for (let page = 0; page < LINE_PAGES_MAX && pageInfo.hasNextPage; page += 1) {
    const answer = await transport.read(shop, orderLinesOperation, { id: node.id, after: pageInfo.endCursor });
    if (answer.outcome !== "ok") return answer;
    const { order } = answer.data;
    if (order === null) break;
    lines.push(...order.lineItems.nodes);
    ({ pageInfo } = order.lineItems);
  }
  return { outcome: "ok", order: orderOfNode({ ...node, lineItems: { nodes: lines, pageInfo } }) };
}
