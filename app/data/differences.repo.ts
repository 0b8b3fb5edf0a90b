import { newId } from "#app/platform/ids.ts";
import type { Tx } from "./tenant.ts";

export type DifferenceKind =
  | "discount_missing"
  | "discount_edited"
  | "code_missing"
  | "code_unknown"
  | "used_without_order"
  | "credit_missing"
  | "credit_changed";

/** One thing about which Shopify and the books disagree. */
export type FoundDifference = {
  readonly kind: DifferenceKind;
  /** The code, or the gid of the discount, gift card or credit. */
  readonly subject: string;
  readonly rewardId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type Difference = FoundDifference & {
  readonly id: string;
  /** The discount; null of a gift card or a credit. */
  readonly parentId: string | null;
  readonly state: "open" | "accepted" | "ended";
};

/** A discount of ours that may hold codes which can be used. */
export type ComparedParent = {
  readonly id: string;
  readonly kind: "reward" | "welcome";
  readonly discountId: string;
  readonly termsVersion: number;
  readonly side: 1 | 2;
  /** Null: its codes are taken away one by one. */
  readonly expiresAt: Date | null;
  /** What its one reward is worth, where it has one to itself. */
  readonly unit: string | null;
  readonly amount: bigint | null;
};

/** Discounts that exist in the shop and have not ended, after one of them in the order of their ids. */
export function parentsToCompare(
  tx: Tx,
  args: { shopId: string; after: string | null; now: Date; limit: number },
): Promise<ComparedParent[]> {
  return tx.query<ComparedParent>(
    `SELECT p.id, p.kind, p.external_id AS "discountId", p.terms_version AS "termsVersion", p.side,
            NULLIF(p.expires_at, 'infinity') AS "expiresAt", w.unit, w.amount
       FROM discount_parents p
       LEFT JOIN rewards w ON w.shop_id = p.shop_id AND w.id = p.reward_id
      WHERE p.shop_id = $1 AND p.external_id IS NOT NULL AND p.expires_at > $3 AND ($2::uuid IS NULL OR p.id > $2)
      ORDER BY p.id LIMIT $4`,
    [args.shopId, args.after, args.now, args.limit],
  );
}

export type LiveCode = { readonly code: string; readonly rewardId: string | null };

/** Codes that their owners, or the next friends, can use by what the books say. */
export function liveCodes(
  tx: Tx,
  args: { shopId: string; parentId: string; discountId: string; now: Date },
): Promise<LiveCode[]> {
  return tx.query<LiveCode>(
    `SELECT code, id AS "rewardId" FROM rewards
      WHERE shop_id = $1 AND external_id = $3 AND form = 'code' AND status = 'issued' AND (expires_at IS NULL OR expires_at > $4)
     UNION ALL
     SELECT code, reward_id FROM welcome_codes WHERE shop_id = $1 AND parent_id = $2 AND state IN ('pooled', 'claimed', 'issued')`,
    [args.shopId, args.parentId, args.discountId, args.now],
  );
}

/** What the books know of codes: whose they are, and whether a use of them was ever told. A code they do not know is left out. */
export function knownCodes(
  tx: Tx,
  shopId: string,
  codes: readonly string[],
): Promise<{ code: string; rewardId: string | null; used: boolean }[]> {
  return tx.query(
    `SELECT w.code, w.id AS "rewardId", w.status = 'redeemed' OR EXISTS (
              SELECT FROM ledger_transfers t WHERE t.shop_id = w.shop_id AND t.reward_id = w.id AND t.order_id IS NOT NULL)
              OR EXISTS (SELECT FROM audit a WHERE a.shop_id = w.shop_id AND a.subject = w.id AND a.action = 'reward.use_unbooked') AS used
       FROM rewards w WHERE w.shop_id = $1 AND w.code = ANY ($2::text[]) AND w.kind <> 'welcome'
     UNION ALL
     SELECT code, reward_id, state = 'used' FROM welcome_codes WHERE shop_id = $1 AND code = ANY ($2::text[])`,
    [shopId, codes],
  );
}

/**
 * Keeps what is different about one discount: what is found for the first time is opened, what is not found any more ends.
 * @returns how many were opened
 */
export async function keepDifferences(
  tx: Tx,
  args: { shopId: string; parentId: string; found: readonly FoundDifference[]; now: Date },
): Promise<number> {
  const { shopId, parentId, found, now } = args;
  await tx.execute(
    `UPDATE differences d SET state = 'ended', ended_at = $3
      WHERE d.shop_id = $1 AND d.parent_id = $2 AND d.state <> 'ended'
        AND NOT EXISTS (SELECT FROM unnest($4::text[], $5::text[]) AS f (kind, subject) WHERE f.kind = d.kind AND f.subject = d.subject)`,
    [shopId, parentId, now, found.map(({ kind }) => kind), found.map(({ subject }) => subject)],
  );
  let opened = 0;
  for (const difference of found) opened += await openDifference(tx, { shopId, parentId, difference, now });
  return opened;
}

/** @returns 1, or 0 when it was found before and lasts */
export function openDifference(
  tx: Tx,
  args: { shopId: string; parentId: string | null; difference: FoundDifference; now: Date },
): Promise<number> {
  const { kind, subject, rewardId, detail } = args.difference;
  return tx.execute(
    `INSERT INTO differences (shop_id, id, kind, subject, parent_id, reward_id, detail, found_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [args.shopId, newId(), kind, subject, args.parentId, rewardId, JSON.stringify(detail), args.now],
  );
}

/** Ends what is left of discounts that have ended themselves. */
export async function endOldDifferences(tx: Tx, shopId: string, now: Date): Promise<void> {
  await tx.execute(
    `UPDATE differences d SET state = 'ended', ended_at = $2
       FROM discount_parents p
      WHERE d.shop_id = $1 AND d.state <> 'ended' AND p.shop_id = d.shop_id AND p.id = d.parent_id AND p.expires_at <= $2`,
    [shopId, now],
  );
}

/** @returns a difference that is open, held until the transaction ends; null when it is not, or of another shop */
export async function lockOpenDifference(tx: Tx, shopId: string, id: string): Promise<Difference | null> {
  const [row] = await tx.query<Difference>(
    `SELECT id, kind, subject, parent_id AS "parentId", reward_id AS "rewardId", detail, state FROM differences
      WHERE shop_id = $1 AND id = $2 AND state = 'open' FOR UPDATE`,
    [shopId, id],
  );
  return row ?? null;
}

/** Lets a difference stand, or says that it is being put right. */
export async function closeDifference(
  tx: Tx,
  args: { shopId: string; id: string; to: "accepted" | "ended"; now: Date },
): Promise<void> {
  await tx.execute("UPDATE differences SET state = $3, ended_at = $4 WHERE shop_id = $1 AND id = $2", [
    args.shopId,
    args.id,
    args.to,
    args.now,
  ]);
}

/** @returns the subjects of what is open, the first hundred in their order */
export async function openSubjects(tx: Tx, shopId: string): Promise<{ count: number; subjects: string[] }> {
  const rows = await tx.query<{ subject: string; total: number }>(
    `SELECT kind || ' ' || id AS subject, count(*) OVER ()::int AS total FROM differences
      WHERE shop_id = $1 AND state = 'open' ORDER BY 1 LIMIT 100`,
    [shopId],
  );
  return { count: rows[0]?.total ?? 0, subjects: rows.map(({ subject }) => subject) };
}
