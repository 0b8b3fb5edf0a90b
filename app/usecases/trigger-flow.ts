import { claimForSending, unclaimForSending } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Logger } from "#app/platform/logger.ts";
import { profileOf } from "./learn-profile.ts";
import type { OutboxWork, ShopifyAdmin, WorkVerdict } from "./ports.ts";
import { referralIdOf } from "./referral-work.ts";
import { againAfterTrouble } from "./verdicts.ts";

/** As `extensions/referral-flow/shopify.extension.toml` declares the trigger and its fields. */
export const FLOW_TRIGGER_HANDLE = "referral-rewarded";

export type TriggerFlowDeps = {
  readonly pools: Pools;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
  readonly logger: Logger;
};

/**
 * Starts the merchant's workflows for a rewarded referral (outbox topic `flow.trigger`): at most once, since a workflow may
 * give something away. The row is claimed before the call; when nobody can tell whether it arrived, it is not made again.
 */
export async function triggerFlow(deps: TriggerFlowDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const referralId = referralIdOf(row);
  if (referralId === null) return { outcome: "dead", reason: "no_referral_named" };
  const shop = await deps.shops.byId(shopId);
  if (shop === null || !shop.installed) return { outcome: "done" };
  const payload = await inShop(deps.pools, shopId, async (tx) => {
    const referral = await referralById(tx, shopId, referralId);
    if (referral?.state !== "REWARDED" || !(await claimForSending(tx, shopId, row.id))) return null;
    const { customerId } = await profileOf(tx, { keys: deps.keys, shopId, personId: referral.referrerPerson });
    return payloadOf({ customerId: customerId ?? null, orderId: referral.qualifyingOrder, referralId });
  });
  if (payload === null) return { outcome: "done" };
  const answer = await deps.admin.forShop(shopId, shop.domain).triggerFlow(FLOW_TRIGGER_HANDLE, payload);
  switch (answer.outcome) {
    case "ok":
      return { outcome: "done" };
    case "refused":
    case "unknown":
      deps.logger.warn({ shopId, outcome: answer.outcome }, "a workflow was not started for certain");
      return { outcome: "done" };
    case "throttled":
    case "unavailable":
    case "unauthorised":
      await inShop(deps.pools, shopId, (tx) => unclaimForSending(tx, shopId, row.id));
      return againAfterTrouble(deps.clock.now(), row.attempts, answer);
  }
}

/** References are numbers in a trigger's payload; an id that a number cannot hold is left out rather than sent wrong. */
function payloadOf(facts: { customerId: string | null; orderId: string | null; referralId: string }) {
  const numbers = Object.entries({ customer_id: facts.customerId, order_id: facts.orderId }).flatMap(([key, id]) =>
    id !== null && Number.isSafeInteger(Number(id)) ? [[key, Number(id)] as const] : [],
  );
  return { ...Object.fromEntries(numbers), "Referral ID": facts.referralId };
}
