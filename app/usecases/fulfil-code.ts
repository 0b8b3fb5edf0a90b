import { countCodes, parentFor } from "#app/data/discount-parents.repo.ts";
import type { DiscountParent } from "#app/data/discount-parents.repo.ts";
import { markSending } from "#app/data/rewards.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { usageLimitCounts } from "#app/data/shops.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { formatDecimal } from "#app/domain/money/decimal.ts";
import { rewardCodeFromMac } from "#app/domain/reward/reward-code.ts";
import { expiryFor, parentDiscountKey } from "#app/domain/reward/reward-expiry.ts";
import { assertNever, invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { profileOf } from "./learn-profile.ts";
import type { CodePlan } from "./place-code.ts";
import type { DiscountWorth } from "./ports.ts";
import type { RewardPlan } from "./reward-plan.ts";

/** The first attempt at a reward's code; a second one would be a second code, so it is the only one. */
const CODE_ATTEMPT = 0;
/** Letters of a reward's id that tell its own discount from its neighbours' in the shop's list. */
const ID_END = 6;

export type CodeWork = { readonly form: "code"; readonly plan: CodePlan; readonly parentId: string };

/** The code that a reward has, or gets: it follows from the reward, so that every run looks for the same one. */
export function codeOfReward(shop: KnownShop, reward: { readonly id: string; readonly code: string | null }): string {
  return reward.code ?? rewardCodeFromMac(shop.keyring.rewardCodeMac(reward.id, CODE_ATTEMPT));
}

/**
 * Writes down the code of a reward and the discount that it belongs to, before anything is sent. Rewards of one version,
 * side and week share a discount; one of another worth has its own, and all do where a discount's limit counts for all of
 * its codes together, or where the merchant binds each to its customer. Without a customer there is nobody to bind it to.
 */
export async function prepareCode(
  tx: Tx,
  shop: KnownShop,
  plan: RewardPlan,
  args: { keys: Keys; now: Date },
): Promise<CodeWork | { readonly outcome: "blocked"; readonly reason: string }> {
  const { shopId } = shop;
  const { now } = args;
  const { reward, terms, offer } = plan;
  const isBound = terms.terms.bindToCustomer;
  const { customerId = null } = isBound
    ? await profileOf(tx, { keys: args.keys, shopId, personId: reward.personId })
    : {};
  if (isBound && customerId === null) return { outcome: "blocked", reason: "customer_unknown" };
  const code = codeOfReward(shop, reward);
  const expiresAt = reward.expiresAt ?? new Date(expiryFor(now.getTime(), offer.expiresAfterDays));
  await markSending(tx, { shopId, rewardId: reward.id, form: "code", code, expiresAt });
  const isAlone = plan.isOdd || (await usageLimitCounts(tx, shopId)) === "discount";
  const key = { termsVersion: terms.version, side: reward.side, expiresAt };
  const own = { ...key, rewardId: isAlone ? reward.id : null };
  const parent = await parentFor(tx, { shopId, id: newId(), ...own, firstCode: code, now });
  const facts = { code, expiresAt, isAlone, onlyFor: customerId, now };
  return { form: "code", parentId: parent.id, plan: planCode(plan, parent, facts) };
}

/** What makes a reward's code exist under its discount. */
export function planCode(
  { reward, terms, kind, offer }: RewardPlan,
  parent: DiscountParent,
  facts: { code: string; expiresAt: Date; isAlone: boolean; onlyFor: string | null; now: Date },
): CodePlan {
  const { code, expiresAt, isAlone, onlyFor, now } = facts;
  const shared = parentDiscountKey({ termsVersion: terms.version, side: reward.side, expiresAt: expiresAt.getTime() });
  const own = isAlone ? ` ${reward.id.slice(-ID_END)}` : "";
  const part = parent.part > 1 ? ` (${parent.part})` : "";
  return {
    code,
    parent,
    wasTried: reward.status !== "owed",
    draft: {
      title: `Goodword ${shared}${own}${part}`,
      firstCode: parent.firstCode,
      worth: worthOf(kind, reward, offer.amountMinor),
      startsAt: now < parent.createdAt ? now : parent.createdAt,
      endsAt: expiresAt,
      onlyFor,
      combinesWith: terms.terms.combineWith,
    },
  };
}

/** What the ledger says is owed, as a discount. */
function worthOf(kind: RewardPlan["kind"], reward: RewardPlan["reward"], basisPoints: bigint): DiscountWorth {
  switch (kind) {
    case "percent":
      return { kind: "percent", basisPoints: Number(basisPoints) };
    case "free_shipping":
      return { kind: "free_shipping" };
    case "fixed":
    case "store_credit":
    case "gift_card":
      return { kind: "fixed", amount: amountTextOf(reward) };
    default:
      return assertNever(kind);
  }
}

/** What is owed, as decimal text of its currency. */
export function amountTextOf(reward: {
  readonly unit: string;
  readonly amount: bigint;
  readonly exponent: number;
}): string {
  const currency = parseCurrency(reward.unit);
  invariant(currency !== null, "money is owed in a currency");
  return formatDecimal({ minor: reward.amount, currency }, reward.exponent);
}

/** The code is in the shop: its discount holds one more. */
export async function codePlaced(tx: Tx, shopId: string, work: CodeWork): Promise<void> {
  await countCodes(tx, shopId, work.parentId, 1);
}
