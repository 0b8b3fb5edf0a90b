import type { Signal } from "#app/data/signals.repo.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";

const HASH_HEX = 64;
/** As long as the longest window: who used a network address before that says nothing about who uses it now. */
const NETWORK_KEPT_MS = 45 * 86_400_000;

/** The browser, the delivery address and the network that an order was made with: evidence for the screen, never identity. */
export function signalsOfOrder(facts: OrderFacts, keyring: ShopKeyring): Signal[] {
  const signals: Signal[] = [];
  if (facts.device !== null) signals.push({ kind: "device", hash: keyring.fact("device", facts.device) });
  if (facts.addressHash?.length === HASH_HEX) signals.push({ kind: "address", hash: facts.addressHash });
  if (facts.ipHash !== null) signals.push(networkSignal(facts, keyring, facts.ipHash));
  return signals;
}

/**
 * The network of a friend's order once more, hashed with the salt of the month before: the referrer may have been seen there
 * before the turn of the month. Orders that concern no referral are not worth the second row.
 */
export function earlierNetworkOf(facts: OrderFacts, keyring: ShopKeyring): Signal[] {
  const hash = facts.ipHashBefore ?? null;
  return hash === null ? [] : [networkSignal(facts, keyring, hash)];
}

function networkSignal(facts: OrderFacts, keyring: ShopKeyring, hash: string): Signal {
  const expiresAt = new Date(orderTime(facts) + NETWORK_KEPT_MS);
  return { kind: "network", hash: keyring.fact("network", hash), expiresAt };
}
