import { appendAudit } from "#app/data/audit.repo.ts";
import { claimOfFriend } from "#app/data/claims.repo.ts";
import { addNote } from "#app/data/notes.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import { giveWelcomeCode } from "#app/data/rewards.repo.ts";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { issueWelcomeCode } from "#app/data/welcome-codes.repo.ts";
import { expiryFor } from "#app/domain/reward/reward-expiry.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { endLater, fillWhenLow } from "./welcome-pool.ts";

export type WelcomeIssue = {
  /** `given`: the note is on its way. `spent`: used before on another order, so nothing is sent. */
  readonly outcome: "given" | "spent" | "pool_empty";
  /** Whether the outbox has new work. */
  readonly rings: boolean;
};

/**
 * Gives a paid referral's friend, who is owed nothing, the welcome code that their first order did not carry: the one they
 * claimed and have not used, else one of the pool. No call to Shopify: the code exists.
 */
export async function issueWelcome(
  tx: Tx,
  args: { shopId: string; reward: RewardRow & { referralId: string; termsVersion: number }; now: Date },
): Promise<WelcomeIssue> {
  const { shopId, reward, now } = args;
  const { termsVersion } = reward;
  const terms = await termsOfVersion(tx, shopId, termsVersion);
  const referral = await referralById(tx, shopId, reward.referralId);
  invariant(referral !== null, "a welcome reward is of a referral");
  const clickId = referral.evidence?.clickId ?? null;
  const claimId = await claimOfFriend(tx, { shopId, clickId, personId: reward.personId });
  const issued = await issueWelcomeCode(tx, { shopId, termsVersion, rewardId: reward.id, claimId, now });
  const refills = await fillWhenLow(tx, { shopId, termsVersion, terms, now });
  if (issued === null) return { outcome: "pool_empty", rings: refills };
  const expiresAt = new Date(expiryFor(now.getTime(), terms.friend.expiresAfterDays));
  const status = issued.isUsed ? "redeemed" : "issued";
  const { code, discountId } = issued;
  await giveWelcomeCode(tx, { shopId, rewardId: reward.id, code, externalId: discountId, status, expiresAt });
  const entry = { id: newId(), shopId, at: now, actor: "worker", subject: reward.id };
  await appendAudit(tx, { ...entry, action: `reward.${status}`, detail: { discountId } });
  if (issued.isUsed) return { outcome: "spent", rings: refills };
  await endLater(tx, { shopId, welcomeId: issued.id, at: expiresAt, now });
  const { side, personId } = reward;
  await addNote(tx, { shopId, id: newId(), rewardId: reward.id, side, personId, source: "template:en", now });
  const work = { topic: "note.send", dedupeKey: `note:${reward.id}`, payload: { rewardId: reward.id } } as const;
  await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
  return { outcome: "given", rings: true };
}
