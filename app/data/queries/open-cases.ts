import { isObject } from "#app/domain/json/read.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { CaseView, FiredRuleView } from "#app/read-models.ts";
import { Prisma } from "../generated/index.js";
import { forShop } from "../prisma.ts";
import { caseRewardRows, caseRewardView, choiceViews, receivableView, reversalView } from "./case-facts.ts";
import type { CaseFacts, CaseRewardRow } from "./case-facts.ts";
import { firstNameOf } from "./first-name.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";
import { isoOrNull, shortIdOf } from "./raw.ts";

type Row = CaseFacts & {
  readonly reason: string | null;
  readonly decision: string | null;
  readonly referralReason: string | null;
  readonly personId: string | null;
  readonly waitsForSecond: boolean;
  readonly version: number;
  readonly openedAt: Date;
  readonly escalateAt: Date | null;
  readonly referrerPerson: string | null;
  readonly rules: unknown;
  readonly friendEnc: Uint8Array | null;
  readonly friendKey: Uint8Array | null;
  readonly referrerEnc: Uint8Array | null;
  readonly referrerKey: Uint8Array | null;
};

const LIMIT_MAX = 100;

/** The cases that wait for a person, the longest waiting first, each with the rules that the screen saw fire. */
export async function openCases(
  deps: QueryDeps,
  input: { shopId: string; now: Date; limit: number },
): Promise<readonly CaseView[]> {
  const limit = Math.min(Math.max(input.limit, 1), LIMIT_MAX);
  return forShop(deps.prisma, input.shopId, async (tx) => {
    return caseViews(tx, deps.keys, { ...input, limit, where: Prisma.sql`k.state = 'open'` });
  });
}

/** The cases that a person has decided, newest first: what can still be done about them is a choice on each. */
export async function closedCases(
  deps: QueryDeps,
  input: { shopId: string; now: Date; limit: number },
): Promise<readonly CaseView[]> {
  const limit = Math.min(Math.max(input.limit, 1), LIMIT_MAX);
  return forShop(deps.prisma, input.shopId, async (tx) => {
    const where = Prisma.sql`k.state = 'closed'`;
    return caseViews(tx, deps.keys, { ...input, limit, where, newestFirst: true });
  });
}

/** The cases of a person: about them, or about a referral that they made. Newest first. */
export function casesOfPerson(
  tx: ReadTx,
  keys: Keys,
  input: { shopId: string; family: readonly string[]; now: Date },
): Promise<CaseView[]> {
  const family = [...input.family];
  const where = Prisma.sql`(k.person_id = ANY (${family}::uuid[]) OR r.referrer_person = ANY (${family}::uuid[]))`;
  return caseViews(tx, keys, { ...input, limit: LIMIT_MAX, where, newestFirst: true });
}

/** The case that a referral waits for, or null. */
export async function openCaseOf(
  tx: ReadTx,
  keys: Keys,
  input: { shopId: string; referralId: string; now: Date },
): Promise<CaseView | null> {
  const where = Prisma.sql`k.state = 'open' AND k.referral_id = ${input.referralId}::uuid`;
  const [view] = await caseViews(tx, keys, { ...input, where, limit: 1 });
  return view ?? null;
}

type Wanted = { shopId: string; now: Date; where: Prisma.Sql; limit: number; newestFirst?: boolean };

async function caseViews(tx: ReadTx, keys: Keys, wanted: Wanted): Promise<CaseView[]> {
  const { shopId, now } = wanted;
  const rows = await casesWhere(tx, wanted);
  const rewards = await caseRewardRows(
    tx,
    shopId,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const own = rewards.filter((reward) => reward.caseId === row.id);
    return caseView(keys, { shopId, now, row, rewards: own });
  });
}

