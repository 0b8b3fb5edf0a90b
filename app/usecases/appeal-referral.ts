import { appendAudit } from "#app/data/audit.repo.ts";
import { appealsOf, openCase } from "#app/data/cases.repo.ts";
import { canonicalOf, lockPeople, ownersOfKeys } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { APPEALS_MAX, APPEALS_WINDOW_DAYS, isAppealable } from "#app/domain/review/appeal.ts";
import type { AppealGround } from "#app/domain/review/appeal.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

const DAY_MS = 86_400_000;

export type AppealResult = {
  /** `known`: it was appealed before, which is as good. `not_found` also for a referral of somebody else. */
  readonly outcome: "appealed" | "known" | "not_found" | "not_appealable" | "too_many";
};

/**
 * A referrer asks for another look at a referral of theirs that came to nothing: a case for a person, at most one a
 * referral ever, and five a customer in thirty days.
 *
 * @param input.customerId digits, from a verified session token or a signed proxy parameter
 */
export async function appealReferral(
  deps: { pools: Pools; clock: Clock },
  input: { shop: KnownShop; customerId: string; referralId: string; ground: AppealGround },
): Promise<AppealResult> {
  const { shop, referralId } = input;
  const { shopId } = shop;
  const hash = shop.keyring.person("customer", input.customerId);
  return retryRaces(() =>
    inShop(deps.pools, shopId, async (tx): Promise<AppealResult> => {
      const now = deps.clock.now();
      const referral = await referralById(tx, shopId, referralId);
      const [owner] = await ownersOfKeys(tx, shopId, [{ kind: "customer", hash }]);
      if (referral === null || owner === undefined) return { outcome: "not_found" };
      const personId = await canonicalOf(tx, shopId, owner.personId);
      if ((await canonicalOf(tx, shopId, referral.referrerPerson)) !== personId) return { outcome: "not_found" };
      if (!isAppealable(referral.state)) return { outcome: "not_appealable" };
      return file(tx, { shopId, personId, referralId, ground: input.ground, now });
    }),
  );
}

type Filing = { shopId: string; personId: string; referralId: string; ground: AppealGround; now: Date };

/** The person's row is locked first, so that twenty presses at once are one appeal and count as one. */
async function file(tx: Tx, args: Filing): Promise<AppealResult> {
  const { shopId, personId, referralId, ground, now } = args;
  await lockPeople(tx, shopId, [personId]);
  const since = new Date(now.getTime() - APPEALS_WINDOW_DAYS * DAY_MS);
  const earlier = await appealsOf(tx, { shopId, personId, referralId, since });
  if (earlier.ofReferral > 0) return { outcome: "known" };
  if (earlier.ofPerson >= APPEALS_MAX) return { outcome: "too_many" };
  const reason = `appeal_${ground}`;
  const isFirst = await openCase(tx, { shopId, kind: "appeal", referralId, personId, reason, now });
  // Two who were made one person meanwhile lock a row each: who comes second looks again, and finds the other's.
  assertWon(isFirst, "this referral was appealed meanwhile");
  const detail = { kind: "appeal", ground };
  await appendAudit(tx, {
    id: newId(),
    shopId,
    at: now,
    actor: "customer",
    action: "referral.appealed",
    subject: referralId,
    detail,
  });
  return { outcome: "appealed" };
}
