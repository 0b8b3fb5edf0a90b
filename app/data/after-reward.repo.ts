import type { ChoiceReward } from "#app/domain/review/choices.ts";
import type { Side } from "#app/domain/reward/side.ts";
import { newId } from "#app/platform/ids.ts";
import { STATEMENTS } from "./statements.ts";
import type { Tx } from "./tenant.ts";

/** A reward that somebody decides about, with what the next entry needs. */
export type DecidedReward = ChoiceReward & {
  readonly personId: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly code: string | null;
  readonly externalId: string | null;
};

/** The rewards of a referral, newest first, held until the transaction ends. */
export async function lockRewardsOfReferral(
  tx: Tx,
  args: { shopId: string; referralId: string; casePerson: string | null },
): Promise<DecidedReward[]> {
  await tx.execute("SELECT FROM rewards WHERE shop_id = $1 AND referral_id = $2 ORDER BY id FOR UPDATE", [
    args.shopId,
    args.referralId,
  ]);
  return tx.query<DecidedReward>(
    `SELECT w.id, w.side, w.kind, w.status, w.remaining, w.person_id AS "personId", w.unit, w.amount, w.code,
            w.external_id AS "externalId", coalesce(w.person_id = $3::uuid, false) AS "ofCasePerson",
            EXISTS (SELECT FROM rewards n WHERE n.shop_id = w.shop_id AND n.replaces = w.id) AS replaced,
            EXISTS (SELECT FROM ledger_transfers t WHERE t.shop_id = w.shop_id AND t.reward_id = w.id
                       AND t.purpose = 'claw_back') AS "clawedBack"
       FROM rewards w WHERE w.shop_id = $1 AND w.referral_id = $2 ORDER BY w.created_at DESC, w.id DESC`,
    [args.shopId, args.referralId, args.casePerson],
  );
}

export type CaseEntry = "breakage" | "claw_back" | "offset" | "waive";

/** Books one entry of a decision about a reward. @returns false when an account that it needs is not there */
export async function bookCaseEntry(
  tx: Tx,
  entry: { shopId: string; purpose: CaseEntry; rewardId: string; caseId: string; amount: bigint; now: Date },
): Promise<boolean> {
  const { shopId, purpose, rewardId, caseId, amount, now } = entry;
  return (await tx.execute(STATEMENTS.caseEntry, [shopId, newId(), purpose, rewardId, caseId, amount, now])) === 1;
}

/** Takes an unused reward back. @returns false when it was used, sent or ended meanwhile */
export async function markCancelled(tx: Tx, shopId: string, rewardId: string): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE rewards SET status = 'cancelled' WHERE shop_id = $1 AND id = $2 AND status IN ('owed', 'issued', 'blocked')
        AND (remaining > 0 OR kind = 'welcome')`,
    [shopId, rewardId],
  );
  return count === 1;
}

/** The purposes of entries that name a case, of those that are possible once a case. */
export async function bookedOnCase(tx: Tx, shopId: string, caseId: string): Promise<string[]> {
  const rows = await tx.query<{ purpose: string }>(
    `SELECT DISTINCT purpose FROM ledger_transfers WHERE shop_id = $1 AND case_id = $2
        AND purpose IN ('goodwill', 'replacement', 'claw_back', 'waive')`,
    [shopId, caseId],
  );
  return rows.map((row) => row.purpose);
}

/** The reward that a case's receivable is for, or null. */
export async function clawedReward(tx: Tx, shopId: string, caseId: string): Promise<string | null> {
  const [row] = await tx.query<{ rewardId: string }>(
    `SELECT reward_id AS "rewardId" FROM ledger_transfers WHERE shop_id = $1 AND case_id = $2 AND purpose = 'claw_back'`,
    [shopId, caseId],
  );
  return row?.rewardId ?? null;
}

/** Opens the account that a person's receivables are kept on; one that is open already stays. */
export async function ensureClawBackAccount(
  tx: Tx,
  account: { shopId: string; personId: string; unit: string },
): Promise<void> {
  await tx.execute(
    `INSERT INTO ledger_accounts (shop_id, id, unit, person_id, type) VALUES ($1, $2, $3, $4, 'claw_back')
     ON CONFLICT DO NOTHING`,
    [account.shopId, newId(), account.unit, account.personId],
  );
}

/** Gives a reward that no referral earned. @returns its id, or null when the person has no account in that unit */
export async function grantReward(
  tx: Tx,
  grant: {
    shopId: string;
    kind: "goodwill" | "replacement";
    caseId: string;
    referralId: string;
    personId: string;
    side: Side;
    unit: string;
    amount: bigint;
    replaces: string | null;
    now: Date;
  },
): Promise<string | null> {
  const rewardId = newId();
  const [row] = await tx.query<{ granted: number }>(STATEMENTS.grantReward, [
    grant.shopId,
    grant.kind,
    grant.caseId,
    grant.personId,
    grant.unit,
    grant.amount,
    newId(),
    rewardId,
    grant.replaces,
    grant.referralId,
    grant.side,
    newId(),
    grant.now,
  ]);
  return row?.granted === 1 ? rewardId : null;
}

export type Receivable = { readonly caseId: string; readonly rewardId: string; readonly amount: bigint };

/** @returns those of some referrals of whose new rewards one may be set off against what its person owes. */
export async function referralsWithReceivables(
  tx: Tx,
  shopId: string,
  referralIds: readonly string[],
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT DISTINCT w.referral_id AS id FROM rewards w
       JOIN cases k ON k.shop_id = w.shop_id AND k.person_id = w.person_id AND k.claw_open >= w.amount
      WHERE w.shop_id = $1 AND w.referral_id = ANY ($2::uuid[]) AND w.kind = 'earned' AND w.status = 'owed' ORDER BY 1`,
    [shopId, referralIds],
  );
  return rows.map((row) => row.id);
}

