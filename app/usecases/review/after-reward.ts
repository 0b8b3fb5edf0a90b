import {
  bookCaseEntry,
  clawedReward,
  ensureClawBackAccount,
  grantReward,
  markCancelled,
  sendAgain,
} from "#app/data/after-reward.repo.ts";
import type { DecidedReward } from "#app/data/after-reward.repo.ts";
import { ensureLiabilityAccounts } from "#app/data/ledger.repo.ts";
import { addNote } from "#app/data/notes.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { markIssuedByHand } from "#app/data/rewards.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { isSpent, isUnused } from "#app/domain/review/choices.ts";
import { rewardAmountMinor, rewardUnit } from "#app/domain/reward/reward-value.ts";
import { SIDE } from "#app/domain/reward/side.ts";
import type { Side } from "#app/domain/reward/side.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { auditDecision, notAllowed, settleCase } from "./reviewing.ts";
import type { Reviewing, ReviewResult } from "./reviewing.ts";

const CLOSED: ReviewResult = { outcome: "decided", state: "closed" };

/** Everything stays as it is. */
export async function leave(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  await settleCase(tx, reviewing, "left");
  await auditDecision(tx, reviewing, "case.left");
  return CLOSED;
}

/** Takes unused codes back: what was owed is broken off, and then the code goes from the shop. */
export async function withdraw(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  const chosen = chosenOf(reviewing, isUnused, "both");
  if (chosen.length === 0) return notAllowed("That side has no unused code.");
  await settleCase(tx, reviewing, "withdrawn");
  for (const reward of chosen) {
    const { id: rewardId, remaining: amount } = reward;
    const isTaken = await markCancelled(tx, shopId, rewardId);
    invariant(isTaken, "the reward was locked and unused");
    if (amount > 0n) await bookCaseEntry(tx, { shopId, purpose: "breakage", rewardId, caseId: held.id, amount, now });
    if (reward.code !== null) {
      const work = { topic: "code.withdraw", dedupeKey: `withdraw:${rewardId}`, payload: { rewardId } } as const;
      await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
    }
    await auditDecision(tx, reviewing, "reward.withdrawn", { rewardId, side: reward.side });
  }
  return CLOSED;
}

/** Makes the whole used reward a receivable from its person: later rewards are set off against it, one whole one at a time. */
export async function clawBack(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  const [reward] = reviewing.rewards.filter(isSpent);
  invariant(reward !== undefined, "the choice was offered for a used reward");
  await settleCase(tx, reviewing, "clawed_back");
  const { id: rewardId, personId, unit, amount } = reward;
  await ensureClawBackAccount(tx, { shopId, personId, unit });
  await bookCaseEntry(tx, { shopId, purpose: "claw_back", rewardId, caseId: held.id, amount, now });
  await auditDecision(tx, reviewing, "reward.clawed_back", { rewardId, unit, amount: String(amount) });
  return CLOSED;
}

/** Lets the rest of a receivable go. */
export async function waive(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  await settleCase(tx, reviewing, "waived");
  const rewardId = await clawedReward(tx, shopId, held.id);
  invariant(rewardId !== null, "a receivable came of a reward");
  const amount = held.clawOpen;
  await bookCaseEntry(tx, { shopId, purpose: "waive", rewardId, caseId: held.id, amount, now });
  await auditDecision(tx, reviewing, "receivable.waived", { rewardId, amount: String(amount) });
  return CLOSED;
}

/** Gives one side what the referral's terms promise it once more, at the shop's own cost. */
export async function giveGoodwill(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  await settleCase(tx, reviewing, "goodwill");
  const side = sideOf(reviewing);
  const terms = await termsOfVersion(tx, shopId, referral.termsVersion);
  const offered = side === SIDE.referrer ? terms.referrer : terms.friend;
  const personId = side === SIDE.referrer ? referral.referrerPerson : referral.friendPerson;
  const worth = { unit: rewardUnit(offered.kind, terms.currency), amount: rewardAmountMinor(offered) };
  await ensureLiabilityAccounts(tx, shopId, [{ personId, unit: worth.unit }]);
  const grant = { shopId, caseId: held.id, referralId: referral.id, personId, side, ...worth, now };
  const rewardId = await grantReward(tx, { ...grant, kind: "goodwill", replaces: null });
  invariant(rewardId !== null, "every shop has the accounts of its units");
  await auditDecision(tx, reviewing, "reward.goodwill", {
    rewardId,
    side,
    unit: worth.unit,
    amount: String(worth.amount),
  });
  return CLOSED;
}

