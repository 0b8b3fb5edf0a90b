import type { PersonRewardView, PersonView } from "#app/read-models.ts";
import { Prisma } from "../generated/index.js";
import { forShop } from "../prisma.ts";
import { firstNameOf } from "./first-name.ts";
import { countsWhere, referralRowView, referralsWhere } from "./list-referrals.ts";
import { casesOfPerson } from "./open-cases.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";
import { isoOrNull, isUuid, shortIdOf, tallyView, worthView } from "./raw.ts";

type PersonRow = {
  readonly id: string;
  readonly profileEnc: Uint8Array | null;
  readonly profileKeyWrapped: Uint8Array | null;
  readonly code: string | null;
  readonly codeState: "active" | "retired" | null;
  readonly retiredReason: string | null;
  readonly currency: string;
  readonly exponent: number;
  readonly family: readonly string[];
};

type RewardRow = {
  readonly id: string;
  readonly side: number;
  readonly kind: string;
  readonly status: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly code: string | null;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly referralId: string | null;
  readonly termsKind: string;
  readonly termsAmount: bigint;
  readonly currency: string;
  readonly exponent: number;
};

const ROWS_MAX = 50;

/**
 * One person with everything that they brought about: their code, the referrals that they made, their rewards and cases. A
 * person who was merged into another is shown as that other. Null when this shop has no such person.
 */
export async function personView(
  deps: QueryDeps,
  input: { shopId: string; id: string; now: Date },
): Promise<PersonView | null> {
  const { shopId, id, now } = input;
  if (!isUuid(id)) return null;
  return forShop(deps.prisma, shopId, async (tx) => {
    const [person] = await personRow(tx, shopId, id);
    if (person === undefined) return null;
    const family = [...person.family];
    const where = Prisma.sql`AND r.referrer_person = ANY (${family}::uuid[])`;
    const referrals = await referralsWhere(tx, { shopId, where, limit: ROWS_MAX });
    const sums = await sumsOf(tx, shopId, family);
    const tally = (pick: "earned" | "used" | "receivable") =>
      tallyView(
        sums.map((sum) => ({ unit: sum.unit, amount: sum[pick] })),
        person.currency,
        person.exponent,
      );
    return {
      id: person.id,
      shortId: shortIdOf(person.id),
      firstName: firstNameOf(deps.keys, shopId, person),
      code: person.code,
      codeState: person.codeState ?? "none",
      retiredReason: person.retiredReason,
      aliases: (await aliasRows(tx, shopId, family)).map(({ alias }) => alias),
      counts: await countsWhere(tx, shopId, where),
      earned: tally("earned"),
      used: tally("used"),
      receivable: tally("receivable"),
      referrals: referrals.map((row) => referralRowView(deps.keys, shopId, row)),
      rewards: (await rewardRows(tx, shopId, family)).map(rewardView),
      cases: await casesOfPerson(tx, deps.keys, { shopId, family, now }),
    };
  });
}

/** The canonical person, with the names merged into it, and the newest code. */
function personRow(tx: ReadTx, shopId: string, id: string): Promise<PersonRow[]> {
  return tx.$queryRaw<PersonRow[]>`
    SELECT p.id, p.profile_enc AS "profileEnc", p.profile_key_wrapped AS "profileKeyWrapped", c.code, c.state AS "codeState",
           c.retired_reason AS "retiredReason", s.currency, s.exponent::int AS exponent,
           ARRAY(SELECT o.id FROM people o WHERE o.shop_id = p.shop_id AND p.id IN (o.id, o.merged_into)) AS family
      FROM people n
      JOIN people p ON p.shop_id = n.shop_id AND p.id = coalesce(n.merged_into, n.id)
      JOIN shops s ON s.id = p.shop_id
      LEFT JOIN LATERAL (
        SELECT code, state, retired_reason FROM codes
         WHERE shop_id = p.shop_id
           AND person_id IN (SELECT o.id FROM people o WHERE o.shop_id = p.shop_id AND p.id IN (o.id, o.merged_into))
         ORDER BY state = 'active' DESC, created_at DESC LIMIT 1) c ON true
     WHERE n.shop_id = ${shopId}::uuid AND n.id = ${id}::uuid`;
}

function aliasRows(tx: ReadTx, shopId: string, family: readonly string[]): Promise<{ alias: string }[]> {
  return tx.$queryRaw<{ alias: string }[]>`
    SELECT a.alias FROM code_aliases a JOIN codes c ON c.shop_id = a.shop_id AND c.id = a.code_id
     WHERE a.shop_id = ${shopId}::uuid AND c.person_id = ANY (${[...family]}::uuid[])
     ORDER BY a.created_at, a.alias LIMIT ${ROWS_MAX}`;
}

type Sums = { readonly unit: string; readonly earned: bigint; readonly used: bigint; readonly receivable: bigint };

/** What the person was given, what of it was used, and what they still owe, unit by unit. */
function sumsOf(tx: ReadTx, shopId: string, family: readonly string[]): Promise<Sums[]> {
  return tx.$queryRaw<Sums[]>`
    SELECT u.unit,
           coalesce((SELECT sum(amount) FROM rewards w WHERE w.shop_id = u.shop_id AND w.unit = u.unit
                       AND w.person_id = ANY (${[...family]}::uuid[])), 0)::bigint AS earned,
           coalesce((SELECT sum(amount) FROM rewards w WHERE w.shop_id = u.shop_id AND w.unit = u.unit AND w.status = 'redeemed'
                       AND w.person_id = ANY (${[...family]}::uuid[])), 0)::bigint AS used,
           coalesce((SELECT sum(k.claw_open) FROM cases k
                       JOIN ledger_transfers t ON t.shop_id = k.shop_id AND t.case_id = k.id AND t.purpose = 'claw_back'
                      WHERE k.shop_id = u.shop_id AND t.unit = u.unit AND k.person_id = ANY (${[...family]}::uuid[])), 0)::bigint AS receivable
      FROM ledger_units u WHERE u.shop_id = ${shopId}::uuid`;
}

function rewardRows(tx: ReadTx, shopId: string, family: readonly string[]): Promise<RewardRow[]> {
  return tx.$queryRaw<RewardRow[]>`
    SELECT w.id, w.side::int AS side, w.kind, w.status, w.unit, w.amount, w.code, w.expires_at AS "expiresAt",
           w.created_at AS "createdAt", w.referral_id AS "referralId",
           CASE w.side WHEN 1 THEN m.referrer_kind ELSE m.friend_kind END AS "termsKind",
           CASE w.side WHEN 1 THEN m.referrer_amount ELSE m.friend_amount END AS "termsAmount",
           m.currency, m.exponent::int AS exponent
      FROM rewards w
      JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
      JOIN terms m ON m.shop_id = r.shop_id AND m.version = r.terms_version
     WHERE w.shop_id = ${shopId}::uuid AND w.person_id = ANY (${[...family]}::uuid[])
     ORDER BY w.created_at DESC, w.id DESC LIMIT ${ROWS_MAX}`;
}

function rewardView(row: RewardRow): PersonRewardView {
  const terms = { kind: row.termsKind, amount: row.termsAmount, currency: row.currency, exponent: row.exponent };
  return {
    id: row.id,
    kind: row.kind,
    side: row.side === 1 ? "referrer" : "friend",
    worth: worthView(row, terms),
    status: row.status,
    code: row.code,
    expiresAt: isoOrNull(row.expiresAt),
    referralId: row.referralId,
    givenAt: row.createdAt.toISOString(),
  };
}
