import { reviewRulesOf, staffOf } from "../review-rules.repo.ts";
import type { Pools } from "../pools.ts";
import { inShop } from "../tenant.ts";
import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import type { ReviewTeamView } from "#app/read-models.ts";
import { amountView } from "./raw.ts";

/** Who may decide cases, and over which amount two people must agree. @param input.staffId who is asking */
export async function reviewTeamView(
  deps: { pools: Pools },
  input: { shopId: string; staffId: string },
): Promise<ReviewTeamView> {
  const { shopId, staffId } = input;
  return inShop(deps.pools, shopId, async (tx) => {
    const rules = await reviewRulesOf(tx, shopId);
    const staff = await staffOf(tx, shopId);
    const currency = rules.currency === null ? null : parseCurrency(rules.currency);
    return {
      listedOnly: rules.listedOnly,
      secondOver:
        rules.secondOverMinor === null || currency === null
          ? null
          : amountView(rules.secondOverMinor, currency, exponentOf(currency)),
      mayChange: staff.some(({ manages, subject }) => manages && subject === staffId),
      staff: staff.map(({ subject, seenAt, manages, mayDecide }) => ({
        subject,
        since: seenAt.toISOString(),
        isYou: subject === staffId,
        manages,
        mayDecide,
      })),
    };
  });
}
