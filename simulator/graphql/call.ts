import type { Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";

/** Who asks, and of which shop: the context of every resolver. */
export type Call = {
  readonly world: World;
  readonly shop: Shop;
  /** Scopes of the access token in use. */
  readonly scopes: readonly string[];
};

/** What resolvers give: plain objects; a function is a field with arguments or one that is worked out only when asked for. */
export type View = { readonly __typename?: string; readonly [field: string]: unknown };

/** Without `read_all_orders` an app sees the orders of the last 60 days. */
export const ORDER_WINDOW_DAYS = 60;

/** Says whether the app may see an order of this age. */
export function isOrderVisible(call: Call, order: { readonly createdAt: Date }): boolean {
  if (call.scopes.includes("read_all_orders")) return true;
  return order.createdAt.getTime() > call.world.clock.now().getTime() - ORDER_WINDOW_DAYS * 86_400_000;
}
