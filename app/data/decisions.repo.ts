import type { ApprovedRule } from "#app/domain/screen/approval.ts";
import type { ScreenFeatures } from "#app/domain/screen/features.ts";
import type { FiredRule, ScreenDecision } from "#app/domain/screen/screen.ts";
import type { Tx } from "./tenant.ts";

/** Records a verdict with the features that led to it, so that it can be replayed when the raw facts are gone. */
export async function recordDecision(
  tx: Tx,
  row: {
    id: string;
    shopId: string;
    referralId: string;
    phase: "open" | "payout";
    features: ScreenFeatures;
    /** As the rules alone gave it, before approvals: so that a replay agrees. */
    decision: ScreenDecision;
    at: Date;
  },
): Promise<void> {
  await tx.execute(
    `INSERT INTO decisions (shop_id, id, referral_id, phase, ruleset, verdict, score, features, rules, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      row.shopId,
      row.id,
      row.referralId,
      row.phase,
      row.decision.ruleset,
      row.decision.verdict,
      row.decision.score,
      JSON.stringify(row.features),
      JSON.stringify(row.decision.rules),
      row.at,
    ],
  );
}

/** @returns the rules that fired in the newest decision on a referral: what a reviewer has in front of them. */
export async function lastFiredRules(tx: Tx, shopId: string, referralId: string): Promise<FiredRule[]> {
  const [row] = await tx.query<{ rules: FiredRule[] }>(
    "SELECT rules FROM decisions WHERE shop_id = $1 AND referral_id = $2 ORDER BY at DESC, id DESC LIMIT 1",
    [shopId, referralId],
  );
  return row?.rules ?? [];
}

/** @returns every rule, with its evidence, that a person has approved for a referral. */
export async function approvedRules(tx: Tx, shopId: string, referralId: string): Promise<ApprovedRule[]> {
  const rows = await tx.query<{ rules: ApprovedRule[] | null }>(
    "SELECT detail -> 'rules' AS rules FROM audit WHERE shop_id = $1 AND subject = $2 AND action = 'referral.approved' ORDER BY at",
    [shopId, referralId],
  );
  return rows.flatMap((row) => row.rules ?? []);
}
