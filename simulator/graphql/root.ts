import type { Call, View } from "./call.ts";
import { bulkCodeMutations } from "./operations/bulk-codes.ts";
import { customerQueries } from "./operations/customers.ts";
import { discountMutations } from "./operations/discount-create.ts";
import { discountQueries } from "./operations/discount-queries.ts";
import { flowMutations } from "./operations/flow.ts";
import { giftCardMutations, giftCardQueries } from "./operations/gift-cards.ts";
import { nodeQueries } from "./operations/nodes.ts";
import { orderQueries } from "./operations/orders.ts";
import { storeCreditMutations, storeCreditQueries } from "./operations/store-credit.ts";
import { webPixelMutations, webPixelQueries } from "./operations/web-pixel.ts";

/** The root fields that the simulator knows; any other field of the schema is refused with NOT_SIMULATED. */
export function rootView(call: Call, operation: string): View {
  if (operation === "mutation") {
    return {
      ...discountMutations(call),
      ...bulkCodeMutations(call),
      ...webPixelMutations(call),
      ...storeCreditMutations(call),
      ...giftCardMutations(call),
      ...flowMutations(call),
    };
  }
  return {
    ...nodeQueries(call),
    ...orderQueries(call),
    ...customerQueries(call),
    ...discountQueries(call),
    ...webPixelQueries(call),
    ...storeCreditQueries(call),
    ...giftCardQueries(call),
  };
}
