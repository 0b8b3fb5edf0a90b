import { markSending } from "#app/data/rewards.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { expiryFor } from "#app/domain/reward/reward-expiry.ts";
import { amountTextOf, codeOfReward } from "./fulfil-code.ts";
import { waitFor } from "./placed.ts";
import type { Placed } from "./placed.ts";
import type { GiftCardDraft, ShopAdmin } from "./ports.ts";
import type { RewardPlan } from "./reward-plan.ts";

export type GiftCardWork = {
  readonly form: "gift_card";
  readonly card: GiftCardDraft;
  /** An earlier run may have made it: look before making it. */
  readonly wasTried: boolean;
};

/** Writes down the code of a gift card before anything is sent. The code follows from the reward, as a discount's does. */
export async function prepareGiftCard(tx: Tx, shop: KnownShop, plan: RewardPlan, now: Date): Promise<GiftCardWork> {
  const { reward, offer } = plan;
  const code = codeOfReward(shop, reward);
  const expiresAt = reward.expiresAt ?? new Date(expiryFor(now.getTime(), offer.expiresAfterDays));
  await markSending(tx, { shopId: shop.shopId, rewardId: reward.id, form: "gift_card", code, expiresAt });
  const note = `Goodword reward ${reward.id}`;
  const card = { code, amount: amountTextOf(reward), currency: reward.unit, expiresAt, note };
  return { form: "gift_card", card, wasTried: reward.status !== "owed" };
}

/**
 * Makes a gift card exist, exactly once, whatever happened before: no shop has two of one code. One that Shopify calls
 * taken but does not show is waited for; one with our code and another's note is not ours.
 */
export async function placeGiftCard(admin: ShopAdmin, work: GiftCardWork): Promise<Placed> {
  const { card } = work;
  if (work.wasTried) {
    const found = await adopt(admin, card);
    if (found.outcome !== "missing") return found;
  }
  const created = await admin.createGiftCard(card);
  switch (created.outcome) {
    case "ok":
      return { outcome: "placed", externalId: created.cardId };
    case "taken": {
      const found = await adopt(admin, card);
      return found.outcome === "missing" ? waitFor("taken_but_not_found", 1_000) : found;
    }
    case "unknown":
      return waitFor("outcome_unknown", 1_000);
    case "refused":
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return created;
  }
}

async function adopt(admin: ShopAdmin, card: GiftCardDraft): Promise<Placed | { readonly outcome: "missing" }> {
  const found = await admin.findGiftCard(card.code);
  if (found.outcome === "not_found") return { outcome: "missing" };
  if (found.outcome !== "found") return found;
  if (found.note !== card.note) return { outcome: "refused", code: "CODE_OF_ANOTHER_GIFT_CARD" };
  return { outcome: "placed", externalId: found.cardId };
}
