import { ensureLiabilityAccounts, ensureReferrerCaps } from "#app/data/ledger.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { insertReferrals } from "#app/data/new-referrals.repo.ts";
import type { ReferralEvidence } from "#app/data/referral-evidence.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { keepCodes } from "#app/data/codes.repo.ts";
import type { CodeRow } from "#app/data/codes.repo.ts";
import type { ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import { daysMs } from "#app/domain/referral/durations.ts";
import { rewardAmountMinor, rewardUnit } from "#app/domain/reward/reward-value.ts";
import { owedSides, SIDE } from "#app/domain/reward/side.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { keepEvidence } from "./weigh-clicks.ts";
import type { WonClick } from "./weigh-clicks.ts";

export type OpenedReferral = {
  readonly referralId: string;
  readonly terms: Terms;
  readonly evidence: ReferralEvidence | null;
  readonly expiresAt: Date;
};

/** A friend, the canonical person, and the click that won them. */
export type WonFriend = WonClick & { readonly friendPerson: string };

/** As `openReferrals`, for one friend. @returns the referral, or null when it is left out there */
export async function openReferral(
  tx: Tx,
  args: WonFriend & { shopId: string; now: Date },
): Promise<OpenedReferral | null> {
  return (await openReferrals(tx, args, [args])).get(args.friendPerson) ?? null;
}

/**
 * Opens the referrals of friends by the clicks that won: accounts, cap counters, the referrals with a pending for each
 * side that is owed (a discount on the first order is not), and the work that lets them lapse. Amounts are those of the
 * terms that the codes pin.
 *
 * @returns the referrals by their friends. A friend is left out who has a live or rewarded one already (the index decided), or
 * whose code was retired for abuse a moment ago.
 */
export async function openReferrals(
  tx: Tx,
  { shopId, now }: { shopId: string; now: Date },
  friends: readonly WonFriend[],
): Promise<ReadonlyMap<string, OpenedReferral>> {
  const codes = await keepCodes(tx, shopId, friends.map(codeIdOf));
  const kept = friends.filter((friend) => codeOf(codes, friend).retiredReason !== "abuse");
  const evidence = await keepEvidence(tx, shopId, kept);
  const openings: Opening[] = [];
  for (const [n, friend] of kept.entries()) {
    const { winner, friendPerson } = friend;
    const code = codeOf(codes, friend);
    const terms = await termsOfVersion(tx, shopId, code.termsVersion);
    const [{ referrerPerson }, copied] = [winner, evidence[n]];
    invariant(referrerPerson !== null && copied !== undefined, "a click that won leads to the owner of its code");
    openings.push({ code, terms, friendPerson, referrerPerson, expiresAt: expiryOf(winner, terms), evidence: copied });
  }
  return openOnCodes(tx, { shopId, now, actor: "worker" }, openings);
}

/** When a referral ends that a click opens by these terms. */
export function expiryOf(winner: ClickEvidence, terms: Terms): Date {
  return new Date(winner.clickedAt + daysMs(terms.windowDays));
}

function codeIdOf({ winner }: WonFriend): string {
  invariant(winner.codeId !== null, "a click that won leads to a code");
  return winner.codeId;
}

function codeOf(codes: ReadonlyMap<string, CodeRow>, friend: WonFriend): CodeRow {
  const code = codes.get(codeIdOf(friend));
  invariant(code !== undefined, "codes are never deleted");
  return code;
}

/** A referral to be opened on a code, whatever brings it about; `evidence` is null for one that a person opens by hand. */
export type Opening = {
  readonly code: CodeRow;
  readonly terms: Terms;
  readonly friendPerson: string;
  readonly referrerPerson: string;
  readonly expiresAt: Date;
  readonly evidence: ReferralEvidence | null;
};

/** Opens friends' referrals on codes. @returns them by their friends; who has a live or rewarded one already is left out */
export async function openOnCodes(
  tx: Tx,
  args: { shopId: string; now: Date; actor: string },
  openings: readonly Opening[],
): Promise<ReadonlyMap<string, OpenedReferral>> {
  if (openings.length === 0) return new Map();
  const { shopId } = args;
  const rows = openings.map(rowOf);
  await ensureLiabilityAccounts(tx, shopId, [...new Map(rows.flatMap(accountsOf)).values()]);
  // Of two codes of one referrer the later's terms stand, as if they had come one by one.
  const caps = openings.map(({ referrerPerson, terms: { capTotal, cap30Days } }) => {
    return [referrerPerson, { personId: referrerPerson, capTotal, cap30Days }] as const;
  });
  await ensureReferrerCaps(tx, shopId, [...new Map(caps).values()]);
  const opened = await insertReferrals(tx, args, rows);
  return new Map(
    rows
      .filter(({ id }) => opened.has(id))
      .map(({ id, opening: { friendPerson, terms, evidence, expiresAt } }) => [
        friendPerson,
        { referralId: id, terms, evidence, expiresAt },
      ]),
  );
}

function rowOf(opening: Opening) {
  const { code, terms, friendPerson, expiresAt, evidence } = opening;
  const owed = owedSides(terms.friend.when);
  const owing = { referrerOwed: owingOf(terms, "referrer"), friendOwed: owingOf(terms, "friend") };
  return { opening, id: newId(), codeId: code.id, friendPerson, owed, expiresAt, evidence, ...owing };
}

/** The accounts that a referral's rewards are owed on, each with a name of its own. */
function accountsOf({ opening, owed, friendPerson, referrerOwed, friendOwed }: ReturnType<typeof rowOf>) {
  const account = (personId: string, unit: string) => [`${personId} ${unit}`, { personId, unit }] as const;
  const referrers = account(opening.code.personId, referrerOwed.unit);
  return (owed & SIDE.friend) === 0 ? [referrers] : [referrers, account(friendPerson, friendOwed.unit)];
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

function owingOf(terms: Terms, side: "referrer" | "friend"): { unit: string; amountMinor: bigint } {
  return { unit: rewardUnit(terms[side].kind, terms.currency), amountMinor: rewardAmountMinor(terms[side]) };
}
