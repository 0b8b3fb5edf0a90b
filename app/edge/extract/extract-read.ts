import type { Keys } from "#app/platform/keys.ts";
import type { ReadOrdersDeps } from "#app/usecases/read-orders.ts";
import { extractFacts } from "./extract-facts.ts";

/** The door's extraction for what is read from Shopify instead of delivered by it. Null: it cannot be told. */
export function extractRead(keys: Keys): ReadOrdersDeps["extract"] {
  return ({ payload, ...context }) => {
    const extracted = extractFacts(payload, { ...context, keys });
    return extracted.outcome === "facts" ? extracted.facts : null;
  };
}
