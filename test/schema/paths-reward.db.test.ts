import { afterAll, expect, test } from "vitest";

import { STATEMENTS } from "#app/data/statements.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import {
  buildWorld,
  convertReferral,
  insertCase,
  insertCode,
  insertPerson,
  insertTerms,
  openReferral,
  payOut,
  TIMES,
} from "#test/harness/world.ts";

import { findings, paidReferral, type Reward, rewardsOf } from "./lives.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("a referral opens, converts, is paid on both sides and its code is redeemed with breakage", async () => {
  const world = await buildWorld(db.pools);
  const id = await inShop(db.pools, world.shopId, (tx) => paidReferral(tx, world));
  await inShop(db.pools, world.shopId, async (tx) => {
    const [reward] = await rewardsOf(tx, id);
    expect(await rewardsOf(tx, id)).toMatchObject([
      { side: 1, kind: "earned", status: "owed", amount: 1000n, remaining: 1000n },
      { side: 2, kind: "earned", status: "owed", amount: 1000n, remaining: 1000n },
    ]);
    await tx.execute("UPDATE rewards SET code = 'GIVE10', status = 'issued' WHERE id = $1", [reward?.id]);
    const use = [world.shopId, reward?.id, 77n, "GIVE10", 600n, "GBP", [newId(), newId(), newId()], TIMES.lapsed];
    expect(await tx.query(STATEMENTS.redeem, use)).toEqual([{ booked: 2 }]);
    expect(await tx.query(STATEMENTS.redeem, [...use.slice(0, 6), [newId(), newId(), newId()], TIMES.lapsed])).toEqual([
      { booked: 0 },
    ]);
    expect((await rewardsOf(tx, id))[0]).toMatchObject({ status: "redeemed", remaining: 0n });
    expect(await findings(tx)).toEqual([]);
  });
});

test("a coupon is redeemed as one piece with its real cost beside", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    await insertTerms(tx, { shopId: world.shopId, version: 2, kind: "percent" });
    await tx.execute("UPDATE codes SET state = 'retired', retired_reason = 'replaced' WHERE id = $1", [world.codeId]);
    const { codeId } = await insertCode(tx, { shopId: world.shopId, personId: world.referrer, termsVersion: 2 });
    const id = await openReferral(tx, world, { codeId, unit: "coupon" });
    await convertReferral(tx, world.shopId, id);
    await payOut(tx, world.shopId, id);
    const [reward] = await rewardsOf(tx, id);
    await tx.execute("UPDATE rewards SET code = 'TENOFF' WHERE id = $1", [reward?.id]);
    const use = [world.shopId, reward?.id, 78n, "TENOFF", 450n, "GBP", [newId(), newId(), newId()], TIMES.lapsed];
    expect(await tx.query(STATEMENTS.redeem, use)).toEqual([{ booked: 2 }]);
    expect(await findings(tx)).toEqual([]);
  });
});

test("a friend who is owed nothing gets a welcome reward, redeemed when its cost is booked for that order", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world, { owed: 1 });
    const order = await convertReferral(tx, world.shopId, id);
    const cost = () => [world.shopId, newId(), id, order, "WELCOME", "GBP", 900n, TIMES.ordered];
    expect(await tx.execute(STATEMENTS.welcomeCost, cost())).toBe(1);
    expect(await tx.execute(STATEMENTS.welcomeCost, cost())).toBe(0);
    await payOut(tx, world.shopId, id);
    expect(await rewardsOf(tx, id)).toMatchObject([
      { kind: "earned", side: 1, status: "owed" },
      { kind: "welcome", side: 2, status: "redeemed", remaining: 0n },
    ]);
    expect(await findings(tx)).toEqual([]);
  });
});

test("goodwill is a reward of a case", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const caseId = await insertCase(tx, { shopId: world.shopId, kind: "appeal", personId: world.friend });
    const grant = [
      world.shopId,
      "goodwill",
      caseId,
      world.friend,
      "GBP",
      500n,
      newId(),
      newId(),
      null,
      null,
      2,
      newId(),
      TIMES.eligible,
    ];
    expect(await tx.query(STATEMENTS.grantReward, grant)).toEqual([{ granted: 1 }]);
    expect(await findings(tx)).toEqual([]);
  });
});

test("a cancelled reward is broken off and replaced by at most that", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const id = await paidReferral(tx, world);
    const [old] = await rewardsOf(tx, id);
    await tx.execute("UPDATE rewards SET status = 'cancelled' WHERE id = $1", [old?.id]);
    await tx.execute(
      `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id, debit_account, debit_type, credit_account, credit_type, unit, amount)
       SELECT $1, $2, 4, 'breakage', $3, $4, $5, 'reward_liability', id, type, 'GBP', 1000 FROM ledger_accounts WHERE type = 'breakage' AND unit = 'GBP'`,
      [world.shopId, newId(), id, old?.id, old?.account_id],
    );
    const caseId = await insertCase(tx, { shopId: world.shopId, kind: "unknown_fulfilment", personId: world.referrer });
    const grant = [
      world.shopId,
      "replacement",
      caseId,
      world.referrer,
      "GBP",
      1000n,
      newId(),
      newId(),
      old?.id,
      id,
      1,
      newId(),
      TIMES.lapsed,
    ];
    expect(await tx.query(STATEMENTS.grantReward, grant)).toEqual([{ granted: 1 }]);
    expect(await findings(tx)).toEqual([]);
  });
});

test("a claw-back is a receivable that a later whole reward sets off", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const first = await paidReferral(tx, world);
    const second = await openReferral(tx, world, { friend: await insertPerson(tx, world.shopId) });
    await convertReferral(tx, world.shopId, second);
    await payOut(tx, world.shopId, second);
    const [[spent], [later]] = [await rewardsOf(tx, first), await rewardsOf(tx, second)];
    const caseId = await insertCase(tx, {
      shopId: world.shopId,
      kind: "refund_after_reward",
      personId: world.referrer,
    });
    const move = (purpose: string, debit: string, credit: string, referral: string, reward: Reward | undefined) =>
      tx.execute(
        `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id, case_id, debit_account, debit_type, credit_account, credit_type, unit, amount)
         SELECT $1, $2, 4, $3, $4, $5, $6, d.id, d.type, c.id, c.type, 'GBP', 1000 FROM ledger_accounts d, ledger_accounts c
          WHERE d.type = $7 AND c.type = $8 AND d.unit = 'GBP' AND c.unit = 'GBP' AND coalesce(d.person_id, $9) = $9 AND coalesce(c.person_id, $9) = $9`,
        [world.shopId, newId(), purpose, referral, reward?.id, caseId, debit, credit, world.referrer],
      );
    expect(await move("claw_back", "claw_back", "reward_expense", first, spent)).toBe(1);
    expect(await tx.query("SELECT claw_open FROM cases WHERE id = $1", [caseId])).toEqual([{ claw_open: 1000n }]);
    expect(await move("offset", "reward_liability", "claw_back", second, later)).toBe(1);
    await tx.execute("UPDATE rewards SET status = 'offset' WHERE id = $1", [later?.id]);
    expect(await tx.query("SELECT claw_open FROM cases WHERE id = $1", [caseId])).toEqual([{ claw_open: 0n }]);
    expect(await findings(tx)).toEqual([]);
  });
});
