import type { Signal } from "#app/data/signals.repo.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";

const HASH_HEX = 64;

/** The browser and the address that an order was made with: evidence for the screen, never identity. */
export function signalsOfOrder(facts: OrderFacts, keyring: ShopKeyring): Signal[] {
  const signals: Signal[] = [];
  if (facts.device !== null) signals.push({ kind: "device", hash: keyring.fact("device", facts.device) });
  if (facts.addressHash?.length === HASH_HEX) signals.push({ kind: "address", hash: facts.addressHash });
  return signals;
}
