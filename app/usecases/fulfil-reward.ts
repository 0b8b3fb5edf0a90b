import { appendAudit } from "#app/data/audit.repo.ts";
import { countCode, parentFor } from "#app/data/discount-parents.repo.ts";
import type { DiscountParent } from "#app/data/discount-parents.repo.ts";
import { addNote } from "#app/data/notes.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { lockReward, markBlocked, markIssued, markSending } from "#app/data/rewards.repo.ts";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { formatDecimal } from "#app/domain/money/decimal.ts";
import { rewardCodeFromMac } from "#app/domain/reward/reward-code.ts";
import { expiryFor, parentDiscountKey } from "#app/domain/reward/reward-expiry.ts";
import { SIDE } from "#app/domain/reward/side.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { Clock } from "#app/platform/clock.ts";
import { isUuid, newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import { placeCode } from "#app/usecases/place-code.ts";
import type { CodePlan } from "#app/usecases/place-code.ts";
import { planRewardExpiry } from "#app/usecases/plan-reward-expiry.ts";
import type { DiscountWorth, OutboxWork, ShopifyAdmin, WorkVerdict } from "#app/usecases/ports.ts";
import { againAfterTrouble, againLater } from "#app/usecases/verdicts.ts";

export type FulfilDeps = {
  pools: Pools;
  clock: Clock;
  admin: ShopifyAdmin;
  shops: ShopDirectory;
  ringer: { ring(kind: "outbox", shopId: string): void };
  logger: Logger;
  sleepMs: (ms: number) => Promise<void>;
};

/** The first attempt at a reward's code; a second one would be a second code, so it is the only one. */
const CODE_ATTEMPT = 0;

type Prepared =
  | { readonly outcome: "send"; readonly plan: CodePlan; readonly parentId: string }
  | { readonly outcome: "nothing_to_do" }
  | { readonly outcome: "blocked"; readonly reason: string };

/**
 * Makes the discount code of one reward exist in the shop, once. The code follows from the reward and is saved before
 * anything is sent, so whatever fails or runs twice looks for the same code and adopts it. Trouble brings the row back; a
 * refusal for good blocks the reward, which stays owed, and says so in the record.
 */
export async function fulfilReward(deps: FulfilDeps, row: OutboxWork): Promise<WorkVerdict> {
  const rewardId = rewardIdOf(row, "fulfil:");
  if (rewardId === null) return { outcome: "dead", reason: "no_reward_named" };
  const { shopId } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "dead", reason: "shop_unknown" };
  const prepared = await inShop(deps.pools, shopId, (tx) => prepare(tx, shop, rewardId, deps.clock.now()));
  if (prepared.outcome === "nothing_to_do") return { outcome: "done" };
  if (prepared.outcome === "blocked") return block(deps, shopId, rewardId, prepared.reason);
  const placed = await placeCode(deps, shop, prepared.plan);
  switch (placed.outcome) {
    case "placed":
      return issue(deps, shopId, { rewardId, parentId: prepared.parentId, externalId: placed.discountId });
    case "refused":
      return block(deps, shopId, rewardId, placed.code);
    case "wait":
      return againLater(deps.clock.now(), Math.min(row.attempts, placed.attemptsMax), placed.reason, placed.leastMs);
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return againAfterTrouble(deps.clock.now(), row.attempts, placed);
  }
}

/** The reward that a row is about: named in its payload, or by what makes the row unique. */
export function rewardIdOf(row: Pick<OutboxWork, "payload" | "dedupeKey">, prefix: string): string | null {
  const named = row.payload["rewardId"];
  const id =
    typeof named === "string" ? named : row.dedupeKey.startsWith(prefix) ? row.dedupeKey.slice(prefix.length) : "";
  return isUuid(id) ? id : null;
}

