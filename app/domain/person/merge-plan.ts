import type { ReferralState } from "../referral/state.ts";
import { settlementOf } from "../referral/state.ts";

/** One of two records that turn out to be one person. Times are epoch milliseconds. */
export type MergingPerson = {
  readonly personId: string;
  readonly createdAt: number;
  /** The active code, if there is one. */
  readonly code: { readonly codeId: string; readonly createdAt: number } | null;
};

/** A referral in which one of the two is friend or referrer. */
export type MergingReferral = {
  readonly referralId: string;
  readonly state: ReferralState;
  readonly friendPerson: string;
  readonly referrerPerson: string;
  readonly hasOrder: boolean;
  readonly openedAt: number;
};

export type MergeRejection = { readonly referralId: string; readonly reason: "duplicate_person" | "same_account" };

export type MergePlan =
  | { readonly outcome: "same" }
  | {
      readonly outcome: "merge";
      /** Look-ups lead here from now on. */
      readonly keptPerson: string;
      readonly mergedPerson: string;
      /** Live referrals that end. */
      readonly rejections: readonly MergeRejection[];
      /** Rewarded referrals that a person has to look at: money has moved already. */
      readonly conflicts: readonly MergeRejection[];
      /** Where both had a code: the younger retires and becomes another name of the older. */
      readonly codes: { readonly keptCode: string; readonly aliasedCode: string } | null;
    };

/**
 * Decides what becomes of everything when two records prove to be one person. The older record is kept. One live referral may
 * stay: the one with an order, else the older; none beside a rewarded one. A referral between the two was to oneself.
 */
export function mergePlan(left: MergingPerson, right: MergingPerson, referrals: readonly MergingReferral[]): MergePlan {
  if (left.personId === right.personId) return { outcome: "same" };
  const isLeftKept = isOlder(
    { id: left.personId, createdAt: left.createdAt },
    { id: right.personId, createdAt: right.createdAt },
  );
  const both = new Set([left.personId, right.personId]);
  const concerned = referrals.filter(({ state }) => settlementOf(state) !== "VOID").toSorted(byClaimToStay);
  const toOneself = concerned.filter(
    (referral) => both.has(referral.friendPerson) && both.has(referral.referrerPerson),
  );
  const asFriend = concerned.filter((referral) => both.has(referral.friendPerson));
  const rewarded = asFriend.filter(isRewarded);
  const live = asFriend.filter((referral) => !isRewarded(referral) && !toOneself.includes(referral));
  const surplus = rewarded.length > 0 ? live : live.slice(1);
  return {
    outcome: "merge",
    keptPerson: isLeftKept ? left.personId : right.personId,
    mergedPerson: isLeftKept ? right.personId : left.personId,
    rejections: [
      ...because(
        "same_account",
        toOneself.filter((referral) => !isRewarded(referral)),
      ),
      ...because("duplicate_person", surplus),
    ],
    conflicts: [
      ...because("same_account", toOneself.filter(isRewarded)),
      ...because(
        "duplicate_person",
        rewarded.slice(1).filter((referral) => !toOneself.includes(referral)),
      ),
    ],
    codes: codesOf(left, right),
  };
}

function codesOf(
  left: MergingPerson,
  right: MergingPerson,
): { readonly keptCode: string; readonly aliasedCode: string } | null {
  if (left.code === null || right.code === null) return null;
  const isLeftKept = isOlder(
    { id: left.code.codeId, createdAt: left.code.createdAt },
    { id: right.code.codeId, createdAt: right.code.createdAt },
  );
  const [older, younger] = isLeftKept ? [left.code, right.code] : [right.code, left.code];
  return { keptCode: older.codeId, aliasedCode: younger.codeId };
}

function isRewarded(referral: MergingReferral): boolean {
  return settlementOf(referral.state) === "POSTED";
}

function because(reason: MergeRejection["reason"], referrals: readonly MergingReferral[]): readonly MergeRejection[] {
  return referrals.map(({ referralId }) => ({ referralId, reason }));
}

function byClaimToStay(left: MergingReferral, right: MergingReferral): number {
  return (
    Number(right.hasOrder) - Number(left.hasOrder) ||
    left.openedAt - right.openedAt ||
    compareText(left.referralId, right.referralId)
  );
}

type Aged = { readonly id: string; readonly createdAt: number };

/** Ids settle a tie, so that both ways round give the same answer. */
function isOlder(left: Aged, right: Aged): boolean {
  return left.createdAt === right.createdAt ? left.id < right.id : left.createdAt < right.createdAt;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : 1;
}
