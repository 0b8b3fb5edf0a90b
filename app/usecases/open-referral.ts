import { ensureLiabilityAccounts, ensureReferrerCap } from "#app/data/ledger.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { openReferral as insertReferral } from "#app/data/referrals.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { keepCode } from "#app/data/codes.repo.ts";
import type { ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import { daysMs } from "#app/domain/referral/durations.ts";
import { rewardAmountMinor, rewardUnit } from "#app/domain/reward/reward-value.ts";
import { owedSides, SIDE } from "#app/domain/reward/side.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { keepEvidence } from "./weigh-clicks.ts";

export type OpenedReferral = { readonly referralId: string; readonly terms: Terms; readonly expiresAt: Date };

/**
 * Opens the referral of a friend by the click that won: accounts, cap counter, the referral with a pending for each
 * side that is owed (a discount on the first order is not), and the work that lets it lapse. Amounts are those of the
 * terms that the code pins.
 *
 * @returns the referral, or null when the friend has a live or rewarded one already (the index decided), or the code was
 * retired for abuse a moment ago
 */
export async function openReferral(
  tx: Tx,
  args: { shopId: string; friendPerson: string; winner: ClickEvidence; now: Date },
): Promise<OpenedReferral | null> {
  const { shopId, winner } = args;
  invariant(winner.codeId !== null, "a click that won leads to a code");
  const code = await keepCode(tx, shopId, winner.codeId);
  invariant(code !== null, "codes are never deleted");
  if (code.retiredReason === "abuse") return null;
  const terms = await termsOfVersion(tx, shopId, code.termsVersion);
  const referrerOwed = owing(terms, "referrer");
  const friendOwed = owing(terms, "friend");
  const owed = owedSides(terms.friend.when);
  const isFriendOwed = (owed & SIDE.friend) !== 0;
  await ensureLiabilityAccounts(tx, shopId, [
    { personId: code.personId, unit: referrerOwed.unit },
    ...(isFriendOwed ? [{ personId: args.friendPerson, unit: friendOwed.unit }] : []),
  ]);
  await ensureReferrerCap(tx, {
    shopId,
    personId: winner.referrerPerson ?? code.personId,
    capTotal: terms.capTotal,
    cap30Days: terms.cap30Days,
  });
  const referralId = newId();
  const expiresAt = new Date(winner.clickedAt + daysMs(terms.windowDays));
  const evidence = await keepEvidence(tx, shopId, winner);
  const opened = await insertReferral(tx, {
    shopId,
    referralId,
    codeId: code.id,
    friendPerson: args.friendPerson,
    owed,
    expiresAt,
    evidence,
    referrerOwed,
    friendOwed,
    now: args.now,
  });
  if (!opened) return null;
  await enqueueOutbox(tx, {
    id: newId(),
    shopId,
    topic: "referral.meet",
    dedupeKey: `meet:${referralId}`,
    payload: { referralId },
    nextAt: args.now,
    now: args.now,
  });
  return { referralId, terms, expiresAt };
}

function owing(terms: Terms, side: "referrer" | "friend"): { unit: string; amountMinor: bigint } {
  return { unit: rewardUnit(terms[side].kind, terms.currency), amountMinor: rewardAmountMinor(terms[side]) };
}
