import { isObject } from "#app/domain/json/read.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { CaseView, FiredRuleView } from "#app/read-models.ts";
import { Prisma } from "../generated/index.js";
import { forShop } from "../prisma.ts";
import { firstNameOf } from "./first-name.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";
import { isoOrNull, shortIdOf } from "./raw.ts";

type Row = {
  readonly id: string;
  readonly kind: string;
  readonly reason: string | null;
  readonly state: "open" | "closed";
  readonly decision: string | null;
  readonly version: number;
  readonly openedAt: Date;
  readonly escalateAt: Date | null;
  readonly referralId: string | null;
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
    const rows = await casesWhere(tx, input.shopId, Prisma.sql`k.state = 'open'`, limit);
    return rows.map((row) => caseView(deps.keys, { shopId: input.shopId, now: input.now, row }));
  });
}

/** The case that a referral waits for, or null. */
export async function openCaseOf(
  tx: ReadTx,
  keys: Keys,
  input: { shopId: string; referralId: string; now: Date },
): Promise<CaseView | null> {
  const where = Prisma.sql`k.state = 'open' AND k.referral_id = ${input.referralId}::uuid`;
  const [row] = await casesWhere(tx, input.shopId, where, 1);
  return row === undefined ? null : caseView(keys, { ...input, row });
}

function casesWhere(tx: ReadTx, shopId: string, where: Prisma.Sql, limit: number): Promise<Row[]> {
  return tx.$queryRaw<Row[]>`
    SELECT k.id, k.kind, k.reason, k.state, k.decision, k.version, k.opened_at AS "openedAt", k.escalate_at AS "escalateAt",
           k.referral_id AS "referralId", d.rules, f.profile_enc AS "friendEnc", f.profile_key_wrapped AS "friendKey",
           w.profile_enc AS "referrerEnc", w.profile_key_wrapped AS "referrerKey"
      FROM cases k
      LEFT JOIN referrals r ON r.shop_id = k.shop_id AND r.id = k.referral_id
      LEFT JOIN people f ON f.shop_id = k.shop_id AND f.id = coalesce(r.friend_person, k.person_id)
      LEFT JOIN people w ON w.shop_id = k.shop_id AND w.id = r.referrer_person
      LEFT JOIN LATERAL (SELECT rules FROM decisions WHERE shop_id = k.shop_id AND referral_id = k.referral_id
                          ORDER BY at DESC, id DESC LIMIT 1) d ON true
     WHERE k.shop_id = ${shopId}::uuid AND ${where}
     ORDER BY k.opened_at, k.id LIMIT ${limit}`;
}

function caseView(keys: Keys, { shopId, now, row }: { shopId: string; now: Date; row: Row }): CaseView {
  return {
    id: row.id,
    kind: row.kind,
    reason: row.reason,
    referralId: row.referralId,
    shortId: row.referralId === null ? null : shortIdOf(row.referralId),
    friend: firstNameOf(keys, shopId, { profileEnc: row.friendEnc, profileKeyWrapped: row.friendKey }),
    referrer: firstNameOf(keys, shopId, { profileEnc: row.referrerEnc, profileKeyWrapped: row.referrerKey }),
    state: row.state,
    decision: row.decision,
    version: row.version,
    openedAt: row.openedAt.toISOString(),
    escalateAt: isoOrNull(row.escalateAt),
    overdue: row.escalateAt !== null && row.escalateAt <= now,
    rules: firedRules(row.rules),
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
