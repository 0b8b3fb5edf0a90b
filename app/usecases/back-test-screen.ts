import { lastDecisionsSince } from "#app/data/decisions.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import { backTest } from "#app/domain/screen/back-test.ts";
import type { BackTest } from "#app/domain/screen/back-test.ts";
import { mergeTerms } from "#app/domain/terms/merge-terms.ts";
import type { TermsProblem } from "#app/domain/terms/problems.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";

const REFERRALS_MAX = 20_000;
export const BACK_TEST_MONTHS_MAX = 24;
const MONTH_MS = 30 * 86_400_000;

export type BackTestResult =
  | (BackTest & {
      readonly outcome: "tested";
      readonly since: Date;
      /** There were more referrals than are looked at; the newest were taken. */
      readonly isTruncated: boolean;
    })
  | { readonly outcome: "invalid"; readonly problems: readonly TermsProblem[] };

/**
 * Shows what changed settings of the screen would have made of the past, before anybody saves them: judges each referral of
 * the last months anew on the features of its last decision. Reads only.
 *
 * @param input.screen the change, in the public form of `terms.screen`, laid over the settings in force
 * @param input.months of thirty days, 1 to 24; others are brought into that range
 */
export async function backTestScreen(
  deps: { readonly pools: Pools; readonly clock: Clock },
  input: { readonly shopId: string; readonly screen: unknown; readonly months: number },
): Promise<BackTestResult> {
  const { shopId } = input;
  const months = Math.min(BACK_TEST_MONTHS_MAX, Math.max(1, Math.trunc(input.months)));
  const since = new Date(deps.clock.now().getTime() - months * MONTH_MS);
  return inShop(deps.pools, shopId, async (tx): Promise<BackTestResult> => {
    const current = await currentTerms(tx, shopId);
    invariant(current, "the install makes the first terms");
    const proposed = mergeTerms(current.terms, { screen: input.screen });
    if (proposed.outcome === "invalid") return proposed;
    const past = await lastDecisionsSince(tx, { shopId, since, limit: REFERRALS_MAX + 1 });
    const tested = backTest(past.slice(0, REFERRALS_MAX), proposed.terms.screen);
    return { outcome: "tested", ...tested, since, isTruncated: past.length > REFERRALS_MAX };
  });
}
