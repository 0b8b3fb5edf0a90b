import { ensureLiabilityAccounts, ensureReferrerCaps } from "#app/data/ledger.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { openReferral as insertReferral } from "#app/data/referrals.repo.ts";
import type { ReferralEvidence } from "#app/data/referral-evidence.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { keepCode } from "#app/data/codes.repo.ts";
import type { CodeRow } from "#app/data/codes.repo.ts";
import type { ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import { daysMs } from "#app/domain/referral/durations.ts";
import { rewardAmountMinor, rewardUnit } from "#app/domain/reward/reward-value.ts";
import { owedSides, SIDE } from "#app/domain/reward/side.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { keepEvidence } from "./weigh-clicks.ts";
import type { FriendsBrowser } from "./weigh-clicks.ts";

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
  args: { shopId: string; friendPerson: string; winner: ClickEvidence; browser: FriendsBrowser; now: Date },
): Promise<OpenedReferral | null> {
  const { shopId, winner } = args;
  const { codeId, referrerPerson } = winner;
  invariant(codeId !== null && referrerPerson !== null, "a click that won leads to a code, and to its owner");
  const code = await keepCode(tx, shopId, codeId);
  invariant(code !== null, "codes are never deleted");
  if (code.retiredReason === "abuse") return null;
  const terms = await termsOfVersion(tx, shopId, code.termsVersion);
  const evidence = await keepEvidence(tx, shopId, winner, args.browser);
  return openOnCode(tx, {
    shopId,
    code,
    terms,
    friendPerson: args.friendPerson,
    referrerPerson,
    expiresAt: new Date(winner.clickedAt + daysMs(terms.windowDays)),
    evidence,
    now: args.now,
    actor: "worker",
  });
}

/**
 * Opens a friend's referral on a code, whatever brought it about.
 * @param args.evidence the click that won; null for one that a person opens by hand
 * @returns the referral, or null when the friend has a live or rewarded one already
 */
export async function openOnCode(
  tx: Tx,
  args: {
    shopId: string;
    code: CodeRow;
    terms: Terms;
    friendPerson: string;
    referrerPerson: string;
    expiresAt: Date;
    evidence: ReferralEvidence | null;
    now: Date;
    actor: string;
  },
): Promise<OpenedReferral | null> {
  const { shopId, code, terms, friendPerson, expiresAt, now } = args;
  const referrerOwed = owing(terms, "referrer");
  const friendOwed = owing(terms, "friend");
  const owed = owedSides(terms.friend.when);
  await ensureLiabilityAccounts(tx, shopId, [
    { personId: code.personId, unit: referrerOwed.unit },
    ...((owed & SIDE.friend) === 0 ? [] : [{ personId: friendPerson, unit: friendOwed.unit }]),
  ]);
  const { capTotal, cap30Days } = terms;
  await ensureReferrerCaps(tx, shopId, [{ personId: args.referrerPerson, capTotal, cap30Days }]);
  const referralId = newId();
  const { evidence, actor } = args;
  const row = {
    shopId,
    referralId,
    codeId: code.id,
    friendPerson,
    expiresAt,
    evidence,
    now,
    actor,
    owed,
    referrerOwed,
    friendOwed,
  };
  if (!(await insertReferral(tx, row))) return null;
  return { referralId, terms, expiresAt };
}

/**
 * Plans to ask Shopify who the two people of a referral are, so that each sees the other by first name. For one that was
 * opened without its order: the screen of an order asks about both people anyway.
 */
export async function askToMeet(
  tx: Tx,
  { shopId, referralId, now }: { shopId: string; referralId: string; now: Date },
): Promise<void> {
  const meeting = { topic: "referral.meet", dedupeKey: `meet:${referralId}`, payload: { referralId } } as const;
  await enqueueOutbox(tx, { id: newId(), shopId, ...meeting, nextAt: now, now });
}

function owing(terms: Terms, side: "referrer" | "friend"): { unit: string; amountMinor: bigint } {
  return { unit: rewardUnit(terms[side].kind, terms.currency), amountMinor: rewardAmountMinor(terms[side]) };
}
