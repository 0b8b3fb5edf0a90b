import type { ReferralStateView } from "#app/read-models.ts";
import type { ReadTx } from "./raw.ts";

export type DetailRow = {
  readonly id: string;
  readonly state: ReferralStateView;
  readonly reason: string | null;
  readonly openedAt: Date;
  readonly expiresAt: Date;
  readonly eligibleAt: Date | null;
  readonly decidedAt: Date | null;
  readonly orderAt: Date | null;
  readonly paidAt: Date | null;
  readonly orderId: string | null;
  readonly evidence: unknown;
  readonly termsVersion: number;
  readonly friendPerson: string;
  readonly code: string | null;
  readonly friendEnc: Uint8Array | null;
  readonly friendKey: Uint8Array | null;
  readonly referrerEnc: Uint8Array | null;
  readonly referrerKey: Uint8Array | null;
};

/** One referral with its code and both sealed names; no row when this shop has no such referral. */
export function detailRow(tx: ReadTx, shopId: string, id: string): Promise<DetailRow[]> {
  return tx.$queryRaw<DetailRow[]>`
    SELECT r.id, r.state, r.reason, r.opened_at AS "openedAt", r.expires_at AS "expiresAt", r.eligible_at AS "eligibleAt",
           r.decided_at AS "decidedAt", r.order_at AS "orderAt", r.paid_at AS "paidAt", r.qualifying_order::text AS "orderId",
           r.evidence, r.terms_version AS "termsVersion", r.friend_person AS "friendPerson", c.code,
           f.profile_enc AS "friendEnc", f.profile_key_wrapped AS "friendKey",
           w.profile_enc AS "referrerEnc", w.profile_key_wrapped AS "referrerKey"
      FROM referrals r
      JOIN codes c ON c.shop_id = r.shop_id AND c.id = r.code_id
      JOIN people f ON f.shop_id = r.shop_id AND f.id = r.friend_person
      JOIN people w ON w.shop_id = r.shop_id AND w.id = r.referrer_person
     WHERE r.shop_id = ${shopId}::uuid AND r.id = ${id}::uuid`;
}

export type SideRow = {
  readonly side: number;
  readonly unit: string;
  readonly amount: bigint;
  readonly status: string | null;
  readonly code: string | null;
  readonly expiresAt: Date | null;
  readonly issuedAt: Date | null;
  readonly kind: string;
  readonly termsAmount: bigint;
  readonly currency: string;
  readonly exponent: number;
};

/** Both sides of a referral: what was promised, and the reward once there is one. */
export function sideRows(tx: ReadTx, shopId: string, id: string): Promise<SideRow[]> {
  return tx.$queryRaw<SideRow[]>`
    SELECT p.side::int AS side, coalesce(w.unit, p.unit) AS unit, coalesce(w.amount, p.amount) AS amount, w.status, w.code,
           w.expires_at AS "expiresAt", w.created_at AS "issuedAt",
           CASE p.side WHEN 1 THEN t.referrer_kind ELSE t.friend_kind END AS kind,
           CASE p.side WHEN 1 THEN t.referrer_amount ELSE t.friend_amount END AS "termsAmount",
           t.currency, t.exponent::int AS exponent
      FROM referrals r
      JOIN terms t ON t.shop_id = r.shop_id AND t.version = r.terms_version
      JOIN ledger_transfers p ON p.shop_id = r.shop_id AND p.referral_id = r.id AND p.kind = 1
      LEFT JOIN rewards w ON w.shop_id = p.shop_id AND w.referral_id = p.referral_id AND w.side = p.side
     WHERE r.shop_id = ${shopId}::uuid AND r.id = ${id}::uuid ORDER BY 1, w.created_at`;
}

export type WeighedRow = {
  readonly at: Date;
  readonly event: string;
  readonly carrier: string | null;
  readonly reason: string | null;
  readonly losers: unknown;
  readonly isOpener: boolean;
};

/** How the friend's events were weighed, oldest first. */
export function weighedRows(
  tx: ReadTx,
  input: { shopId: string; id: string; friendPerson: string },
): Promise<WeighedRow[]> {
  return tx.$queryRaw<WeighedRow[]>`
    SELECT at, event, carrier, reason, losers, coalesce(referral_id = ${input.id}::uuid, false) AS "isOpener"
      FROM attributions
     WHERE shop_id = ${input.shopId}::uuid AND (referral_id = ${input.id}::uuid OR person_id = ${input.friendPerson}::uuid)
     ORDER BY at, id LIMIT 50`;
}

export type DecisionRow = {
  readonly at: Date;
  readonly phase: string;
  readonly verdict: string;
  readonly score: number;
  readonly ruleset: string;
  readonly rules: unknown;
};

/** What the screen said, oldest first. */
export function decisionRows(tx: ReadTx, shopId: string, id: string): Promise<DecisionRow[]> {
  return tx.$queryRaw<DecisionRow[]>`
    SELECT at, phase, verdict, score::int AS score, ruleset, rules FROM decisions
     WHERE shop_id = ${shopId}::uuid AND referral_id = ${id}::uuid ORDER BY at, id LIMIT 50`;
}

export type AuditRow = { readonly at: Date; readonly actor: string; readonly action: string; readonly detail: unknown };

/** The audit of a referral, of its cases and of its rewards, oldest first. */
export function auditRows(tx: ReadTx, shopId: string, id: string): Promise<AuditRow[]> {
  return tx.$queryRaw<AuditRow[]>`
    SELECT at, actor, action, detail FROM audit
     WHERE shop_id = ${shopId}::uuid
       AND subject IN (SELECT ${id}::uuid UNION ALL SELECT id FROM cases WHERE shop_id = ${shopId}::uuid AND referral_id = ${id}::uuid
                       UNION ALL SELECT id FROM rewards WHERE shop_id = ${shopId}::uuid AND referral_id = ${id}::uuid)
     ORDER BY at, id LIMIT 200`;
}

export type NoteRow = { readonly at: Date; readonly side: number; readonly channel: string; readonly state: string };

/** The thank-you notes of a referral's rewards that ended one way or the other. */
export function noteRows(tx: ReadTx, shopId: string, id: string): Promise<NoteRow[]> {
  return tx.$queryRaw<NoteRow[]>`
    SELECT n.ended_at AS at, n.side::int AS side, n.channel, n.state
      FROM notes n JOIN rewards w ON w.shop_id = n.shop_id AND w.id = n.reward_id
     WHERE n.shop_id = ${shopId}::uuid AND w.referral_id = ${id}::uuid AND n.ended_at IS NOT NULL ORDER BY n.ended_at LIMIT 20`;
}

/** The texts of some codes; what is no id of a code is passed over. */
export function codeTexts(tx: ReadTx, shopId: string, ids: readonly string[]): Promise<{ id: string; code: string }[]> {
  return tx.$queryRaw<{ id: string; code: string }[]>`
    SELECT id::text AS id, code FROM codes WHERE shop_id = ${shopId}::uuid AND id::text = ANY (${[...ids]}::text[]) LIMIT 100`;
}
