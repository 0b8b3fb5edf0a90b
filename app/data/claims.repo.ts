import type { Tx } from "#app/data/tenant.ts";

/** The claim that an earlier ask made. */
export type StandingClaim = {
  readonly id: string;
  readonly state: "live" | "used";
  readonly welcomeCode: string;
  /** Hex, null when no address was given. */
  readonly emailHash: string | null;
};

/** How much was claimed in the ways that are limited. */
export type ClaimCounts = { readonly device: number; readonly prefix: number; readonly code: number };

/** A claim as evidence of a tap. */
export type ClaimedClick = {
  readonly claimId: string;
  readonly clickId: string;
  readonly clickedAt: Date;
  readonly expiresAt: Date;
  /** Text of the referrer's code. */
  readonly codeText: string;
  readonly device: string | null;
  /** Keyed hash of the cart that the claim was made with, hex. */
  readonly cartTokenHash: string | null;
};

/**
 * Lets one transaction at a time claim by the same tap, device, address or network: what is counted then stays true.
 * Taken in one order by everybody, and given back with the transaction.
 */
export async function lockClaimants(tx: Tx, shopId: string, labels: readonly string[]): Promise<void> {
  for (const label of labels.toSorted())
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`claim:${shopId}:${label}`]);
}

/**
 * @returns the claim that this asker has already, or null. With an address it is that of the address, or that of the same
 * tap as long as it has none; without one it is that of the tap or of the device.
 */
export async function standingClaim(
  tx: Tx,
  asked: { shopId: string; clickId: string; emailHash: string | null; device: string | null },
): Promise<StandingClaim | null> {
  const [row] = await tx.query<StandingClaim>(
    `SELECT id, state, welcome_code AS "welcomeCode", encode(email_hash, 'hex') AS "emailHash" FROM claims
      WHERE shop_id = $1 AND state <> 'expired' AND welcome_code IS NOT NULL
        AND (email_hash = decode($3, 'hex')
          OR (click_id = $2 AND ($3::text IS NULL OR email_hash IS NULL))
          OR ($3::text IS NULL AND device = $4::uuid))
      ORDER BY (email_hash = decode($3, 'hex')) DESC NULLS LAST, (click_id = $2) DESC, claimed_at DESC LIMIT 1`,
    [asked.shopId, asked.clickId, asked.emailHash, asked.device],
  );
  return row ?? null;
}

/** Adds the address to a claim that was made without one. */
export async function addEmailToClaim(tx: Tx, shopId: string, claimId: string, emailHash: string): Promise<void> {
  await tx.execute(
    "UPDATE claims SET email_hash = decode($3, 'hex') WHERE shop_id = $1 AND id = $2 AND email_hash IS NULL",
    [shopId, claimId, emailHash],
  );
}

/** Adds the cart (keyed hash, hex) to a claim of the same tap or device that was made before there was one. */
export async function addCartToClaim(
  tx: Tx,
  claim: { shopId: string; claimId: string; clickId: string; device: string | null; cartTokenHash: string },
): Promise<void> {
  await tx.execute(
    `UPDATE claims SET cart_token_hash = decode($5, 'hex')
      WHERE shop_id = $1 AND id = $2 AND cart_token_hash IS NULL AND (click_id = $3 OR device = $4::uuid)`,
    [claim.shopId, claim.claimId, claim.clickId, claim.device, claim.cartTokenHash],
  );
}

/**
 * Records a claim that gets no code, as evidence alone: where the friend's side is given after the order. An address has
 * one of them at a time; one whose time is over makes room.
 */
export async function recordBareClaim(
  tx: Tx,
  claim: {
    shopId: string;
    id: string;
    codeId: string;
    clickId: string;
    clickedAt: Date;
    emailHash: string;
    device: string | null;
    prefixHash: string | null;
    cartTokenHash: string | null;
    expiresAt: Date;
    now: Date;
  },
): Promise<void> {
  await tx.execute(
    `UPDATE claims SET state = 'expired'
      WHERE shop_id = $1 AND email_hash = decode($2, 'hex') AND state = 'live' AND welcome_code IS NULL AND expires_at <= $3`,
    [claim.shopId, claim.emailHash, claim.now],
  );
  await tx.execute(
    `INSERT INTO claims (shop_id, id, code_id, click_id, clicked_at, email_hash, device, prefix_hash, cart_token_hash,
                         claimed_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, decode($6, 'hex'), $7::uuid, decode($8, 'hex'), decode($9, 'hex'), $10, $11)
     ON CONFLICT DO NOTHING`,
    [
      claim.shopId,
      claim.id,
      claim.codeId,
      claim.clickId,
      claim.clickedAt,
      claim.emailHash,
      claim.device,
      claim.prefixHash,
      claim.cartTokenHash,
      claim.now,
      claim.expiresAt,
    ],
  );
}

