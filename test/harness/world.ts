import { randomBytes } from "node:crypto";

import type { Pools } from "#app/data/pools.ts";
import { insertReferrals } from "#app/data/new-referrals.repo.ts";
import { convertReferrals } from "#app/data/referrals.repo.ts";
import { STATEMENTS } from "#app/data/statements.ts";
import { inShop, type Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";

/** The instants of a referral's life that all builders share. */
export const TIMES = {
  clicked: new Date("2026-03-01T09:00:00Z"),
  opened: new Date("2026-03-01T10:00:00Z"),
  ordered: new Date("2026-03-02T10:00:00Z"),
  eligible: new Date("2026-03-16T10:00:00Z"),
  expires: new Date("2026-03-31T09:00:00Z"),
  /** Past expires and the 26 hours after it. */
  lapsed: new Date("2026-04-01T12:00:00Z"),
} as const;

const SHOP_ACCOUNTS = ["reward_expense", "redeemed", "breakage", "goodwill", "issued_value"] as const;
const PERSONAL_ACCOUNTS = ["reward_liability", "claw_back"] as const;
const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
export const UNITS = ["GBP", "coupon"] as const;
export type Unit = (typeof UNITS)[number];

/** A shop with its offer and accounts, a referrer with a code, and a friend. */
export type World = {
  readonly shopId: string;
  readonly referrer: string;
  readonly friend: string;
  readonly codeId: string;
  readonly code: string;
};

/** Makes a world of its own, as gw_app: shop, terms 1 (10.00 GBP a side), units, accounts, two people, a code. */
export async function buildWorld(pools: Pools): Promise<World> {
  const shopId = newId();
  return inShop(pools, shopId, async (tx) => {
    await insertShop(tx, shopId);
    await insertTerms(tx, { shopId, version: 1 });
    await insertUnits(tx, shopId);
    const referrer = await insertPerson(tx, shopId);
    const friend = await insertPerson(tx, shopId);
    const { codeId, code } = await insertCode(tx, { shopId, personId: referrer });
    return { shopId, referrer, friend, codeId, code };
  });
}

/** A shop that is installed, in GBP, with a key that opens nothing. */
export async function insertShop(tx: Tx, shopId: string): Promise<void> {
  await tx.execute(
    `INSERT INTO shops (id, domain, domains, primary_domain, primary_origin, name, currency, exponent, timezone, identity_key_wrapped, installed_at)
     VALUES ($1, $2, ARRAY[$2::text], $2, 'https://' || $2::text, 'FreshBox', 'GBP', 2, 'Europe/London', $3, $4)`,
    [shopId, `shop-${shopId.slice(-12)}.myshopify.com`, randomBytes(60), TIMES.clicked],
  );
}

/** One version of the terms: 10.00 a side in GBP unless said otherwise. Amounts are minor units. */
export async function insertTerms(
  tx: Tx,
  terms: {
    shopId: string;
    version: number;
    friendWhen?: "on_first_order" | "after_first_order";
    kind?: "fixed" | "percent";
    amountMinor?: bigint;
  },
): Promise<void> {
  const { shopId, version, friendWhen = "after_first_order", kind = "fixed", amountMinor = 1000n } = terms;
  await tx.execute(
    `INSERT INTO terms (shop_id, version, currency, exponent, referrer_kind, referrer_amount, friend_kind, friend_amount, friend_when, created_at)
     VALUES ($1, $2, 'GBP', 2, $3, $4, $3, $4, $5, $6)`,
    [shopId, version, kind, amountMinor, friendWhen, TIMES.clicked],
  );
}

/** The units GBP and coupon, with the accounts that belong to the shop. */
export async function insertUnits(tx: Tx, shopId: string): Promise<void> {
  await tx.execute("INSERT INTO ledger_units (shop_id, unit, exponent) VALUES ($1, 'GBP', 2), ($1, 'coupon', 0)", [
    shopId,
  ]);
  for (const unit of UNITS)
    for (const type of SHOP_ACCOUNTS) await insertAccount(tx, { shopId, type, unit, personId: null });
}

/** A person with a liability and a claw-back account in both units. */
export async function insertPerson(tx: Tx, shopId: string): Promise<string> {
  const personId = newId();
  await tx.execute("INSERT INTO people (shop_id, id, created_at) VALUES ($1, $2, $3)", [
    shopId,
    personId,
    TIMES.clicked,
  ]);
  for (const unit of UNITS)
    for (const type of PERSONAL_ACCOUNTS) await insertAccount(tx, { shopId, type, unit, personId });
  return personId;
}

async function insertAccount(
  tx: Tx,
  account: { shopId: string; type: string; unit: Unit; personId: string | null },
): Promise<void> {
  await tx.execute("INSERT INTO ledger_accounts (shop_id, id, unit, person_id, type) VALUES ($1, $2, $3, $4, $5)", [
    account.shopId,
    newId(),
    account.unit,
    account.personId,
    account.type,
  ]);
}

/** An active code with a text of its own. */
export async function insertCode(
  tx: Tx,
  args: { shopId: string; personId: string; termsVersion?: number },
): Promise<{ codeId: string; code: string }> {
  const codeId = newId();
  const code = [...randomBytes(6)].map((byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length]).join("");
  await tx.execute(
    "INSERT INTO codes (shop_id, id, code, person_id, terms_version, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    [args.shopId, codeId, code, args.personId, args.termsVersion ?? 1, TIMES.clicked],
  );
  return { codeId, code };
}

/** Opens the world's referral with a pending for each owed side. Returns its id. */
export async function openReferral(
  tx: Tx,
  world: World,
  options: {
    owed?: 1 | 2 | 3;
    unit?: Unit;
    amountMinor?: bigint;
    friend?: string;
    codeId?: string;
    reopens?: string;
  } = {},
): Promise<string> {
  const id = newId();
  const { owed = 3, unit = "GBP", amountMinor = unit === "coupon" ? 1n : 1000n } = options;
  const promised = { unit, amountMinor };
  const opened = await insertReferrals(tx, { shopId: world.shopId, now: TIMES.opened, actor: "worker" }, [
    {
      id,
      codeId: options.codeId ?? world.codeId,
      friendPerson: options.friend ?? world.friend,
      owed,
      expiresAt: TIMES.expires,
      evidence: { clickedAt: TIMES.clicked.toISOString() },
      ...(options.reopens === undefined ? {} : { reopens: options.reopens }),
      referrerOwed: promised,
      friendOwed: promised,
    },
  ]);
  if (!opened.has(id)) throw new Error("openReferral: the friend has a referral already");
  return id;
}

let orders = 5_000_000_000_000n; // beyond 2^32, as Shopify's are

/** A paid order, as it is recorded on a referral. */
export function paidOrder(referralId: string, orderId: bigint) {
  const { ordered, eligible } = TIMES;
  const snapshot = { total: "49.00" };
  return { referralId, orderId: orderId.toString(), orderAt: ordered, paidAt: ordered, eligibleAt: eligible, snapshot };
}

/** Records a paid order on a referral; the reward is due at `TIMES.eligible`. Returns the order. */
export async function convertReferral(tx: Tx, shopId: string, referralId: string): Promise<bigint> {
  const orderId = (orders += 1n);
  const converted = await convertReferrals(tx, { shopId, now: TIMES.ordered }, [paidOrder(referralId, orderId)]);
  if (!converted.has(referralId)) throw new Error("convertReferral: nothing to convert");
  return orderId;
}

/** Runs the payout once. Returns the new state, or null when nothing was flipped. */
export async function payOut(
  tx: Tx,
  shopId: string,
  referralId: string,
  now: Date = TIMES.eligible,
): Promise<string | null> {
  const pair = () => [newId(), newId()];
  const [row] = await tx.query<{ state: string }>(STATEMENTS.payout, [
    shopId,
    referralId,
    now,
    pair(),
    pair(),
    pair(),
    newId(),
    newId(),
    null,
    "worker",
  ]);
  return row?.state ?? null;
}

/** Ends an open referral without a reward. Returns the new state, or null when nothing was flipped. */
export async function voidReferral(
  tx: Tx,
  args: { shopId: string; referralId: string; state: "REJECTED" | "EXPIRED" | "VOIDED"; now?: Date },
): Promise<string | null> {
  const values = [
    args.shopId,
    args.referralId,
    args.state,
    "because",
    args.now ?? TIMES.ordered,
    [newId(), newId()],
    newId(),
    "worker",
  ];
  const [row] = await tx.query<{ state: string }>(STATEMENTS.voidReferral, values);
  return row?.state ?? null;
}

/** Opens a case about a person, and a referral if given. Returns its id. */
export async function insertCase(
  tx: Tx,
  args: { shopId: string; kind: string; personId: string; referralId?: string; openedAt?: Date },
): Promise<string> {
  const id = newId();
  await tx.execute(
    "INSERT INTO cases (shop_id, id, kind, referral_id, person_id, opened_at) VALUES ($1, $2, $3, $4, $5, $6)",
    [args.shopId, id, args.kind, args.referralId ?? null, args.personId, args.openedAt ?? TIMES.eligible],
  );
  return id;
}
