import { note } from "../../world/world.ts";
import type { Call, View } from "../call.ts";
import { userError } from "./user-errors.ts";

type FlowArgs = { readonly handle?: string | null; readonly payload?: unknown };

const PAYLOAD_BYTES_MAX = 50_000;

/** `flowTriggerReceive`: takes a trigger that the app's extensions declare, and remembers what it carried. */
export function flowMutations({ world, shop }: Call): View {
  return {
    flowTriggerReceive: ({ handle, payload }: FlowArgs) => {
      const problem = problemOf(handle ?? "", payload);
      if (problem !== null) return { userErrors: [userError(["body"], null, problem)] };
      world.flowTriggers.push({ at: world.clock.now(), shop: shop.domain, handle: handle ?? "", payload });
      note(world, shop, `Shopify Flow was told: ${handle ?? ""}`);
      return { userErrors: [] };
    },
  };
}

function problemOf(handle: string, payload: unknown): string | null {
  if (handle === "") return "Handle can't be blank.";
  if (typeof payload !== "object" || payload === null) return "Payload must be an object.";
  const size = Buffer.byteLength(JSON.stringify(payload));
  return size > PAYLOAD_BYTES_MAX ? `Properties size exceeds the limit of ${PAYLOAD_BYTES_MAX} bytes.` : null;
}
