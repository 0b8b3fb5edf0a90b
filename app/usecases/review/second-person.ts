import { ensureOpenCase } from "#app/data/cases.repo.ts";
import { holdReferral } from "#app/data/referrals.repo.ts";
import { approveFirst, promisedMinor, reviewRulesOf } from "#app/data/review-rules.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { invariant } from "#app/platform/errors.ts";

const REASON = "opened_by_hand";

/** @returns whether what a referral would pay is over the amount for which the shop wants two people */
export async function takesTwo(tx: Tx, shopId: string, referralId: string): Promise<boolean> {
  const { secondOverMinor, currency } = await reviewRulesOf(tx, shopId);
  if (secondOverMinor === null || currency === null) return false;
  return (await promisedMinor(tx, { shopId, referralId, unit: currency })) > secondOverMinor;
}

/**
 * Holds a referral that one person opened by hand, where two have to agree: opening it was the first approval.
 * @returns whether it waits now
 */
export async function holdForSecond(
  tx: Tx,
  args: { shopId: string; referralId: string; actor: string; now: Date },
): Promise<boolean> {
  const { shopId, referralId, actor, now } = args;
  if (!(await takesTwo(tx, shopId, referralId))) return false;
  await holdReferral(tx, { shopId, referralId, reason: REASON });
  const hold = { shopId, kind: "fraud_hold", referralId, personId: null, reason: REASON, now } as const;
  const caseId = await ensureOpenCase(tx, hold);
  invariant(await approveFirst(tx, { shopId, caseId, version: 0, by: actor }), "a case that was just opened is new");
  return true;
}
