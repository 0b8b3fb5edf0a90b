import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { expireWelcomeCode, lockWelcomeCode } from "#app/data/welcome-codes.repo.ts";
import type { Clock } from "#app/platform/clock.ts";
import { isUuid, newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { OutboxWork, ShopifyAdmin, WorkVerdict } from "./ports.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

export type ExpireWelcomeDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
  readonly logger: Logger;
};

type Step =
  | { readonly outcome: "withdraw"; readonly code: string; readonly discountId: string }
  | { readonly outcome: "nothing_to_do" }
  | { readonly outcome: "not_yet"; readonly at: Date };

/**
 * Takes a welcome code that nobody used out of the shop when its time is over (outbox topic `welcome.expire`). It ends
 * here first, so that nobody is given a code that is about to go; taking it away twice is taking it away once.
 */
export async function expireWelcome(deps: ExpireWelcomeDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const welcomeId = row.payload["welcomeId"];
  if (typeof welcomeId !== "string" || !isUuid(welcomeId)) return { outcome: "dead", reason: "no_code_named" };
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "done" };
  const step = await inShop(deps.pools, shopId, (tx) => end(tx, shopId, welcomeId, deps.clock.now()));
  if (step.outcome === "nothing_to_do") return { outcome: "done" };
  if (step.outcome === "not_yet") return { outcome: "again", at: step.at, reason: "still_valid" };
  const now = deps.clock.now();
  const withdrawn = await deps.admin.forShop(shopId, shop.domain).withdrawCodes(step.discountId, [step.code]);
  switch (withdrawn.outcome) {
    case "ok":
      return { outcome: "done" };
    case "unknown":
      return againLater(now, row.attempts, "outcome_unknown");
    case "refused":
      // A discount that the merchant deleted holds no code that could be used.
      deps.logger.warn({ shopId, reason: withdrawn.code }, "an expired welcome code could not be withdrawn");
      return { outcome: "done" };
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return againAfterTrouble(now, row.attempts, withdrawn);
  }
}

async function end(tx: Tx, shopId: string, welcomeId: string, now: Date): Promise<Step> {
  const code = await lockWelcomeCode(tx, shopId, welcomeId);
  if (code === null || code.state === "used" || code.validUntil === null || code.discountId === null)
    return { outcome: "nothing_to_do" };
  if (code.validUntil > now) return { outcome: "not_yet", at: code.validUntil };
  const { claimId, rewardId } = code;
  if (await expireWelcomeCode(tx, { shopId, id: welcomeId, claimId, rewardId, now })) {
    const entry = { id: newId(), shopId, at: now, actor: "worker", action: "welcome.expired" };
    await appendAudit(tx, { ...entry, subject: rewardId ?? claimId });
  }
  return { outcome: "withdraw", code: code.code, discountId: code.discountId };
}