/** @returns live claims of a device; and since `since`, claims from a network and on a code. */
export async function claimCounts(
  tx: Tx,
  asked: { shopId: string; codeId: string; device: string | null; prefixHash: string | null; since: Date },
): Promise<ClaimCounts> {
  const [row] = await tx.query<ClaimCounts>(
    `SELECT (SELECT count(*)::int FROM claims WHERE shop_id = $1 AND device = $3::uuid AND state = 'live') AS device,
            (SELECT count(*)::int FROM claims
              WHERE shop_id = $1 AND prefix_hash = decode($4, 'hex') AND claimed_at > $5) AS prefix,
            (SELECT count(*)::int FROM claims
              WHERE shop_id = $1 AND code_id = $2 AND claimed_at > $5) AS code`,
    [asked.shopId, asked.codeId, asked.device, asked.prefixHash, asked.since],
  );
  return row ?? { device: 0, prefix: 0, code: 0 };
}

/**
 * Makes room for a claim with a code: an address has one live claim, and by a link of other terms it may have left one that
 * gets none. That one stays as evidence of its tap.
 */
export async function endBareClaim(tx: Tx, shopId: string, emailHash: string): Promise<void> {
  await tx.execute(
    `UPDATE claims SET state = 'expired'
      WHERE shop_id = $1 AND email_hash = decode($2, 'hex') AND state = 'live' AND welcome_code IS NULL`,
    [shopId, emailHash],
  );
}

const CLAIMED_CLICK = `c.id AS "claimId", c.click_id AS "clickId", c.clicked_at AS "clickedAt", c.expires_at AS "expiresAt",
  k.code AS "codeText", c.device, encode(c.cart_token_hash, 'hex') AS "cartTokenHash"`;

/** @returns the taps whose claims were given these welcome codes. */
export async function clicksOfWelcomeCodes(tx: Tx, shopId: string, codes: readonly string[]): Promise<ClaimedClick[]> {
  if (codes.length === 0) return [];
  return tx.query<ClaimedClick>(
    `SELECT ${CLAIMED_CLICK}
       FROM welcome_codes w
       JOIN claims c ON c.shop_id = w.shop_id AND c.id = w.claim_id
       JOIN codes k ON k.shop_id = c.shop_id AND k.id = c.code_id
      WHERE w.shop_id = $1 AND w.code = ANY ($2::text[])`,
    [shopId, codes],
  );
}

const CLICKS_MAX = 20;

/** @returns the newest taps that were claimed with this address, on this device or with this cart. */
export async function clicksClaimedBy(
  tx: Tx,
  by: { shopId: string; emailHash: string | null; device: string | null; cartTokenHash: string | null },
): Promise<ClaimedClick[]> {
  if (by.emailHash === null && by.device === null && by.cartTokenHash === null) return [];
  return tx.query<ClaimedClick>(
    `SELECT ${CLAIMED_CLICK}
       FROM claims c JOIN codes k ON k.shop_id = c.shop_id AND k.id = c.code_id
      WHERE c.shop_id = $1
        AND (c.email_hash = decode($2, 'hex') OR c.device = $3::uuid OR c.cart_token_hash = decode($4, 'hex'))
      ORDER BY c.clicked_at DESC, c.id LIMIT ${CLICKS_MAX}`,
    [by.shopId, by.emailHash, by.device, by.cartTokenHash],
  );
}

/** @returns those of some addresses, carts (keyed hashes, hex) and devices that claimed something. */
export async function claimantsAmong(
  tx: Tx,
  shopId: string,
  buyers: { emailHashes: readonly string[]; devices: readonly string[]; cartTokenHashes: readonly string[] },
): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(
    `SELECT encode(email_hash, 'hex') AS key FROM claims
      WHERE shop_id = $1 AND email_hash IN (SELECT decode(hash, 'hex') FROM unnest($2::text[]) AS hash)
     UNION SELECT device::text FROM claims WHERE shop_id = $1 AND device = ANY ($3::uuid[])
     UNION SELECT encode(cart_token_hash, 'hex') FROM claims
      WHERE shop_id = $1 AND cart_token_hash IN (SELECT decode(hash, 'hex') FROM unnest($4::text[]) AS hash)`,
    [shopId, buyers.emailHashes, buyers.devices, buyers.cartTokenHashes],
  );
  return new Set(rows.map(({ key }) => key));
}

/** @returns the claim of the tap that opened a referral, or of the friend's own address; the newest, or null. */
export async function claimOfFriend(
  tx: Tx,
  friend: { shopId: string; clickId: string | null; personId: string },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `SELECT c.id FROM claims c
      WHERE c.shop_id = $1 AND c.state <> 'expired'
        AND (c.click_id = $2::uuid OR c.email_hash IN (
          SELECT k.hash FROM person_keys k JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
           WHERE k.shop_id = $1 AND k.kind = 'email' AND k.identifies AND $3::uuid IN (p.id, p.merged_into)))
      ORDER BY (c.click_id = $2::uuid) DESC NULLS LAST, c.claimed_at DESC LIMIT 1`,
    [friend.shopId, friend.clickId, friend.personId],
  );
  return row?.id ?? null;
}