/**
 * Finds, for each reward that a referral just earned, the oldest receivable of the same person and unit that the whole
 * reward fits into, and holds its case.
 */
export async function receivablesFor(tx: Tx, shopId: string, referralId: string): Promise<Receivable[]> {
  const earned = await tx.query<{ id: string; personId: string; unit: string; amount: bigint }>(
    `SELECT id, person_id AS "personId", unit, amount FROM rewards
      WHERE shop_id = $1 AND referral_id = $2 AND kind = 'earned' AND status = 'owed' ORDER BY side`,
    [shopId, referralId],
  );
  const found: Receivable[] = [];
  for (const { id, personId, unit, amount } of earned) {
    const [row] = await tx.query<{ caseId: string }>(
      `SELECT k.id AS "caseId" FROM cases k
         JOIN ledger_transfers t ON t.shop_id = k.shop_id AND t.case_id = k.id AND t.purpose = 'claw_back' AND t.unit = $3
        WHERE k.shop_id = $1 AND k.person_id = $2 AND k.claw_open >= $4
        ORDER BY k.opened_at, k.id LIMIT 1 FOR UPDATE OF k`,
      [shopId, personId, unit, amount],
    );
    if (row !== undefined) found.push({ caseId: row.caseId, rewardId: id, amount });
  }
  return found;
}

/** A reward that was set off is never issued: its work is done before it began. */
export async function markOffset(tx: Tx, shopId: string, rewardId: string): Promise<void> {
  await tx.execute("UPDATE rewards SET status = 'offset' WHERE shop_id = $1 AND id = $2 AND status = 'owed'", [
    shopId,
    rewardId,
  ]);
  await tx.execute("UPDATE outbox SET state = 'done', next_at = NULL WHERE shop_id = $1 AND dedupe_key = $2", [
    shopId,
    `fulfil:${rewardId}`,
  ]);
}

/** Makes a reward of unknown outcome due again. @returns false when its outcome is known meanwhile */
export async function sendAgain(tx: Tx, args: { shopId: string; rewardId: string; now: Date }): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE rewards SET status = 'owed', sends = least(sends, 1), last_sent_at = NULL
      WHERE shop_id = $1 AND id = $2 AND status = 'unknown'`,
    [args.shopId, args.rewardId],
  );
  if (count !== 1) return false;
  await tx.execute(
    "UPDATE outbox SET state = 'new', attempts = 0, next_at = $3, lease_until = NULL WHERE shop_id = $1 AND dedupe_key = $2",
    [args.shopId, `fulfil:${args.rewardId}`, args.now],
  );
  return true;
}
