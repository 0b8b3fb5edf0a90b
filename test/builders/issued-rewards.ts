import { moveReward } from "#app/data/reward-uses.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { planRewardExpiry } from "#app/usecases/plan-reward-expiry.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { convertReferral, insertCode, insertPerson, insertTerms, openReferral, payOut } from "#test/harness/world.ts";

export type IssuedReward = {
  readonly rewardId: string;
  readonly referralId: string;
  readonly personId: string;
  readonly code: string;
  readonly expiresAt: Date;
};

const PERCENT_VERSION = 90;

/** The reward of a referrer whose code was issued just now: 10.00 GBP, or a coupon of 10 %, good for 30 days. */
export async function issueReward(world: UseCases, unit: "GBP" | "coupon" = "GBP"): Promise<IssuedReward> {
  const { pools, shopId, clock } = world;
  return inShop(pools, shopId, async (tx) => {
    const [referrer, friend] = [await insertPerson(tx, shopId), await insertPerson(tx, shopId)];
    if (unit === "coupon") await insertTerms(tx, { shopId, version: PERCENT_VERSION, kind: "percent" });
    const termsVersion = unit === "coupon" ? PERCENT_VERSION : 1;
    const minted = await insertCode(tx, { shopId, personId: referrer, termsVersion });
    const referralId = await openReferral(tx, { shopId, referrer, friend, ...minted }, { unit });
    await convertReferral(tx, shopId, referralId);
    await payOut(tx, shopId, referralId);
    const [reward] = await tx.query<{ id: string }>("SELECT id FROM rewards WHERE referral_id = $1 AND side = 1", [
      referralId,
    ]);
    const rewardId = reward?.id ?? "";
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + 30 * DAY_MS);
    const code = newId().slice(-12).toUpperCase();
    await tx.execute("UPDATE rewards SET code = $2, expires_at = $3 WHERE id = $1", [rewardId, code, expiresAt]);
    await moveReward(tx, { shopId, rewardId, from: "owed", to: "issued" });
    await planRewardExpiry(tx, { shopId, rewardId, expiresAt, now });
    return { rewardId, referralId, personId: referrer, code, expiresAt };
  });
}

export type BookedEntry = { readonly purpose: string; readonly unit: string; readonly amount: bigint };

/** What the ledger has booked on a reward, in the order of booking by purpose. */
export function entriesOf(world: UseCases, rewardId: string): Promise<BookedEntry[]> {
  return world.query<BookedEntry>(
    `SELECT purpose || CASE WHEN reverses IS NULL THEN '' ELSE ':' || debit_type END AS purpose, unit, amount
       FROM ledger_transfers WHERE reward_id = $1 ORDER BY 1, unit`,
    [rewardId],
  );
}

/** Where a reward stands. */
export async function rewardOf(world: UseCases, rewardId: string): Promise<{ status: string; remaining: bigint }> {
  const [row] = await world.query<{ status: string; remaining: bigint }>(
    "SELECT status, remaining FROM rewards WHERE id = $1",
    [rewardId],
  );
  if (row === undefined) throw new Error("there is no such reward");
  return row;
}
