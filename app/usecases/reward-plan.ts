import { lockReward } from "#app/data/rewards.repo.ts";
import type { RewardForm, RewardRow } from "#app/data/rewards.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import type { VersionedTerms } from "#app/data/terms.repo.ts";
import { COUPON_UNIT, rewardAmountMinor } from "#app/domain/reward/reward-value.ts";
import { SIDE } from "#app/domain/reward/side.ts";
import type { RewardKind, RewardTerms } from "#app/domain/terms/terms.ts";

/** How a reward is to be given. */
export type RewardPlan = {
  readonly outcome: "give";
  readonly reward: RewardRow;
  readonly kind: RewardKind;
  /** The promise that it keeps: the referral's terms, or for one that no referral earned, those in force. */
  readonly offer: RewardTerms;
  readonly terms: VersionedTerms;
  /** It cannot share a discount: it is worth something else than every reward of its side, or works for one customer alone. */
  readonly isOdd: boolean;
};

export type Planned =
  RewardPlan | { readonly outcome: "nothing_to_do" } | { readonly outcome: "blocked"; readonly reason: string };

/** Not `unknown`: that one waits for a person, whose decision makes it owed again. */
const TO_BE_SENT: ReadonlySet<string> = new Set(["owed", "sending", "blocked"]);

/** What a kind of reward is given as. */
export function formOf(kind: RewardKind): RewardForm {
  return kind === "store_credit" || kind === "gift_card" ? kind : "code";
}

/**
 * Decides how a reward is given, and holds its row until the transaction ends. A reward that was sent once keeps its
 * form, whatever the terms say meanwhile. Money is never given in another currency than it is owed in.
 */
export async function planReward(tx: Tx, shop: KnownShop, rewardId: string): Promise<Planned> {
  const reward = await lockReward(tx, shop.shopId, rewardId);
  if (reward === null) return { outcome: "nothing_to_do" };
  return planOf(shop, reward, await loadTermsFor(tx, shop.shopId, reward));
}

/** As `planReward`, of a reward that is held and the terms that go with it. */
export function planOf(shop: Pick<KnownShop, "currency">, reward: RewardRow, terms: VersionedTerms | null): Planned {
  if (!TO_BE_SENT.has(reward.status)) return { outcome: "nothing_to_do" };
  if (terms === null) return { outcome: "blocked", reason: "reward_without_terms" };
  const isCoupon = reward.unit === COUPON_UNIT;
  if (!isCoupon && reward.unit !== shop.currency) return { outcome: "blocked", reason: "currency_changed" };
  const offer = reward.side === SIDE.referrer ? terms.terms.referrer : terms.terms.friend;
  const kind = kindFor(reward, offer.kind);
  if (kind === null) return { outcome: "blocked", reason: "kind_not_supported" };
  const isWorthElse = kind !== offer.kind || reward.amount !== rewardAmountMinor(offer) || isOtherMoney(reward, terms);
  const isOdd = isWorthElse || terms.terms.bindToCustomer;
  return { outcome: "give", reward, kind, offer, terms, isOdd };
}

function isOtherMoney(reward: RewardRow, { terms }: VersionedTerms): boolean {
  return reward.unit !== COUPON_UNIT && reward.unit !== terms.currency;
}

/** The terms that a reward is given by: its referral's, or those in force for one that no referral earned. */
export async function loadTermsFor(
  tx: Tx,
  shopId: string,
  reward: Pick<RewardRow, "termsVersion">,
): Promise<VersionedTerms | null> {
  if (reward.termsVersion === null) return currentTerms(tx, shopId);
  return { version: reward.termsVersion, terms: await termsOfVersion(tx, shopId, reward.termsVersion) };
}

/** The kind that fits what is owed; null for a coupon where the terms know of none. */
function kindFor(reward: RewardRow, offered: RewardKind): RewardKind | null {
  const isCoupon = offered === "percent" || offered === "free_shipping";
  if (reward.unit === COUPON_UNIT) return isCoupon ? offered : null;
  if (reward.form === "store_credit" || reward.form === "gift_card") return reward.form;
  // Money that no referral earned, or that the terms in force would give as a coupon, is an amount off.
  if (isCoupon || reward.form === "code" || reward.termsVersion === null) return "fixed";
  return offered;
}
