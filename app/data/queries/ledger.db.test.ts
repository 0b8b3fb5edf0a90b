import { afterAll, expect, test } from "vitest";
import { ensureCurrency } from "#app/data/ledger.repo.ts";
import { foldLedger } from "#app/data/ledger-fold.ts";
import { bookUse, reverseUses, usesOnOrder } from "#app/data/reward-uses.repo.ts";
import { STATEMENTS } from "#app/data/statements.ts";
import { inShop } from "#app/data/tenant.ts";
import { trialBalance } from "#app/domain/ledger/trial-balance.ts";
import type { Transfer } from "#app/domain/ledger/transfer.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import {
  buildWorld,
  convertReferral,
  insertCase,
  insertPerson,
  openReferral,
  payOut,
  TIMES,
  voidReferral,
} from "#test/harness/world.ts";
import type { World } from "#test/harness/world.ts";
import { JOURNAL_COLUMNS, journalCsv } from "./journal.ts";
import { ledgerView } from "./ledger.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A shop with one of everything: a promise, a broken one, an earned pair with a use that was reversed, leakage. */
async function buildBooks(): Promise<World> {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  await inShop(db.pools, shopId, async (tx) => {
    await openReferral(tx, world);
    const voided = await openReferral(tx, world, { friend: await insertPerson(tx, shopId) });
    await voidReferral(tx, { shopId, referralId: voided, state: "REJECTED" });
    const coupon = await openReferral(tx, world, { friend: await insertPerson(tx, shopId), unit: "coupon" });
    for (const referralId of [await openReferral(tx, world, { friend: await insertPerson(tx, shopId) }), coupon]) {
      await convertReferral(tx, shopId, referralId);
      expect(await payOut(tx, shopId, referralId)).toBe("REWARDED");
    }
    const [reward] = await tx.query<{ id: string }>(
      "SELECT id FROM rewards WHERE unit = 'GBP' AND side = 1 ORDER BY id LIMIT 1",
    );
    const rewardId = reward?.id ?? "";
    await tx.execute("UPDATE rewards SET code = 'GIVE10', status = 'issued' WHERE id = $1", [rewardId]);
    const use = { shopId, rewardId, code: "GIVE10", amountMinor: 600n, currency: "GBP", now: TIMES.expires };
    await bookUse(tx, { ...use, orderId: "77" });
    const caseId = await insertCase(tx, { shopId, kind: "conflict", personId: world.referrer });
    const entries = await usesOnOrder(tx, shopId, rewardId, "77");
    expect(await reverseUses(tx, { shopId, entries, caseId, now: TIMES.lapsed })).toBe(2);
    await tx.execute(STATEMENTS.welcomeCost, [shopId, newId(), null, 99n, "HELLO", "GBP", 900n, TIMES.lapsed]);
  });
  return world;
}

test("the ledger adds up to the same in the database and here, page after page of entries included", async () => {
  const { shopId } = await buildBooks();
  await inShop(db.pools, shopId, async (tx) => {
    const fold = await foldLedger(tx);
    const all = await tx.query<Transfer>(
      `SELECT id, kind, debit_account AS "debitAccount", debit_type AS "debitType", credit_account AS "creditAccount",
              credit_type AS "creditType", unit, amount FROM ledger_transfers`,
    );
    expect(fold.disagreeing).toEqual([]);
    expect(fold.transfers).toBe(all.length);
    expect(fold.balances.toSorted((a, b) => (a.account < b.account ? -1 : 1))).toEqual(trialBalance(all));
  });
});

test("a resolution without its promise is seen by the fold", async () => {
  const { shopId } = await buildBooks();
  const client = await db.ownerPool.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    await client.query(
      `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, pending_id, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount)
       SELECT shop_id, $2, 3, purpose, $3, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount
         FROM ledger_transfers WHERE shop_id = $1 AND kind = 1 LIMIT 1`,
      [shopId, newId(), newId()],
    );
    await client.query("COMMIT");
  } finally {
    client.release();
  }
  await inShop(db.pools, shopId, async (tx) => expect((await foldLedger(tx)).disagreeing).toHaveLength(2));
  expect(await ledgerView(db, { shopId, cursor: null, limit: 5 })).toMatchObject({ isBalanced: false });
});

test("the ledger's view keeps money and coupons apart, balances in each and tells the leakage", async () => {
  const { shopId } = await buildBooks();
  const view = await ledgerView(db, { shopId, cursor: null, limit: 200 });
  expect(view).toMatchObject({ isBalanced: true, balancedAt: null, nextCursor: null });
  expect(view.units.map(({ unit }) => unit)).toEqual(["GBP", "coupon"]);
  for (const { debits, credits } of view.units) expect(debits).toEqual(credits);
  const [money, coupons] = view.units;
  expect(money).toMatchObject({
    promised: { amount: "20.00", currency: "GBP" },
    balances: [
      { number: "2100", debit: { amount: "10.00" }, credit: { amount: "30.00" }, balanceSide: "credit" },
      { number: "4100", debit: { amount: "6.00" }, credit: { amount: "15.00" }, balance: { amount: "9.00" } },
      { number: "4110", balance: { amount: "0.00" }, balanceSide: "none" },
      { number: "6100", debit: { amount: "29.00" }, balanceSide: "debit" },
    ],
  });
  expect(coupons).toMatchObject({ credits: { amount: "2", currency: "coupon" }, promised: { amount: "0" } });
  expect(view.leakage).toEqual([{ amount: "9.00", currency: "GBP" }]);
});

