import type { FoundDifference } from "#app/data/differences.repo.ts";
import { creditsToCompare, keepCreditDifferences } from "#app/data/given-credits.repo.ts";
import type { GivenCredit } from "#app/data/given-credits.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { changedCreditFields } from "#app/domain/reconcile/given-credit.ts";
import type { CompareStep } from "./compare-round.ts";
import type { ShopAdmin } from "./ports.ts";
import type { FoundCredit } from "./reconcile-ports.ts";

const CREDITS_PER_PAGE = 50;
const FORMS = ["gift_card", "store_credit"] as const;

/**
 * Compares some of the store credit and gift cards that were given with what the shop has: each is there, worth what it was
 * given as, until it ends. What a customer spends of it is Shopify's account and no difference. A shop that took the scope
 * back is compared in all else.
 */
export const compareCredits: CompareStep = async (deps, shop, round) => {
  const { shopId } = shop;
  const { after } = round;
  const made = await inShop(deps.pools, shopId, (tx) =>
    creditsToCompare(tx, { shopId, after, now: deps.clock.now(), limit: CREDITS_PER_PAGE }),
  );
  const last = made.at(-1);
  if (last === undefined) return { outcome: "ok", round, pages: 0, isLast: true };
  const admin = deps.admin.forShop(shopId, shop.domain);
  const held = new Map<string, FoundCredit>();
  for (const form of FORMS) {
    const answer = await heldOf(admin, form, made);
    if (answer.outcome === "refused") {
      deps.logger.warn({ shopId, reason: answer.code }, "store credit or gift cards could not be compared");
      return { outcome: "ok", round, pages: 1, isLast: true };
    }
    if (answer.outcome !== "ok") return answer;
    for (const credit of answer.credits) held.set(credit.externalId, credit);
  }
  const found = made.flatMap((credit) => differenceOf(credit, held.get(credit.externalId) ?? null));
  const compared = made.map(({ rewardId }) => rewardId);
  const opened = await inShop(deps.pools, shopId, (tx) =>
    keepCreditDifferences(tx, { shopId, compared, found, now: deps.clock.now() }),
  );
  const next = { ...round, after: last.rewardId, opened: round.opened + opened };
  return { outcome: "ok", round: next, pages: 1, isLast: made.length < CREDITS_PER_PAGE };
};

async function heldOf(admin: ShopAdmin, form: GivenCredit["form"], made: readonly GivenCredit[]) {
  const ids = made.filter((credit) => credit.form === form).map(({ externalId }) => externalId);
  return ids.length === 0 ? ({ outcome: "ok", credits: [] } as const) : admin.creditsById(form, ids);
}

function differenceOf(made: GivenCredit, held: FoundCredit | null): FoundDifference[] {
  const about = { subject: made.externalId, rewardId: made.rewardId };
  if (held === null) return [{ ...about, kind: "credit_missing", detail: { form: made.form } }];
  const fields = changedCreditFields(made, held);
  return fields.length === 0 ? [] : [{ ...about, kind: "credit_changed", detail: { form: made.form, fields } }];
}
