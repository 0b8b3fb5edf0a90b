import type { DiscountParent } from "#app/data/discount-parents.repo.ts";
import { STATEMENTS } from "#app/data/statements.ts";
import type { Tx } from "#app/data/tenant.ts";

export type MintingCode = { readonly id: string; readonly code: string };

export type WelcomeStanding = {
  /** Codes that a claim can be given now. */
  readonly pooled: number;
  /** Codes that were written down and may not exist in the shop yet. */
  readonly minting: number;
  /** Codes that were ever made. */
  readonly made: number;
};

/** What a welcome code is, and until when it may be used; null as long as nobody has it. */
export type WelcomeCode = {
  readonly id: string;
  readonly code: string;
  readonly state: "minting" | "pooled" | "claimed" | "issued" | "used" | "expired";
  readonly discountId: string | null;
  readonly claimId: string | null;
  readonly rewardId: string | null;
  readonly validUntil: Date | null;
};

/**
 * The discount that the welcome codes of one version of the terms hang on, held until the transaction ends. The first who
 * asks adds it, with the first code of the pool as its own first; one that the merchant deleted is followed by another.
 */
export async function lockWelcomeParent(
  tx: Tx,
  parent: { shopId: string; id: string; termsVersion: number; firstCode: string; now: Date },
): Promise<DiscountParent> {
  await tx.execute(
    `INSERT INTO discount_parents (shop_id, id, kind, terms_version, side, first_code, part, created_at)
     SELECT $1, $2, 'welcome', $3, 2, $4, coalesce(max(part), 0) + 1, $5 FROM discount_parents
      WHERE shop_id = $1 AND kind = 'welcome' AND terms_version = $3 HAVING coalesce(bool_and(state = 'gone'), true)
     ON CONFLICT DO NOTHING`,
    [parent.shopId, parent.id, parent.termsVersion, parent.firstCode, parent.now],
  );
  const [row] = await tx.query<DiscountParent>(
    `SELECT id, state, external_id AS "externalId", first_code AS "firstCode", part, created_at AS "createdAt" FROM discount_parents
      WHERE shop_id = $1 AND kind = 'welcome' AND terms_version = $2 ORDER BY part DESC LIMIT 1 FOR UPDATE`,
    [parent.shopId, parent.termsVersion],
  );
  if (row === undefined) throw new Error("a parent that was just added is there");
  return row;
}

/** @returns how full the pool of one version of the terms is. */
export async function welcomeStanding(tx: Tx, shopId: string, termsVersion: number): Promise<WelcomeStanding> {
  const [row] = await tx.query<WelcomeStanding>(
    `SELECT p.codes_count AS made,
            (SELECT count(*)::int FROM welcome_codes w
              WHERE w.shop_id = p.shop_id AND w.parent_id = p.id AND w.state = 'pooled') AS pooled,
            (SELECT count(*)::int FROM welcome_codes w
              WHERE w.shop_id = p.shop_id AND w.parent_id = p.id AND w.state = 'minting') AS minting
       FROM discount_parents p
      WHERE p.shop_id = $1 AND p.kind = 'welcome' AND p.terms_version = $2 ORDER BY p.part DESC LIMIT 1`,
    [shopId, termsVersion],
  );
  return row ?? { pooled: 0, minting: 0, made: 0 };
}

/** Writes codes down that are about to be made. */
export async function addMintingCodes(
  tx: Tx,
  args: { shopId: string; parentId: string; codes: readonly MintingCode[]; now: Date },
): Promise<void> {
  await tx.execute(
    `INSERT INTO welcome_codes (shop_id, id, code, parent_id, state, created_at, changed_at)
     SELECT $1, id, code, $2, 'minting', $5, $5 FROM unnest($3::uuid[], $4::text[]) AS c (id, code)`,
    [args.shopId, args.parentId, args.codes.map(({ id }) => id), args.codes.map(({ code }) => code), args.now],
  );
}

/** @returns codes under a discount that are written down and not known to exist, in the order they were drawn. */
export async function mintingCodes(tx: Tx, shopId: string, parentId: string): Promise<MintingCode[]> {
  return tx.query<MintingCode>(
    "SELECT id, code FROM welcome_codes WHERE shop_id = $1 AND parent_id = $2 AND state = 'minting' ORDER BY id",
    [shopId, parentId],
  );
}

