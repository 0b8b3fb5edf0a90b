import { isObject } from "#app/domain/json/read.ts";
import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import type { ReferralState } from "#app/domain/referral/state.ts";
import { choicesFor } from "#app/domain/review/choices.ts";
import type { CaseKind, ChoiceReward } from "#app/domain/review/choices.ts";
import { disputedMinor, parseReversal, refundedMinor } from "#app/domain/review/reversal.ts";
import type { Reversal } from "#app/domain/review/reversal.ts";
import type { CaseRewardView, ChoiceView, ReversalView, TallyView } from "#app/read-models.ts";
import type { ReadTx } from "./raw.ts";
import { amountView, isoOrNull, tallyView, worthView } from "./raw.ts";

/** What a case's row tells of its referral. */
export type CaseFacts = {
  readonly id: string;
  readonly kind: string;
  readonly state: "open" | "closed";
  readonly clawOpen: bigint;
  readonly clawUnit: string | null;
  readonly referralId: string | null;
  readonly referralState: ReferralState | null;
  readonly undone: boolean;
  readonly laterFacts: unknown;
  readonly currency: string;
  readonly exponent: number;
  readonly booked: readonly string[];
};

export type CaseRewardRow = ChoiceReward & {
  readonly caseId: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly code: string | null;
  readonly expiresAt: Date | null;
  readonly termsKind: string;
  readonly termsAmount: bigint;
  readonly currency: string;
  readonly exponent: number;
};

const KINDS: ReadonlySet<string> = new Set<CaseKind>([
  "fraud_hold",
  "reward_cap",
  "refund_after_reward",
  "unknown_fulfilment",
  "appeal",
  "conflict",
]);

/** The rewards of the referrals that these cases are about, the referrer's first, newest first. */
export function caseRewardRows(tx: ReadTx, shopId: string, caseIds: readonly string[]): Promise<CaseRewardRow[]> {
  return tx.$queryRaw<CaseRewardRow[]>`
    SELECT k.id AS "caseId", w.id, w.side::int AS side, w.kind, w.status, w.remaining, w.unit, w.amount, w.code,
           w.expires_at AS "expiresAt", coalesce(w.person_id = k.person_id, false) AS "ofCasePerson",
           EXISTS (SELECT FROM rewards n WHERE n.shop_id = w.shop_id AND n.replaces = w.id) AS replaced,
           EXISTS (SELECT FROM ledger_transfers t WHERE t.shop_id = w.shop_id AND t.reward_id = w.id
                      AND t.purpose = 'claw_back') AS "clawedBack",
           CASE w.side WHEN 1 THEN m.referrer_kind ELSE m.friend_kind END AS "termsKind",
           CASE w.side WHEN 1 THEN m.referrer_amount ELSE m.friend_amount END AS "termsAmount",
           m.currency, m.exponent::int AS exponent
      FROM cases k
      JOIN referrals r ON r.shop_id = k.shop_id AND r.id = k.referral_id
      JOIN terms m ON m.shop_id = r.shop_id AND m.version = r.terms_version
      JOIN rewards w ON w.shop_id = r.shop_id AND w.referral_id = r.id
     WHERE k.shop_id = ${shopId}::uuid AND k.id = ANY (${[...caseIds]}::uuid[])
     ORDER BY w.side, w.created_at DESC, w.id DESC`;
}

/** The choices that a case offers just now, as the use cases will decide too. */
export function choiceViews(row: CaseFacts, rewards: readonly ChoiceReward[]): ChoiceView[] {
  if (!isKind(row.kind)) return [];
  const { state, clawOpen, booked, referralState, undone } = row;
  const referral = referralState === null ? null : { state: referralState, undone };
  return choicesFor({ kind: row.kind, state, referral, clawOpen, booked, rewards }).map((choice) => ({
    ...choice,
    sides: choice.sides.map((side) => (side === 1 ? "referrer" : "friend")),
  }));
}

/** What was taken back from the order; null when nothing was, or the case asks something else. */
export function reversalView(row: CaseFacts): ReversalView | null {
  const reversal =
    row.kind === "refund_after_reward" && isObject(row.laterFacts) ? parseReversal(row.laterFacts) : null;
  if (reversal === null) return null;
  const refunded = refundedMinor(reversal);
  const total = reversal.total === null ? null : BigInt(reversal.total);
  return {
    refunded: moneyOf(reversal, refunded),
    orderTotal: total === null ? null : moneyOf(reversal, total),
    percent: total === null || total === 0n ? null : Number((refunded * 100n) / total),
    disputed: Object.keys(reversal.disputes).length === 0 ? null : moneyOf(reversal, disputedMinor(reversal)),
    reasons: reversal.reasons,
    incomplete: reversal.incomplete,
  };
}

/** One side's reward with what is left of it. */
export function caseRewardView(row: CaseRewardRow): CaseRewardView {
  const terms = { kind: row.termsKind, amount: row.termsAmount, currency: row.currency, exponent: row.exponent };
  const hasEnded = ["cancelled", "expired", "offset"].includes(row.status);
  const isUnused = row.remaining > 0n || (row.kind === "welcome" && row.status !== "redeemed");
  return {
    side: row.side === 1 ? "referrer" : "friend",
    kind: row.kind,
    worth: worthView(row, terms),
    status: row.status,
    code: row.code,
    expiresAt: isoOrNull(row.expiresAt),
    use: hasEnded ? "ended" : isUnused ? "unused" : "used",
  };
}

/** What a case's receivable still is; null when there is none. */
export function receivableView(row: CaseFacts): TallyView | null {
  if (row.clawOpen === 0n || row.clawUnit === null) return null;
  return tallyView([{ unit: row.clawUnit, amount: row.clawOpen }], row.currency, row.exponent);
}

function moneyOf(reversal: Reversal, minor: bigint) {
  const currency = parseCurrency(reversal.currency);
  return amountView(minor, reversal.currency, currency === null ? 2 : exponentOf(currency));
}

function isKind(kind: string): kind is CaseKind {
  return KINDS.has(kind);
}
