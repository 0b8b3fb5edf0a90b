import { historyOf } from "#app/data/people.repo.ts";
import { referralsOfFriend } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { AttributionFacts } from "#app/domain/attribution/attribution-facts.ts";
import { settlementOf } from "#app/domain/referral/state.ts";

/** @returns the referral that is open for this friend, or null */
export async function openReferralOf(tx: Tx, shopId: string, personId: string): Promise<ReferralRow | null> {
  return openOf(await referralsOfFriend(tx, shopId, personId));
}

function openOf(referrals: readonly ReferralRow[]): ReferralRow | null {
  return referrals.find((referral) => settlementOf(referral.state) === "OPEN") ?? null;
}

export type FriendFacts = { readonly friend: AttributionFacts["friend"]; readonly openReferral: ReferralRow | null };

/** Reads what attribution needs to know of a friend: what they bought before, and whether a referral of theirs exists. */
export async function friendFacts(tx: Tx, shopId: string, personId: string): Promise<FriendFacts> {
  const history = await historyOf(tx, shopId, personId);
  const referrals = await referralsOfFriend(tx, shopId, personId);
  const open = openOf(referrals);
  return {
    friend: {
      personId,
      firstOrderAt: history.firstOrderAt?.getTime() ?? null,
      lastOrderAt: history.lastOrderAt?.getTime() ?? null,
      // After a rejection nothing opens by itself: only a person's undo does.
      hasLiveReferral: open !== null || referrals.some((referral) => referral.state === "REJECTED"),
      hasRewardedReferral: referrals.some((referral) => referral.state === "REWARDED"),
    },
    openReferral: open,
  };
}