async function prepare(tx: Tx, shop: KnownShop, rewardId: string, now: Date): Promise<Prepared> {
  const { shopId } = shop;
  const reward = await lockReward(tx, shopId, rewardId);
  if (reward === null) return { outcome: "nothing_to_do" };
  const isToBeSent = ["owed", "sending", "blocked", "unknown"].includes(reward.status);
  if (!isToBeSent) return { outcome: "nothing_to_do" };
  if (reward.termsVersion === null) return { outcome: "blocked", reason: "reward_without_terms" };
  const terms = await termsOfVersion(tx, shopId, reward.termsVersion);
  const worth = worthOf(reward, terms);
  if (worth === null) return { outcome: "blocked", reason: "kind_not_supported" };
  const days = (reward.side === SIDE.referrer ? terms.referrer : terms.friend).expiresAfterDays;
  const code = reward.code ?? rewardCodeFromMac(shop.keyring.rewardCodeMac(rewardId, CODE_ATTEMPT));
  const expiresAt = reward.expiresAt ?? new Date(expiryFor(now.getTime(), days));
  await markSending(tx, { shopId, rewardId, code, expiresAt });
  const key = { termsVersion: reward.termsVersion, side: reward.side, expiresAt };
  const parent = await parentFor(tx, { shopId, id: newId(), ...key, firstCode: code, now });
  const title = `Goodword ${parentDiscountKey({ ...key, expiresAt: expiresAt.getTime() })}`;
  return {
    outcome: "send",
    parentId: parent.id,
    plan: planOf(parent, { code, title, worth, expiresAt, terms, reward, now }),
  };
}

function planOf(
  parent: DiscountParent,
  facts: {
    code: string;
    title: string;
    worth: DiscountWorth;
    expiresAt: Date;
    terms: Terms;
    reward: RewardRow;
    now: Date;
  },
): CodePlan {
  return {
    code: facts.code,
    parent,
    wasTried: facts.reward.status !== "owed",
    draft: {
      title: facts.title,
      firstCode: parent.firstCode,
      worth: facts.worth,
      startsAt: facts.now < parent.createdAt ? facts.now : parent.createdAt,
      endsAt: facts.expiresAt,
      combinesWith: facts.terms.combineWith,
    },
  };
}

/** What the ledger says is owed, as a discount; null for kinds that are no discount code. */
function worthOf(reward: RewardRow, terms: Terms): DiscountWorth | null {
  const offered = reward.side === SIDE.referrer ? terms.referrer : terms.friend;
  switch (offered.kind) {
    case "fixed": {
      // A parent carries one amount for all its codes, so a reward of another amount needs a discount of its own.
      if (reward.amount !== offered.amountMinor || reward.unit !== terms.currency) return null;
      return {
        kind: "fixed",
        amount: formatDecimal({ minor: reward.amount, currency: terms.currency }, terms.exponent),
      };
    }
    case "percent":
      return { kind: "percent", basisPoints: Number(offered.amountMinor) };
    case "free_shipping":
      return { kind: "free_shipping" };
    case "store_credit":
    case "gift_card":
      return null;
  }
}

async function issue(
  deps: FulfilDeps,
  shopId: string,
  placed: { rewardId: string; parentId: string; externalId: string },
): Promise<WorkVerdict> {
  const { rewardId, externalId } = placed;
  const now = deps.clock.now();
  const isFirst = await inShop(deps.pools, shopId, async (tx) => {
    if (!(await markIssued(tx, { shopId, rewardId, externalId }))) return false;
    const reward = await lockReward(tx, shopId, rewardId);
    if (reward === null) return false;
    await countCode(tx, shopId, placed.parentId);
    const { side, personId } = reward;
    await addNote(tx, { shopId, id: newId(), rewardId, side, personId, source: "template:en", now });
    const work = { topic: "note.send", dedupeKey: `note:${rewardId}`, payload: { rewardId } } as const;
    await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
    await planRewardExpiry(tx, { shopId, rewardId, expiresAt: reward.expiresAt, now });
    const detail = { discountId: externalId };
    await appendAudit(tx, {
      id: newId(),
      shopId,
      at: now,
      actor: "worker",
      action: "reward.issued",
      subject: rewardId,
      detail,
    });
    return true;
  });
  if (isFirst) deps.ringer.ring("outbox", shopId);
  return { outcome: "done", externalId };
}

async function block(deps: FulfilDeps, shopId: string, rewardId: string, reason: string): Promise<WorkVerdict> {
  const now = deps.clock.now();
  await inShop(deps.pools, shopId, async (tx) => {
    if (!(await markBlocked(tx, shopId, rewardId))) return;
    const entry = { id: newId(), shopId, at: now, actor: "worker", action: "reward.blocked", subject: rewardId };
    await appendAudit(tx, { ...entry, detail: { reason } });
  });
  deps.logger.error({ shopId, rewardId, reason }, "a reward is blocked: the shop refuses its discount");
  return { outcome: "dead", reason };
}