function casesWhere(tx: ReadTx, { shopId, where, limit, newestFirst = false }: Wanted): Promise<Row[]> {
  const order = newestFirst ? Prisma.sql`k.opened_at DESC, k.id DESC` : Prisma.sql`k.opened_at, k.id`;
  return tx.$queryRaw<Row[]>`
    SELECT k.id, k.kind, k.reason, k.state, k.decision, k.person_id AS "personId", k.first_by IS NOT NULL AS "waitsForSecond", k.version, k.opened_at AS "openedAt", k.escalate_at AS "escalateAt",
           k.referral_id AS "referralId", r.state AS "referralState", r.reason AS "referralReason", r.later_facts AS "laterFacts", d.rules,
           r.referrer_person AS "referrerPerson", k.claw_open AS "clawOpen",
           (SELECT t.unit FROM ledger_transfers t WHERE t.shop_id = k.shop_id AND t.case_id = k.id AND t.purpose = 'claw_back') AS "clawUnit",
           EXISTS (SELECT FROM referrals u WHERE u.shop_id = r.shop_id AND u.reopens = r.id) AS undone,
           ARRAY(SELECT DISTINCT t.purpose FROM ledger_transfers t WHERE t.shop_id = k.shop_id AND t.case_id = k.id) AS booked,
           coalesce(m.currency, s.currency) AS currency, coalesce(m.exponent, s.exponent)::int AS exponent, f.profile_enc AS "friendEnc", f.profile_key_wrapped AS "friendKey",
           w.profile_enc AS "referrerEnc", w.profile_key_wrapped AS "referrerKey"
      FROM cases k
      LEFT JOIN referrals r ON r.shop_id = k.shop_id AND r.id = k.referral_id
      JOIN shops s ON s.id = k.shop_id
      LEFT JOIN terms m ON m.shop_id = r.shop_id AND m.version = r.terms_version
      LEFT JOIN people f ON f.shop_id = k.shop_id AND f.id = coalesce(r.friend_person, k.person_id)
      LEFT JOIN people w ON w.shop_id = k.shop_id AND w.id = r.referrer_person
      LEFT JOIN LATERAL (SELECT rules FROM decisions WHERE shop_id = k.shop_id AND referral_id = k.referral_id
                          ORDER BY at DESC, id DESC LIMIT 1) d ON true
     WHERE k.shop_id = ${shopId}::uuid AND ${where}
     ORDER BY ${order} LIMIT ${limit}`;
}

function caseView(
  keys: Keys,
  { shopId, now, row, rewards }: { shopId: string; now: Date; row: Row; rewards: readonly CaseRewardRow[] },
): CaseView {
  return {
    id: row.id,
    kind: row.kind,
    personId: row.personId,
    reason: row.reason,
    referralId: row.referralId,
    referral: row.referralState === null ? null : { state: row.referralState, reason: row.referralReason },
    shortId: row.referralId === null ? null : shortIdOf(row.referralId),
    friend: firstNameOf(keys, shopId, { profileEnc: row.friendEnc, profileKeyWrapped: row.friendKey }),
    referrer: firstNameOf(keys, shopId, { profileEnc: row.referrerEnc, profileKeyWrapped: row.referrerKey }),
    state: row.state,
    decision: row.decision,
    waitsForSecond: row.state === "open" && row.waitsForSecond,
    version: row.version,
    openedAt: row.openedAt.toISOString(),
    escalateAt: isoOrNull(row.escalateAt),
    overdue: row.state === "open" && row.escalateAt !== null && row.escalateAt <= now,
    rules: firedRules(row.rules),
    referrerPerson: row.referrerPerson,
    choices: choiceViews(row, rewards),
    reversal: reversalView(row),
    rewards: rewards.map(caseRewardView),
    receivable: receivableView(row),
  };
}

/** Rules as a decision stored them; what an older version stored in another shape is left out, never guessed. */
export function firedRules(stored: unknown): FiredRuleView[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((rule: unknown): FiredRuleView[] => {
    if (!isObject(rule) || typeof rule["id"] !== "string") return [];
    const evidence = isObject(rule["evidence"]) ? rule["evidence"] : {};
    return [
      {
        id: rule["id"],
        outcome: typeof rule["outcome"] === "string" ? rule["outcome"] : "none",
        weight: typeof rule["weight"] === "number" ? rule["weight"] : 0,
        evidence: Object.fromEntries(Object.entries(evidence).filter(isScalar)),
      },
    ];
  });
}

function isScalar(entry: [string, unknown]): entry is [string, string | number | boolean] {
  return ["string", "number", "boolean"].includes(typeof entry[1]);
}
