import { referralById } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import { learnProfile, profileOf } from "./learn-profile.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import { profileOfCustomer } from "./read-evidence.ts";
import { referralIdOf } from "./referral-work.ts";
import type { ReferralWorkDeps } from "./referral-work.ts";
import { againAfterTrouble } from "./verdicts.ts";

/**
 * Asks Shopify once who the two people of a new referral are (outbox topic `referral.meet`), so that each sees the other by
 * first name from the first day. What it tells is sealed; nothing else waits for it.
 */
export async function meetPeople(deps: ReferralWorkDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const referralId = referralIdOf(row);
  const shop = await deps.shops.byId(shopId);
  if (referralId === null || shop === null) return { outcome: "done" };
  const admin = deps.admin.forShop(shopId, shop.domain);
  for (const [personId, customerId] of await unmet(deps, shopId, referralId)) {
    const answer = await admin.readCustomer(customerId);
    if (answer.outcome === "not_found" || answer.outcome === "refused") continue;
    if (answer.outcome !== "ok") return againAfterTrouble(deps.clock.now(), row.attempts, answer);
    const learned = profileOfCustomer(answer.customer);
    await inShop(deps.pools, shopId, (tx) => learnProfile(tx, { keys: deps.keys, shopId, personId, learned }));
  }
  return { outcome: "done" };
}

/** The people of an open referral whose first name is not known, each with the customer id that leads to them. */
async function unmet(deps: ReferralWorkDeps, shopId: string, referralId: string): Promise<[string, string][]> {
  return inShop(deps.pools, shopId, async (tx) => {
    const referral = await referralById(tx, shopId, referralId);
    if (referral === null || settlementOf(referral.state) === "VOID") return [];
    const found: [string, string][] = [];
    for (const personId of [referral.friendPerson, referral.referrerPerson]) {
      const profile = await profileOf(tx, { keys: deps.keys, shopId, personId });
      if (profile.customerId && profile.firstName === null) found.push([personId, profile.customerId]);
    }
    return found;
  });
}
