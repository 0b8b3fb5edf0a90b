import type { ApprovedRule } from "#app/domain/screen/approval.ts";
import type { PastDecision } from "#app/domain/screen/back-test.ts";
import type { ScreenFeatures } from "#app/domain/screen/features.ts";
import type { FiredRule, ScreenDecision, ScreenVerdict } from "#app/domain/screen/screen.ts";
import type { Tx } from "./tenant.ts";

export type NewDecision = {
  readonly id: string;
  readonly referralId: string;
  readonly phase: "open" | "payout";
  readonly features: ScreenFeatures;
  /** As the rules alone gave it, before approvals: so that a replay agrees. */
  readonly decision: ScreenDecision;
  readonly at: Date;
};

/** Records verdicts, each with the features that led to it, so that it can be replayed when the raw facts are gone. */
export async function recordDecisions(tx: Tx, shopId: string, rows: readonly NewDecision[]): Promise<void> {
  await tx.execute(
    `INSERT INTO decisions (shop_id, id, referral_id, phase, ruleset, verdict, score, features, rules, at)
     SELECT $1, id, referral_id, phase, ruleset, verdict, score, features::jsonb, rules::jsonb, at
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[], $10::timestamptz[])
         AS d (id, referral_id, phase, ruleset, verdict, score, features, rules, at)`,
    [
      shopId,
      rows.map(({ id }) => id),
      rows.map(({ referralId }) => referralId),
      rows.map(({ phase }) => phase),
      rows.map(({ decision }) => decision.ruleset),
      rows.map(({ decision }) => decision.verdict),
      rows.map(({ decision }) => decision.score),
      rows.map(({ features }) => JSON.stringify(features)),
      rows.map(({ decision }) => JSON.stringify(decision.rules)),
      rows.map(({ at }) => at),
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

/** @returns every rule, with its evidence, that a person has approved for each referral; those without any are left out */
export async function approvedRules(
  tx: Tx,
  shopId: string,
  referralIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ApprovedRule[]>> {
  const rows = await tx.query<{ referralId: string; rules: ApprovedRule[] | null }>(
    `SELECT subject AS "referralId", detail -> 'rules' AS rules FROM audit
      WHERE shop_id = $1 AND subject = ANY ($2::uuid[]) AND action = 'referral.approved' ORDER BY at`,
    [shopId, referralIds],
  );
  const ofEach = Map.groupBy(rows, ({ referralId }) => referralId);
  return new Map([...ofEach].map(([id, approvals]) => [id, approvals.flatMap(({ rules }) => rules ?? [])]));
}

/** A stored decision, and the version of the terms that its referral pins. */
export type DecisionRow = {
  readonly id: string;
  readonly referralId: string;
  readonly ruleset: string;
  readonly features: unknown;
  readonly verdict: ScreenVerdict;
  readonly score: number;
  readonly rules: readonly FiredRule[];
  readonly termsVersion: number;
};

/** @returns the decisions after one, in the order of their ids, of one referral or (null) of all. */
export async function decisionsAfter(
  tx: Tx,
  asked: { shopId: string; referralId: string | null; afterId: string | null; limit: number },
): Promise<DecisionRow[]> {
  return tx.query<DecisionRow>(
    `SELECT d.id, d.referral_id AS "referralId", d.ruleset, d.features, d.verdict, d.score, d.rules,
            r.terms_version AS "termsVersion"
       FROM decisions d JOIN referrals r ON r.shop_id = d.shop_id AND r.id = d.referral_id
      WHERE d.shop_id = $1 AND ($2::uuid IS NULL OR d.referral_id = $2::uuid) AND ($3::uuid IS NULL OR d.id > $3::uuid)
      ORDER BY d.id LIMIT $4`,
    [asked.shopId, asked.referralId, asked.afterId, asked.limit],
  );
}

/** @returns the last decision on each referral that was judged since a moment, the newest referrals first. */
export async function lastDecisionsSince(
  tx: Tx,
  asked: { shopId: string; since: Date; limit: number },
): Promise<PastDecision[]> {
  const rows = await tx.query<Omit<PastDecision, "at"> & { at: Date }>(
    `SELECT d.referral_id AS "referralId", d.at, d.verdict, d.score, d.features
       FROM decisions d
      WHERE d.shop_id = $1 AND d.at >= $2
        AND NOT EXISTS (SELECT FROM decisions later
                         WHERE later.shop_id = d.shop_id AND later.referral_id = d.referral_id
                           AND (later.at, later.id) > (d.at, d.id))
      ORDER BY d.at DESC, d.id DESC LIMIT $3`,
    [asked.shopId, asked.since, asked.limit],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}