/** The codes exist in the shop: from now on they are given out. Counts them on their discount, each once. */
export async function poolCodes(
  tx: Tx,
  args: { shopId: string; parentId: string; codes: readonly string[]; now: Date },
): Promise<void> {
  const count = await tx.execute(
    `UPDATE welcome_codes SET state = 'pooled', changed_at = $4
      WHERE shop_id = $1 AND parent_id = $2 AND code = ANY ($3::text[]) AND state = 'minting'`,
    [args.shopId, args.parentId, args.codes, args.now],
  );
  await tx.execute("UPDATE discount_parents SET codes_count = codes_count + $3 WHERE shop_id = $1 AND id = $2", [
    args.shopId,
    args.parentId,
    count,
  ]);
}

/** A code that the shop holds under a discount of somebody else's is never given out. */
export async function dropMintingCode(tx: Tx, shopId: string, code: string, now: Date): Promise<void> {
  await tx.execute(
    "UPDATE welcome_codes SET state = 'expired', changed_at = $3 WHERE shop_id = $1 AND code = $2 AND state = 'minting'",
    [shopId, code, now],
  );
}

/** The merchant deleted the discount: its codes that nobody has are never given out. */
export async function dropCodesOf(tx: Tx, shopId: string, parentId: string, now: Date): Promise<void> {
  await tx.execute(
    `UPDATE welcome_codes SET state = 'expired', changed_at = $3
      WHERE shop_id = $1 AND parent_id = $2 AND state IN ('minting', 'pooled')`,
    [shopId, parentId, now],
  );
}

export type NewClaim = {
  readonly shopId: string;
  readonly id: string;
  readonly termsVersion: number;
  readonly codeId: string;
  readonly clickId: string;
  readonly clickedAt: Date;
  readonly emailHash: string | null;
  readonly device: string | null;
  readonly prefixHash: string | null;
  readonly cartTokenHash: string | null;
  readonly expiresAt: Date;
  readonly now: Date;
};

/** Makes a claim and gives it a free code, in one statement. `raced`: the click or the address has a claim already. */
export async function claimFreeCode(
  tx: Tx,
  claim: NewClaim,
): Promise<
  | { readonly outcome: "claimed"; readonly welcomeId: string; readonly code: string }
  | { readonly outcome: "pool_empty" }
  | { readonly outcome: "raced" }
> {
  const [row] = await tx.query<{ free: number; codeId: string | null; code: string | null }>(STATEMENTS.claimWelcome, [
    claim.shopId,
    claim.termsVersion,
    claim.id,
    claim.codeId,
    claim.clickId,
    claim.clickedAt,
    claim.emailHash,
    claim.device,
    claim.prefixHash,
    claim.expiresAt,
    claim.now,
    claim.cartTokenHash,
  ]);
  if (row === undefined || row.free === 0) return { outcome: "pool_empty" };
  return row.codeId === null || row.code === null
    ? { outcome: "raced" }
    : { outcome: "claimed", welcomeId: row.codeId, code: row.code };
}

export type IssuedWelcome = {
  readonly id: string;
  readonly code: string;
  readonly discountId: string | null;
  /** The friend had used it already, on an order that earned nothing. */
  readonly isUsed: boolean;
};

/** @returns the code that is now the reward's: the friend's own, or one of the pool; null when the pool is empty. */
export async function issueWelcomeCode(
  tx: Tx,
  args: { shopId: string; termsVersion: number; rewardId: string; claimId: string | null; now: Date },
): Promise<IssuedWelcome | null> {
  const [row] = await tx.query<IssuedWelcome>(STATEMENTS.issueWelcome, [
    args.shopId,
    args.termsVersion,
    args.rewardId,
    args.claimId,
    args.now,
  ]);
  return row ?? null;
}

