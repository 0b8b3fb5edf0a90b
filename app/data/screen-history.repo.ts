import type { Happening } from "#app/domain/screen/busiest.ts";
import type { ScreenHistory } from "#app/domain/screen/facts.ts";
import type { BlockKind } from "#app/domain/screen/features.ts";
import { ONE_PERSON_RULE_IDS } from "#app/domain/screen/rule-ids.ts";
import { STATEMENTS } from "./statements.ts";
import type { Tx } from "./tenant.ts";

/** Which referral, or which two people, a history is asked about. People are canonical. */
export type HistoryAsked = {
  readonly shopId: string;
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

/** Reads what the shop's own history says, all of it in one statement; what the friend bought before is asked apart. */
export async function readScreenHistory(tx: Tx, asked: HistoryAsked): Promise<Omit<ScreenHistory, "boughtBefore">> {
  const [row] = await tx.query<HistoryRow>(STATEMENTS.screenHistory, [
    asked.shopId,
    asked.referralId,
    asked.friendPerson,
    asked.referrerPerson,
    asked.codeId,
    asked.openedAt,
    asked.clickedAt,
    asked.claimedClickId,
    asked.domains,
    asked.signalsAt,
    ONE_PERSON_RULE_IDS,
  ]);
  if (row === undefined) throw new Error("a select without a table gives one row");
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
