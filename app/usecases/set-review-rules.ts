import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { listStaff, saveReviewRules, staffOf } from "#app/data/review-rules.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import { parseMoney } from "#app/domain/money/decimal.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";

export type SetReviewRulesInput = {
  readonly shopId: string;
  readonly listedOnly: boolean;
  /** Subjects of session tokens; whoever keeps the list is on it anyway. */
  readonly listed: readonly string[];
  /** Decimal text in the shop's currency; null: one person is enough for any amount. */
  readonly secondOver: string | null;
  readonly actor: string;
};

export type SetReviewRulesResult =
  { readonly outcome: "saved" } | { readonly outcome: "not_manager" } | { readonly outcome: "bad_amount" };

/** Says who may decide cases and over which amount two people must agree. Only whoever keeps the list may say so. */
export async function setReviewRules(
  deps: { pools: Pools; clock: Clock; shops: ShopDirectory },
  input: SetReviewRulesInput,
): Promise<SetReviewRulesResult> {
  const { shopId, listedOnly } = input;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "not_manager" };
  const currency = parseCurrency(shop.currency);
  invariant(currency !== null, "a shop counts in a currency");
  const amount = input.secondOver === null ? null : parseMoney(input.secondOver, currency, exponentOf(currency));
  if (amount !== null && amount.outcome !== "ok") return { outcome: "bad_amount" };
  const secondOverMinor = amount === null ? null : amount.money.minor;
  return inShop(deps.pools, shopId, async (tx) => {
    const staff = await staffOf(tx, shopId);
    if (!staff.some((each) => each.manages && each.subject === input.actor)) return { outcome: "not_manager" };
    await saveReviewRules(tx, { shopId, listedOnly, secondOverMinor, currency });
    await listStaff(tx, { shopId, subjects: input.listed });
    const entry = {
      id: newId(),
      shopId,
      at: deps.clock.now(),
      actor: input.actor,
      action: "review.rules",
      subject: null,
    };
    const detail = { listedOnly, listed: input.listed, secondOver: input.secondOver, currency };
    await appendAudit(tx, { ...entry, detail });
    return { outcome: "saved" };
  });
}
