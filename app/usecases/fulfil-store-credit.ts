import type { Pools } from "#app/data/pools.ts";
import { countSend, endSend, freeExpiry, markSending, uncountSend } from "#app/data/rewards.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { expiryFor } from "#app/domain/reward/reward-expiry.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Keys } from "#app/platform/keys.ts";
import { amountTextOf } from "./fulfil-code.ts";
import { profileOf } from "./learn-profile.ts";
import { waitFor } from "./placed.ts";
import type { Placed } from "./placed.ts";
import type { ShopAdmin, StoreCreditKey } from "./ports.ts";
import type { RewardPlan } from "./reward-plan.ts";

export type StoreCreditWork = {
  readonly form: "store_credit";
  readonly rewardId: string;
  readonly credit: StoreCreditKey & { readonly amount: string };
  /** Calls so far that may have given it, and the last of them; null when that one certainly did not. */
  readonly sends: number;
  readonly lastSentAt: Date | null;
};

/** A call that got no answer may still be at work: so long after it a credit that is not there was not given. */
const SETTLES_AFTER_MS = 10 * 60_000;
/** When the account could not be read for so long after a call without an answer, a person has to look. */
const UNREADABLE_AFTER_MS = 24 * 3_600_000;
/** Calls without an answer and without a trace, after which a person has to look. */
const SENDS_MAX = 4;

type Deps = { readonly pools: Pools; readonly clock: Clock };

/**
 * Writes down what tells this credit from every other of the shop, before anything is sent: the second at which it
 * expires. Without a customer there is no account to credit.
 */
export async function prepareStoreCredit(
  tx: Tx,
  shop: KnownShop,
  plan: RewardPlan,
  args: { keys: Keys; now: Date },
): Promise<StoreCreditWork | { readonly outcome: "blocked"; readonly reason: string }> {
  const { shopId } = shop;
  const { reward, offer } = plan;
  const { customerId } = await profileOf(tx, { keys: args.keys, shopId, personId: reward.personId });
  if (customerId == null) return { outcome: "blocked", reason: "customer_unknown" };
  const due = new Date(expiryFor(args.now.getTime(), offer.expiresAfterDays));
  const expiresAt = reward.expiresAt ?? (await freeExpiry(tx, shopId, due));
  await markSending(tx, { shopId, rewardId: reward.id, form: "store_credit", code: null, expiresAt });
  return {
    form: "store_credit",
    rewardId: reward.id,
    credit: { customerId, currency: reward.unit, amount: amountTextOf(reward), expiresAt },
    sends: reward.sends,
    lastSentAt: reward.lastSentAt,
  };
}

/**
 * Gives store credit once. Shopify has no key against giving it twice, so every call is counted before it is made, and
 * after one without an answer the account is read: the credit is there, or it is not there long after the call and may
 * be sent again, or a person has to look. Nothing is ever sent on a guess.
 */
export async function placeStoreCredit(
  deps: Deps,
  shop: KnownShop,
  admin: ShopAdmin,
  work: StoreCreditWork,
): Promise<Placed> {
  if (work.sends > 0) {
    const looked = await look(deps, admin, work);
    if (looked.outcome !== "absent") return looked;
    if (work.sends >= SENDS_MAX) return { outcome: "undecided", reason: "credit_never_shown" };
  }
  const { shopId } = shop;
  const send = { shopId, rewardId: work.rewardId, sends: work.sends, now: deps.clock.now() };
  const isOurs = await inShop(deps.pools, shopId, (tx) => countSend(tx, send));
  if (!isOurs) return waitFor("sent_by_another_run", 1_000);
  const given = await admin.giveStoreCredit(work.credit);
  switch (given.outcome) {
    case "ok":
      return { outcome: "placed", externalId: given.transactionId };
    case "unknown": {
      await inShop(deps.pools, shopId, (tx) => endSend(tx, shopId, work.rewardId));
      const found = await admin.findStoreCredit(work.credit);
      if (found.outcome === "found") return { outcome: "placed", externalId: found.transactionId };
      return waitFor("outcome_unknown", SETTLES_AFTER_MS, 1);
    }
    case "refused":
    case "throttled":
    case "unavailable":
    case "unauthorised":
      await inShop(deps.pools, shopId, (tx) => uncountSend(tx, shopId, work.rewardId));
      return given;
  }
}

/** Looks for the credit of calls that may have given it. "absent": they did not, and that is certain. */
async function look(
  deps: Deps,
  admin: ShopAdmin,
  work: StoreCreditWork,
): Promise<Placed | { readonly outcome: "absent" }> {
  const found = await admin.findStoreCredit(work.credit);
  if (found.outcome === "found") return { outcome: "placed", externalId: found.transactionId };
  const sinceMs = work.lastSentAt === null ? null : deps.clock.now().getTime() - work.lastSentAt.getTime();
  if (found.outcome !== "not_found") {
    if (sinceMs !== null && sinceMs > UNREADABLE_AFTER_MS)
      return { outcome: "undecided", reason: "account_unreadable" };
    return found.outcome === "refused" ? waitFor("account_unreadable", SETTLES_AFTER_MS) : found;
  }
  if (sinceMs !== null && sinceMs < SETTLES_AFTER_MS)
    return waitFor("credit_not_shown_yet", SETTLES_AFTER_MS - sinceMs, 1);
  return { outcome: "absent" };
}