/** Gives again what was broken off a withdrawn or expired reward. */
export async function replace(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  const isBrokenOff = (reward: DecidedReward) =>
    ["cancelled", "expired"].includes(reward.status) && reward.kind !== "welcome" && !reward.replaced;
  const [old] = chosenOf(reviewing, isBrokenOff, "referrer");
  if (old === undefined) return notAllowed("That side has no withdrawn or expired reward.");
  await settleCase(tx, reviewing, "replaced");
  const { personId, side, unit, amount } = old;
  const grant = { shopId, caseId: held.id, referralId: referral.id, personId, side, unit, amount, now };
  const rewardId = await grantReward(tx, { ...grant, kind: "replacement", replaces: old.id });
  invariant(rewardId !== null, "the old reward's account is the new one's");
  await auditDecision(tx, reviewing, "reward.replaced", { rewardId, replaces: old.id, side });
  return CLOSED;
}

/** A person looked in Shopify and found what nobody had confirmed: it is issued. */
export async function confirmIssued(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  const { input, now } = reviewing;
  const { shopId } = input;
  const chosen = unknownOnes(reviewing);
  await settleCase(tx, reviewing, "issued");
  for (const reward of chosen) {
    const isChanged = await markIssuedByHand(tx, { shopId, rewardId: reward.id, now });
    invariant(isChanged, "the reward was locked and its outcome unknown");
    const { id: rewardId, side, personId } = reward;
    await addNote(tx, { shopId, id: newId(), rewardId, side, personId, source: "template:en", now });
    const work = { topic: "note.send", dedupeKey: `note:${rewardId}`, payload: { rewardId } } as const;
    await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
    await auditDecision(tx, reviewing, "reward.issued", { rewardId, side, byHand: true });
  }
  return CLOSED;
}

/** A person looked in Shopify and found nothing: it is sent again. */
export async function resend(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  const { input, now } = reviewing;
  const { shopId } = input;
  const chosen = unknownOnes(reviewing);
  await settleCase(tx, reviewing, "sent_again");
  for (const reward of chosen) {
    const isDue = await sendAgain(tx, { shopId, rewardId: reward.id, now });
    invariant(isDue, "the reward was locked and its outcome unknown");
    await auditDecision(tx, reviewing, "reward.sent_again", { rewardId: reward.id, side: reward.side });
  }
  return CLOSED;
}

function unknownOnes(reviewing: Reviewing): DecidedReward[] {
  const { rewardId } = reviewing.held;
  const isAsked = (reward: DecidedReward) => rewardId === null || reward.id === rewardId;
  return chosenOf(reviewing, (reward) => reward.status === "unknown" && isAsked(reward), "both");
}

/** The rewards that a choice is for: of the side that was named, or of the usual one if that side has any, else of the other. */
function chosenOf(
  { input, rewards }: Reviewing,
  fits: (reward: DecidedReward) => boolean,
  usual: "referrer" | "both",
): DecidedReward[] {
  const fitting = rewards.filter(fits);
  const named = input.side ?? null;
  if (named === "both" || (named === null && usual === "both")) return fitting;
  const ofSide = (side: Side) => fitting.filter((reward) => reward.side === side);
  if (named !== null) return ofSide(SIDE[named]);
  return ofSide(SIDE.referrer).length > 0 ? ofSide(SIDE.referrer) : ofSide(SIDE.friend);
}

function sideOf({ input }: Reviewing): Side {
  return input.side === "friend" ? SIDE.friend : SIDE.referrer;
}
