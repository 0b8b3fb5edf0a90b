import pg from "pg";
import { shopIdFor } from "#app/platform/ids.ts";
import { seedFreshBox } from "../../scripts/lib/freshbox.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { growInto, idSql, KIND } from "../lib/referrals.ts";

const FRIENDS_PER_CODE = 4;
/** A hundred days of taps, so that they lie in several partitions as in life. */
const TAP_DAYS = 100;
/** So many wait for a person: more than the page shows. */
const HELD = 120;

/**
 * Fills the shop of the demo in bulk: referrals with people, codes and pendings, taps on the codes, and cases that wait.
 * @returns its domain
 */
export async function growShop(
  stack: Stack,
  options: { referrals: number; taps: number; say: (line: string) => void },
): Promise<string> {
  const shop = await seedFreshBox(stack, options.say);
  const shopId = shopIdFor(shop);
  const owner = new pg.Client({ connectionString: stack.databaseUrl });
  await owner.connect();
  try {
    await owner.query(
      `INSERT INTO ledger_units (shop_id, unit, exponent) VALUES ($1, 'GBP', 2) ON CONFLICT DO NOTHING`,
      [shopId],
    );
    await owner.query(
      `INSERT INTO ledger_accounts (shop_id, id, unit, type) SELECT $1, gen_random_uuid(), 'GBP', 'reward_expense'
        WHERE NOT EXISTS (SELECT FROM ledger_accounts WHERE shop_id = $1 AND unit = 'GBP' AND type = 'reward_expense')`,
      [shopId],
    );
    await growInto(stack.databaseUrl, shopId, { referrals: options.referrals, spare: 0, say: options.say });
    options.say(`  ${options.taps} taps …`);
    await owner.query(TAPS, [shopId, options.taps, Math.ceil(options.referrals / FRIENDS_PER_CODE)]);
    await owner.query(HOLD, [shopId, Math.min(HELD, options.referrals)]);
    await owner.query(CASES, [shopId]);
    await owner.query("VACUUM (ANALYZE)");
    await owner.query("CHECKPOINT");
  } finally {
    await owner.end();
  }
  return shop;
}

const TAPS = `
  INSERT INTO clicks (shop_id, clicked_at, id, code_id, ip_hash, prefix_hash, agent_hash)
  SELECT $1, now() - (n % (${TAP_DAYS} * 1440)) * interval '1 minute', gen_random_uuid(), ${idSql(KIND.code, "n % $3::int")},
         sha256(('ip:' || n % 50000)::bytea), sha256(('net:' || n % 20000)::bytea), sha256(('agent:' || n % 40)::bytea)
    FROM generate_series(1, $2::int) AS n`;
const HOLD = `
  UPDATE referrals SET state = 'HELD', reason = 'same_card', version = version + 1
   WHERE shop_id = $1 AND id IN (SELECT ${idSql(KIND.referral, "n")} FROM generate_series(0, $2::int - 1) AS n)`;
const CASES = `
  INSERT INTO cases (shop_id, id, kind, referral_id, reason, opened_at, escalate_at)
  SELECT $1, gen_random_uuid(), 'fraud_hold', id, 'same_card', now() - interval '1 day', now() + interval '1 day'
    FROM referrals WHERE shop_id = $1 AND state = 'HELD'`;
