import type { Happening } from "#app/domain/screen/busiest.ts";
import type { ScreenHistory } from "#app/domain/screen/facts.ts";
import type { BlockKind } from "#app/domain/screen/features.ts";
import { ONE_PERSON_RULE_IDS } from "#app/domain/screen/rule-ids.ts";
import { STATEMENTS } from "./statements.ts";
import type { Tx } from "./tenant.ts";

/** Which referral, or which two people, a history is asked about. People are canonical. */
export type HistoryAsked = {
  /** Null for two people who are in no referral yet. */
  readonly referralId: string | null;
  readonly friendPerson: string;
  readonly referrerPerson: string;
  readonly codeId: string | null;
  readonly openedAt: Date;
  readonly clickedAt: Date | null;
  /** The click, if a claim brought it; else null. */
  readonly claimedClickId: string | null;
  /** Of the friend's mailbox and of the page that the link stood on, with every name above them. */
  readonly domains: readonly string[];
  /** Signals that have a time must still count at this moment. */
  readonly signalsAt: Date;
};

type Pairs = readonly (readonly [at: number, key: string])[];
type HistoryRow = {
  readonly otherReferral: boolean;
  readonly householdFriends: number;
  readonly peopleAlike: number;
  readonly peopleStopped: number;
  readonly taps: Pairs;
  readonly signUpsOnCode: Pairs;
  readonly signUps: { readonly device?: Pairs; readonly network?: Pairs } | null;
  readonly claimedAt: bigint | null;
  readonly claims: Pairs;
  readonly refundedOfLastFive: number;
  readonly ringHops: number | null;
  readonly blockListed: BlockKind | null;
};

/**
 * Reads what the shop's own history says of each that is asked about, all of it in one statement; what the friends bought
 * before is asked apart.
 *
 * @returns as many answers, in the same order
 */
export async function readScreenHistories(
  tx: Tx,
  shopId: string,
  asked: readonly HistoryAsked[],
): Promise<Omit<ScreenHistory, "boughtBefore">[]> {
  const rows = await tx.query<HistoryRow>(STATEMENTS.screenHistory, [
    shopId,
    asked.map((one) => one.referralId),
    asked.map((one) => one.friendPerson),
    asked.map((one) => one.referrerPerson),
    asked.map((one) => one.codeId),
    asked.map((one) => one.openedAt),
    asked.map((one) => one.clickedAt),
    asked.map((one) => one.claimedClickId),
    asked.map((one) => JSON.stringify(one.domains)),
    asked.map((one) => one.signalsAt),
    ONE_PERSON_RULE_IDS,
  ]);
  return rows.map(historyOfRow);
}

function historyOfRow(row: HistoryRow): Omit<ScreenHistory, "boughtBefore"> {
  const { signUps, claimedAt, claims, ...counts } = row;
  return {
    ...counts,
    taps: happenings(row.taps),
    signUpsOnCode: happenings(row.signUpsOnCode),
    signUpsOnDevice: signUps?.device === undefined ? null : happenings(signUps.device),
    signUpsOnNetwork: signUps?.network === undefined ? null : happenings(signUps.network),
    claims: claimedAt === null ? null : { at: Number(claimedAt), others: happenings(claims) },
  };
}

function happenings(pairs: Pairs): Happening[] {
  return pairs.map(([at, key]) => ({ at, key }));
}