/** @returns one welcome code, held until the transaction ends, or null. */
export async function lockWelcomeCode(tx: Tx, shopId: string, id: string): Promise<WelcomeCode | null> {
  const [row] = await tx.query<WelcomeCode>(
    `SELECT w.id, w.code, w.state, p.external_id AS "discountId", w.claim_id AS "claimId", w.reward_id AS "rewardId",
            coalesce(r.expires_at, c.expires_at) AS "validUntil"
       FROM welcome_codes w
       JOIN discount_parents p ON p.shop_id = w.shop_id AND p.id = w.parent_id
       LEFT JOIN claims c ON c.shop_id = w.shop_id AND c.id = w.claim_id
       LEFT JOIN rewards r ON r.shop_id = w.shop_id AND r.id = w.reward_id
      WHERE w.shop_id = $1 AND w.id = $2 FOR UPDATE OF w`,
    [shopId, id],
  );
  return row ?? null;
}

/** Ends a code that nobody used, with its claim and its reward. @returns false when it was used or ended before */
export async function expireWelcomeCode(
  tx: Tx,
  args: { shopId: string; id: string; claimId: string | null; rewardId: string | null; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE welcome_codes SET state = 'expired', changed_at = $3
      WHERE shop_id = $1 AND id = $2 AND state IN ('claimed', 'issued')`,
    [args.shopId, args.id, args.now],
  );
  if (count === 0) return false;
  await tx.execute("UPDATE claims SET state = 'expired' WHERE shop_id = $1 AND id = $2 AND state = 'live'", [
    args.shopId,
    args.claimId,
  ]);
  await tx.execute("UPDATE rewards SET status = 'expired' WHERE shop_id = $1 AND id = $2 AND status = 'issued'", [
    args.shopId,
    args.rewardId,
  ]);
  return true;
}

/**
 * Notes that an order carries a welcome code: the code is used, and so are the claim and the reward it was given to.
 * @returns whether the shop has such a code, whatever its state
 */
export async function markWelcomeUsed(
  tx: Tx,
  args: { shopId: string; code: string; orderId: string; now: Date },
): Promise<boolean> {
  const used = await tx.query<{ claimId: string | null; rewardId: string | null }>(
    `UPDATE welcome_codes SET state = 'used', order_id = $3, changed_at = $4
      WHERE shop_id = $1 AND code = $2 AND state <> 'used'
      RETURNING claim_id AS "claimId", reward_id AS "rewardId"`,
    [args.shopId, args.code, args.orderId, args.now],
  );
  const [row] = used;
  if (row === undefined) {
    const known = await tx.query("SELECT FROM welcome_codes WHERE shop_id = $1 AND code = $2", [
      args.shopId,
      args.code,
    ]);
    return known.length > 0;
  }
  await tx.execute("UPDATE claims SET state = 'used' WHERE shop_id = $1 AND id = $2", [args.shopId, row.claimId]);
  await tx.execute(
    `UPDATE rewards SET status = 'redeemed'
      WHERE shop_id = $1 AND id = $2 AND kind = 'welcome' AND status IN ('owed', 'issued', 'expired')`,
    [args.shopId, row.rewardId],
  );
  return true;
}

/**
 * Books what a welcome code took off an order, in minor units of the shop's currency; once per order and code, whatever
 * becomes of the referral.
 */
export async function bookWelcomeCost(
  tx: Tx,
  cost: { shopId: string; id: string; orderId: string; code: string; unit: string; amountMinor: bigint; now: Date },
): Promise<boolean> {
  const count = await tx.execute(STATEMENTS.welcomeCost, [
    cost.shopId,
    cost.id,
    null,
    cost.orderId,
    cost.code,
    cost.unit,
    cost.amountMinor,
    cost.now,
  ]);
  return count === 1;
}

/** Asks for a refill, once for each time the pool ran low; a refill that was given up is asked for anew. */
export async function enqueueRefill(
  tx: Tx,
  work: { id: string; shopId: string; termsVersion: number; made: number; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
     VALUES ($1, $2, 'welcome.refill', $3, $4, $5, $5)
     ON CONFLICT (shop_id, dedupe_key) DO UPDATE SET state = 'new', attempts = 0, next_at = excluded.next_at
       WHERE outbox.state = 'dead'`,
    [work.shopId, work.id, `refill:${work.termsVersion}:${work.made}`, { termsVersion: work.termsVersion }, work.now],
  );
  return count === 1;
}
