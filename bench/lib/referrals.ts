import pg from "pg";
import { createPools } from "#app/data/pools.ts";
import { buildWorld, TIMES } from "#test/harness/world.ts";

const CHUNK = 2_000;
const FRIENDS_PER_REFERRER = 4;
/** When every grown referral may be paid. */
export const DUE = TIMES.eligible;

/** A shop with referrals that are due, each with another friend and another order. */
export type GrownShop = {
  readonly shopId: string;
  readonly referrals: number;
  /** The id of the n-th referral, from 0. */
  referralId(n: number): string;
};

/** The same id in SQL and here, so that pgbench can name a row without looking it up. `kind`: eight hex digits. */
export function idOf(kind: string, n: number): string {
  return `${kind}-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** SQL for `idOf`, of an SQL expression for n. */
export function idSql(kind: string, n: string): string {
  return `('${kind}-0000-7000-8000-' || lpad(to_hex((${n})::bigint), 12, '0'))::uuid`;
}

/** What the ids of grown rows begin with. */
export const KIND = { referral: "0be4c001", referrer: "0be4c002", friend: "0be4c003", code: "0be4c004" } as const;

/**
 * Grows a shop's history: referrals with their people, codes, accounts, caps and pendings, through every guard of the
 * schema, in bulk. Statistics are gathered after the first rows and at the end, as autovacuum would in time.
 */
export async function growReferrals(
  databaseUrl: string,
  options: { referrals: number; spare: number; say: (line: string) => void },
): Promise<GrownShop> {
  const pools = createPools({ databaseUrl });
  const { shopId } = await buildWorld(pools);
  await pools.end();
  return growInto(databaseUrl, shopId, options);
}

/** As `growReferrals`, into a shop that is there: with its first terms in pounds and its accounts. */
export async function growInto(
  databaseUrl: string,
  shopId: string,
  options: { referrals: number; spare: number; say: (line: string) => void },
): Promise<GrownShop> {
  const total = options.referrals + options.spare;
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  try {
    for (let from = 0; from < total; from += CHUNK) {
      await growChunk(owner, shopId, { from, until: Math.min(total, from + CHUNK) });
      if (from === 0) await owner.query("ANALYZE");
      if (from % (CHUNK * 5) === 0) options.say(`  ${Math.min(total, from + CHUNK)} of ${total} referrals are there`);
    }
    // What a bulk load leaves behind is no part of what is measured.
    await owner.query("VACUUM (ANALYZE)");
    await owner.query("CHECKPOINT");
  } finally {
    await owner.end();
  }
  return { shopId, referrals: total, referralId: (n) => idOf(KIND.referral, n) };
}

async function growChunk(
  owner: pg.Client,
  shopId: string,
  { from, until }: { from: number; until: number },
): Promise<void> {
  await owner.query("BEGIN");
  for (const sql of CHUNK_SQL) {
    await owner.query(
      sql
        .replaceAll("$SHOP", `'${shopId}'::uuid`)
        .replaceAll("$FROM", String(from))
        .replaceAll("$UNTIL", String(until - 1)),
    );
  }
  await owner.query("COMMIT");
}

const at = (moment: Date): string => `'${moment.toISOString()}'::timestamptz`;
const REFERRER_OF = `n / ${FRIENDS_PER_REFERRER}`;
const FRIENDS = "generate_series($FROM, $UNTIL) AS n";
const REFERRERS = `generate_series($FROM / ${FRIENDS_PER_REFERRER}, $UNTIL / ${FRIENDS_PER_REFERRER}) AS n`;
const digest = (label: string): string => `sha256(('${label}:' || n)::bytea)`;

const CHUNK_SQL: readonly string[] = [
  `INSERT INTO people (shop_id, id, created_at) SELECT $SHOP, ${idSql(KIND.referrer, "n")}, ${at(TIMES.clicked)} FROM ${REFERRERS}`,
  `INSERT INTO people (shop_id, id, created_at) SELECT $SHOP, ${idSql(KIND.friend, "n")}, ${at(TIMES.clicked)} FROM ${FRIENDS}`,
  ...(["referrer", "friend"] as const).flatMap((role) => {
    const people = role === "referrer" ? REFERRERS : FRIENDS;
    return [
      `INSERT INTO ledger_accounts (shop_id, id, unit, person_id, type)
       SELECT $SHOP, gen_random_uuid(), 'GBP', ${idSql(KIND[role], "n")}, 'reward_liability' FROM ${people}`,
      `INSERT INTO person_keys (shop_id, kind, hash, person_id, identifies)
       SELECT $SHOP, kind, sha256((kind || ':${role}:' || n)::bytea), ${idSql(KIND[role], "n")}, kind IN ('customer', 'email')
         FROM ${people}, unnest(ARRAY['customer', 'email', 'device', 'card', 'address', 'network']) AS kind`,
    ];
  }),
  `INSERT INTO codes (shop_id, id, code, person_id, terms_version, created_at)
   SELECT $SHOP, ${idSql(KIND.code, "n")}, translate(lpad(to_hex(n), 6, '0'), '0123456789abcdef', '23456789ABCDEFGH'),
          ${idSql(KIND.referrer, "n")}, 1, ${at(TIMES.clicked)} FROM ${REFERRERS}`,
  `INSERT INTO cap_counters (shop_id, scope, subject, cap, recent_cap) SELECT $SHOP, 'referrer', ${idSql(KIND.referrer, "n")}, 500, 50 FROM ${REFERRERS}`,
  `INSERT INTO referrals (shop_id, id, code_id, referrer_person, terms_version, friend_person, owed, expires_at, evidence, opened_at)
   SELECT $SHOP, ${idSql(KIND.referral, "n")}, ${idSql(KIND.code, REFERRER_OF)}, ${idSql(KIND.referrer, REFERRER_OF)}, 1,
          ${idSql(KIND.friend, "n")}, 3, ${at(TIMES.expires)},
          jsonb_build_object('clickId', gen_random_uuid(), 'clickedAt', ${TIMES.clicked.getTime()}, 'carrier', 'cart_attribute', 'device', encode(${digest("device")}, 'hex')),
          ${at(TIMES.opened)} FROM ${FRIENDS}`,
  `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount, created_at)
   SELECT $SHOP, gen_random_uuid(), 1, 'reward', ${idSql(KIND.referral, "n")}, side, e.id, e.type, l.id, l.type, 'GBP', 1000, ${at(TIMES.opened)}
     FROM ${FRIENDS} CROSS JOIN generate_series(1, 2) AS side
     JOIN ledger_accounts e ON e.shop_id = $SHOP AND e.type = 'reward_expense' AND e.unit = 'GBP'
     JOIN ledger_accounts l ON l.shop_id = $SHOP AND l.type = 'reward_liability' AND l.unit = 'GBP'
      AND l.person_id = CASE side WHEN 1 THEN ${idSql(KIND.referrer, REFERRER_OF)} ELSE ${idSql(KIND.friend, "n")} END`,
  `UPDATE referrals SET qualifying_order = 5000000000000 + n, order_at = ${at(TIMES.ordered)}, paid_at = ${at(TIMES.ordered)},
          eligible_at = ${at(TIMES.eligible)}, order_snapshot = '{"total": "49.00"}', version = version + 1
     FROM ${FRIENDS} WHERE shop_id = $SHOP AND id = ${idSql(KIND.referral, "n")}`,
];
