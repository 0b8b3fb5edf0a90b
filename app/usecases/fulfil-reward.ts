import type { Pools } from "#app/data/pools.ts";
import { lockReward } from "#app/data/rewards.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import { isUuid } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Logger } from "#app/platform/logger.ts";
import { codePlaced, prepareCode } from "./fulfil-code.ts";
import type { CodeWork } from "./fulfil-code.ts";
import { placeGiftCard, prepareGiftCard } from "./fulfil-gift-card.ts";
import type { GiftCardWork } from "./fulfil-gift-card.ts";
import { placeStoreCredit, prepareStoreCredit } from "./fulfil-store-credit.ts";
import type { StoreCreditWork } from "./fulfil-store-credit.ts";
import { issueWelcome } from "./issue-welcome.ts";
import type { WelcomeIssue } from "./issue-welcome.ts";
import { placeCode } from "./place-code.ts";
import type { Placed } from "./placed.ts";
import type { OutboxWork, ShopifyAdmin, WorkVerdict } from "./ports.ts";
import { blockReward, doubtReward, issueRewards } from "./reward-outcome.ts";
import { formOf, planReward } from "./reward-plan.ts";
import { afterTrouble, againLater } from "./verdicts.ts";

export type FulfilDeps = {
  pools: Pools;
  clock: Clock;
  keys: Keys;
  admin: ShopifyAdmin;
  shops: ShopDirectory;
  ringer: { ring(kind: "outbox", shopId: string): void };
  logger: Logger;
  sleepMs: (ms: number) => Promise<void>;
};

type Work = CodeWork | StoreCreditWork | GiftCardWork;
type Prepared =
  | { readonly outcome: "send"; readonly work: Work }
  | { readonly outcome: "nothing_to_do" }
  | { readonly outcome: "blocked"; readonly reason: string };

/**
 * Gives one reward, once, in the form of its kind: a discount code, store credit or a gift card. What is about to be sent
 * is written down first, so whatever fails or runs twice finds it again. Trouble brings the row back; a refusal for good
 * blocks the reward, which stays owed; a doubt that cannot be settled becomes a case.
 */
export async function fulfilReward(deps: FulfilDeps, row: OutboxWork): Promise<WorkVerdict> {
  const rewardId = rewardIdOf(row, "fulfil:");
  if (rewardId === null) return { outcome: "dead", reason: "no_reward_named" };
  const { shopId } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "dead", reason: "shop_unknown" };
  const welcome = await inShop(deps.pools, shopId, (tx) => prepareWelcome(tx, shopId, rewardId, deps.clock.now()));
  if (welcome !== null) return afterWelcome(deps, row, welcome);
  const prepared = await inShop(deps.pools, shopId, (tx) => prepare(tx, deps, shop, rewardId));
  if (prepared.outcome === "nothing_to_do") return { outcome: "done" };
  if (prepared.outcome === "blocked") return block(deps, shopId, rewardId, prepared.reason);
  const placed = await place(deps, shop, prepared.work);
  switch (placed.outcome) {
    case "placed":
      return issue(deps, shopId, { rewardId, work: prepared.work, externalId: placed.externalId });
    case "refused":
      return block(deps, shopId, rewardId, placed.code);
    case "undecided":
      return doubt(deps, shopId, rewardId, placed.reason);
    case "wait":
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return afterTrouble(deps.clock.now(), row.attempts, placed);
  }
}

/** A welcome reward needs no discount of its own: its code is in the pool. @returns null for every other reward */
async function prepareWelcome(tx: Tx, shopId: string, rewardId: string, now: Date): Promise<WelcomeIssue | null> {
  const reward = await lockReward(tx, shopId, rewardId);
  if (reward?.kind !== "welcome") return null;
  const { referralId, termsVersion } = reward;
  if (reward.status !== "owed") return { outcome: "spent", rings: false };
  invariant(referralId !== null && termsVersion !== null, "a welcome reward belongs to a referral");
  return issueWelcome(tx, { shopId, reward: { ...reward, referralId, termsVersion }, now });
}

function afterWelcome(deps: FulfilDeps, row: OutboxWork, welcome: WelcomeIssue): WorkVerdict {
  if (welcome.rings) deps.ringer.ring("outbox", row.shopId);
  return welcome.outcome === "pool_empty"
    ? againLater(deps.clock.now(), row.attempts, "welcome_pool_empty")
    : { outcome: "done" };
}

/** The reward that a row is about: named in its payload, or by what makes the row unique. */
export function rewardIdOf(row: Pick<OutboxWork, "payload" | "dedupeKey">, prefix: string): string | null {
  const named = row.payload["rewardId"];
  const id =
    typeof named === "string" ? named : row.dedupeKey.startsWith(prefix) ? row.dedupeKey.slice(prefix.length) : "";
  return isUuid(id) ? id : null;
}

async function prepare(tx: Tx, deps: FulfilDeps, shop: KnownShop, rewardId: string): Promise<Prepared> {
  const plan = await planReward(tx, shop, rewardId);
  if (plan.outcome !== "give") return plan;
  const now = deps.clock.now();
  switch (formOf(plan.kind)) {
    case "code": {
      const work = await prepareCode(tx, shop, plan, { keys: deps.keys, now });
      return "outcome" in work ? work : { outcome: "send", work };
    }
    case "gift_card":
      return { outcome: "send", work: await prepareGiftCard(tx, shop, plan, now) };
    case "store_credit": {
      const work = await prepareStoreCredit(tx, shop, plan, { keys: deps.keys, now });
      return "outcome" in work ? work : { outcome: "send", work };
    }
  }
}

function place(deps: FulfilDeps, shop: KnownShop, work: Work): Promise<Placed> {
  const admin = deps.admin.forShop(shop.shopId, shop.domain);
  switch (work.form) {
    case "code":
      return placeCode(deps, shop, work.plan);
    case "gift_card":
      return placeGiftCard(admin, work);
    case "store_credit":
      return placeStoreCredit(deps, shop, admin, work);
  }
}

async function issue(
  deps: FulfilDeps,
  shopId: string,
  given: { rewardId: string; work: Work; externalId: string },
): Promise<WorkVerdict> {
  const { rewardId, work, externalId } = given;
  const isFirst = await inShop(deps.pools, shopId, async (tx) => {
    const issued = await issueRewards(tx, { shopId, given: [{ rewardId, externalId }], now: deps.clock.now() });
    if (issued.length === 0) return false;
    if (work.form === "code") await codePlaced(tx, shopId, work);
    return true;
  });
  if (isFirst) deps.ringer.ring("outbox", shopId);
  return { outcome: "done", externalId };
}

async function block(deps: FulfilDeps, shopId: string, rewardId: string, reason: string): Promise<WorkVerdict> {
  await inShop(deps.pools, shopId, (tx) => blockReward(tx, { shopId, rewardId, reason, now: deps.clock.now() }));
  deps.logger.error({ shopId, rewardId, reason }, "a reward is blocked: the shop refuses it");
  return { outcome: "dead", reason };
}

async function doubt(deps: FulfilDeps, shopId: string, rewardId: string, reason: string): Promise<WorkVerdict> {
  await inShop(deps.pools, shopId, (tx) => doubtReward(tx, { shopId, rewardId, reason, now: deps.clock.now() }));
  deps.logger.error({ shopId, rewardId, reason }, "nobody can tell whether a reward was given");
  return { outcome: "done" };
}