test("entries come newest first, each once, over the pages", async () => {
  const { shopId } = await buildBooks();
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { entries: readonly { id: string }[]; nextCursor: string | null } = await ledgerView(db, {
      shopId,
      cursor,
      limit: 4,
    });
    ids.push(...page.entries.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null && ids.length < 100);
  expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  expect(ids).toHaveLength((await ledgerView(db, { shopId, cursor: "nonsense", limit: 200 })).entries.length);
});

test("a shop's ledger holds nothing of another's", async () => {
  await buildBooks();
  const { shopId } = await buildWorld(db.pools);
  expect(await ledgerView(db, { shopId, cursor: null, limit: 5 })).toMatchObject({
    units: [],
    entries: [],
    leakage: [],
  });
  expect(await csvOf(shopId, "2000-01-01", "2027-01-01")).toHaveLength(1);
});

async function csvOf(shopId: string, from: string, until: string, rowsAtOnce = 2): Promise<string[]> {
  const period = { fromMs: Date.parse(from), untilMs: Date.parse(until) };
  let text = "";
  for await (const page of journalCsv(db, { shopId, period, rowsAtOnce })) text += page;
  return text.split("\r\n").slice(0, -1);
}

test("the journal holds everything booked in money in the period, each entry once, and no promise or coupon", async () => {
  const { shopId } = await buildBooks();
  const [head, ...lines] = await csvOf(shopId, "2026-03-01", "2026-05-01");
  expect(head).toBe("date,entry_id,description,debit_account,credit_account,amount,currency,reference");
  const told = lines.map((line) =>
    line
      .split(",")
      .filter((_field, column) => ![1, 7].includes(column))
      .join(","),
  );
  expect(told.toSorted()).toEqual([
    "2026-03-16,Earned: the friend's reward,6100 Cost of referral rewards,2100 Referral rewards owed,10.00,GBP",
    "2026-03-16,Earned: the referrer's reward,6100 Cost of referral rewards,2100 Referral rewards owed,10.00,GBP",
    "2026-03-31,Reward code used,2100 Referral rewards owed,4100 Referral discounts used,6.00,GBP",
    "2026-03-31,Reward not used,2100 Referral rewards owed,4110 Referral rewards never used,4.00,GBP",
    "2026-04-01,Use reversed: the order was cancelled,4100 Referral discounts used,2100 Referral rewards owed,6.00,GBP",
    "2026-04-01,Use reversed: the order was cancelled,4110 Referral rewards never used,2100 Referral rewards owed,4.00,GBP",
    "2026-04-01,Welcome discount used,6100 Cost of referral rewards,4100 Referral discounts used,9.00,GBP",
  ]);
  expect(lines.find((line) => line.includes("Reward code used"))).toMatch(
    /referral [0-9a-f-]{36} order 77 code GIVE10$/,
  );
  expect(await csvOf(shopId, "2026-03-16", "2026-03-17", 1)).toHaveLength(3);
  expect(await csvOf(shopId, "2026-03-17", "2026-03-18")).toHaveLength(1);
});

/** Reads CSV as RFC 4180 has it, the way a bookkeeper's program does: quotes, doubled quotes, line breaks inside of them. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && plain === "" && end === "") break;
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") records.push([]);
  }
  return records.filter((record) => record.length > 0);
}

test.each([
  ["GBP", "9.00"],
  ["JPY", "900"],
  ["KWD", "0.900"],
] as const)(
  "a journal in %s imports: every record has the columns' number, amounts their decimals, and it balances",
  async (currency, amount) => {
    const { shopId } = await buildWorld(db.pools);
    await inShop(db.pools, shopId, async (tx) => {
      await ensureCurrency(tx, shopId, parseCurrency(currency) ?? expect.fail());
      const cost = [shopId, newId(), null, 99n, 'HELLO, "YOU"\nTWO', currency, 900n, TIMES.lapsed];
      await tx.execute(STATEMENTS.welcomeCost, cost);
    });
    const period = { fromMs: Date.parse("2026-01-01"), untilMs: Date.parse("2027-01-01") };
    let text = "";
    for await (const page of journalCsv(db, { shopId, period })) text += page;
    const [columns = [], ...records] = parseCsv(text);
    expect(columns).toEqual([...JOURNAL_COLUMNS]);
    expect(records.map((record) => record.length)).toEqual([columns.length]);
    const entry = Object.fromEntries(columns.map((column, index) => [column, records[0]?.[index]]));
    expect(entry).toMatchObject({ amount, currency, reference: 'order 99 code HELLO, "YOU"\nTWO' });
    const { units } = await ledgerView(db, { shopId, cursor: null, limit: 5 });
    expect(units).toMatchObject([{ debits: { amount }, credits: { amount }, unit: currency }]);
  },
);
