import { createHash } from "node:crypto";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { insertOwnEvent } from "#app/data/own-events.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { TOKEN_LENGTH_MAX, TOKENS_PER_CARRIER_MAX } from "#app/domain/event/order-facts.ts";
import { parseInboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { BindFacts } from "#app/domain/event/customer-facts.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

export type BindResult = { readonly outcome: "bound" | "nothing_to_bind" };

/**
 * Takes the tokens that a logged-in customer's browser holds. They become an inbox row like any webhook, and are weighed
 * by the same worker; the same tokens handed over again are the same row.
 *
 * @param input.customerId digits, from a verified session token or a signed proxy parameter
 * @param input.tokens anything a browser sends; what is no token is passed over
 */
export async function bindCustomer(
  deps: { pools: Pools; clock: Clock; ringInbox: (shopId: string) => void },
  input: { shop: KnownShop; customerId: string; tokens: readonly string[]; device: string | null },
): Promise<BindResult> {
  const { shop } = input;
  const now = deps.clock.now();
  const facts: BindFacts = {
    kind: "bind",
    person: {
      customerId: input.customerId,
      customerHash: shop.keyring.person("customer", input.customerId),
      emailHash: null,
      phoneHash: null,
      profileSealed: null,
      emailDomain: null,
    },
    tokens: input.tokens.filter((token) => token.length <= TOKEN_LENGTH_MAX).slice(0, TOKENS_PER_CARRIER_MAX),
    device: input.device,
    at: now.getTime(),
  };
  const hasSomething = facts.tokens.length > 0 || facts.device !== null;
  if (!hasSomething || parseInboxFacts(facts) === null) return { outcome: "nothing_to_bind" };
  const fact = createHash("sha256")
    .update(JSON.stringify([facts.person.customerHash, facts.tokens, facts.device]))
    .digest();
  await inShop(deps.pools, shop.shopId, (tx) =>
    insertOwnEvent(tx, {
      shopId: shop.shopId,
      id: newId(),
      topic: "goodword/bind",
      dedupeKey: fact.toString("hex"),
      digest: fact,
      facts,
      now,
    }),
  );
  deps.ringInbox(shop.shopId);
  return { outcome: "bound" };
}
