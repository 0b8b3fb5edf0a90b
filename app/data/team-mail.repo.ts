import type { Tx } from "#app/data/tenant.ts";

export type CaseNews = {
  readonly id: string;
  readonly kind: string;
  readonly reason: string | null;
  readonly openedAt: Date;
  /** The screen's rules that fired, as the last decision has them. */
  readonly rules: unknown;
  readonly score: number | null;
  readonly isLate: boolean;
};
export type RewardNews = {
  readonly id: string;
  readonly referralId: string | null;
  readonly unit: string;
  readonly amount: bigint;
};
export type WeekNews = {
  readonly paidReferrals: number;
  readonly rewards: number;
  readonly held: number;
  readonly oldestCaseAt: Date | null;
  readonly wordsMicros: bigint;
};
export type UnitCost = { readonly unit: string; readonly exponent: number; readonly amount: bigint };

const NEWS_MAX = 200;

/** @returns open cases that the team was not told of, or not told that they are late, the oldest first */
export async function untoldCases(tx: Tx, shopId: string, now: Date): Promise<CaseNews[]> {
  return tx.query<CaseNews>(
    `SELECT c.id, c.kind, c.reason, c.opened_at AS "openedAt", d.rules, d.score::int AS score,
            coalesce(c.escalate_at <= $2, false) AS "isLate"
       FROM cases c
       LEFT JOIN LATERAL (SELECT rules, score FROM decisions
                           WHERE shop_id = c.shop_id AND referral_id = c.referral_id ORDER BY at DESC, id DESC LIMIT 1) d ON true
      WHERE c.shop_id = $1 AND c.state = 'open'
        AND NOT EXISTS (SELECT FROM team_told t WHERE t.shop_id = c.shop_id
              AND t.about = CASE WHEN c.escalate_at <= $2 THEN 'late:' ELSE 'case:' END || c.id::text)
      ORDER BY c.opened_at, c.id LIMIT ${String(NEWS_MAX)}`,
    [shopId, now],
  );
}

/** @returns rewards that Shopify refused and the team was not told of */
export async function untoldBlocked(tx: Tx, shopId: string): Promise<RewardNews[]> {
  return tx.query<RewardNews>(
    `SELECT w.id, w.referral_id AS "referralId", w.unit, w.amount FROM rewards w
      WHERE w.shop_id = $1 AND w.status = 'blocked'
        AND NOT EXISTS (SELECT FROM team_told t WHERE t.shop_id = w.shop_id AND t.about = 'reward:' || w.id::text)
      ORDER BY w.created_at, w.id LIMIT ${String(NEWS_MAX)}`,
    [shopId],
  );
}

/** @returns how the programme went since a moment, and what waits now */
export async function weekNews(tx: Tx, shopId: string, since: Date): Promise<{ week: WeekNews; costs: UnitCost[] }> {
  const [week] = await tx.query<WeekNews>(
    `SELECT (SELECT count(*)::int FROM referrals WHERE shop_id = $1 AND state = 'REWARDED' AND decided_at >= $2) AS "paidReferrals",
            (SELECT count(*)::int FROM rewards WHERE shop_id = $1 AND created_at >= $2) AS rewards,
            (SELECT count(*)::int FROM cases WHERE shop_id = $1 AND state = 'open') AS held,
            (SELECT min(opened_at) FROM cases WHERE shop_id = $1 AND state = 'open') AS "oldestCaseAt",
            coalesce((SELECT sum(cost_micros) FROM model_spend WHERE shop_id = $1
                       AND month >= date_trunc('month', $2::timestamptz AT TIME ZONE 'UTC')::date), 0)::bigint AS "wordsMicros"`,
    [shopId, since],
  );
  const costs = await tx.query<UnitCost>(
    `SELECT w.unit, u.exponent, sum(w.amount)::bigint AS amount FROM rewards w
       JOIN ledger_units u ON u.shop_id = w.shop_id AND u.unit = w.unit
      WHERE w.shop_id = $1 AND w.created_at >= $2 GROUP BY w.unit, u.exponent ORDER BY w.unit`,
    [shopId, since],
  );
  const none = { paidReferrals: 0, rewards: 0, held: 0, oldestCaseAt: null, wordsMicros: 0n };
  return { week: week ?? none, costs };
}

/** Writes down what is about to be told. @returns what nobody has told yet: only that may be */
export async function claimTelling(tx: Tx, shopId: string, abouts: readonly string[], now: Date): Promise<Set<string>> {
  const rows = await tx.query<{ about: string }>(
    `INSERT INTO team_told (shop_id, about, at) SELECT $1, a, $3 FROM unnest($2::text[]) a ON CONFLICT DO NOTHING RETURNING about`,
    [shopId, abouts, now],
  );
  return new Set(rows.map((row) => row.about));
}

/** Writes down what became of the telling; `untold` is told again. */
export async function endTelling(
  tx: Tx,
  shopId: string,
  abouts: readonly string[],
  state: "sent" | "unknown" | "failed" | "untold",
): Promise<void> {
  if (state === "untold") {
    await tx.execute("DELETE FROM team_told WHERE shop_id = $1 AND about = ANY ($2::text[]) AND state = 'claimed'", [
      shopId,
      abouts,
    ]);
    return;
  }
  await tx.execute("UPDATE team_told SET state = $3 WHERE shop_id = $1 AND about = ANY ($2::text[])", [
    shopId,
    abouts,
    state,
  ]);
}
