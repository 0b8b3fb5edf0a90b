import { afterAll, expect, test } from "vitest";

import { STATEMENTS } from "#app/data/statements.ts";
import { inShop, type Tx } from "#app/data/tenant.ts";
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
  voidReferral,
} from "#test/harness/world.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const CHECKS = [
  "check_referral_ledger",
  "check_earned",
  "check_liability",
  "check_remaining",
  "check_claw_back",
  "check_one_person",
  "check_settling_audit",
  "check_terms_amount",
  "check_caps",
  "check_clicks_default",
] as const;

async function findings(tx: Tx): Promise<string[]> {
  const found: string[] = [];
  for (const check of CHECKS) if ((await tx.query(`SELECT FROM ${check}`)).length > 0) found.push(check);
  return found;
}

type Reward = {
  id: string;
  side: number;
  kind: string;
  status: string;
  amount: bigint;
  remaining: bigint;
  account_id: string;
};
const rewardsOf = (tx: Tx, referralId: string) =>
  tx.query<Reward>("SELECT * FROM rewards WHERE referral_id = $1 ORDER BY kind, side", [referralId]);

async function paidReferral(tx: Tx, world: Awaited<ReturnType<typeof buildWorld>>): Promise<string> {
  const id = await openReferral(tx, world);
  await convertReferral(tx, world.shopId, id);
  expect(await payOut(tx, world.shopId, id)).toBe("REWARDED");
  return id;
}

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

test("opening, conversion and payout leave exactly the work that follows", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world);
    const order = await convertReferral(tx, world.shopId, id);
    await payOut(tx, world.shopId, id);
    const rewards = await rewardsOf(tx, id);
    const rows = await tx.query<{ topic: string; dedupe_key: string; next_at: Date }>(
      "SELECT topic, dedupe_key, next_at FROM outbox",
    );
    expect(rows).toHaveLength(4);
    expect(rows).toEqual(
      expect.arrayContaining([
        {
          topic: "referral.expire",
          dedupe_key: `expire:${id}`,
          next_at: new Date(TIMES.expires.getTime() + 26 * 3_600_000),
        },
        { topic: "referral.settle", dedupe_key: `settle:${id}:${order}`, next_at: TIMES.eligible },
        ...rewards.map((reward) => ({
          topic: "reward.fulfil",
          dedupe_key: `fulfil:${reward.id}`,
          next_at: TIMES.eligible,
        })),
      ]),
    );
  });
});

test.each([
  ["REJECTED", TIMES.ordered],
  ["VOIDED", TIMES.ordered],
  ["EXPIRED", TIMES.lapsed],
] as const)("an open referral becomes %s once, with a void for each pending", async (state, now) => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const referralId = await openReferral(tx, world);
    expect(await voidReferral(tx, { shopId: world.shopId, referralId, state, now })).toBe(state);
    expect(await voidReferral(tx, { shopId: world.shopId, referralId, state, now })).toBeNull();
    expect(await tx.query("SELECT FROM ledger_transfers WHERE kind = 3")).toHaveLength(2);
    expect(await findings(tx)).toEqual([]);
  });
});

test("nothing expires before late events had their 26 hours, nor with an order", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const referralId = await openReferral(tx, world);
    const early = new Date(TIMES.expires.getTime() + 25 * 3_600_000);
    expect(await voidReferral(tx, { shopId: world.shopId, referralId, state: "EXPIRED", now: early })).toBeNull();
    await convertReferral(tx, world.shopId, referralId);
    expect(
      await voidReferral(tx, { shopId: world.shopId, referralId, state: "EXPIRED", now: TIMES.lapsed }),
    ).toBeNull();
  });
});

test("a held referral is approved back to PENDING and paid", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world);
    await convertReferral(tx, world.shopId, id);
    await tx.execute("UPDATE referrals SET state = 'HELD', reason = 'same_card' WHERE id = $1", [id]);
    expect(await payOut(tx, world.shopId, id)).toBeNull();
    await tx.execute("UPDATE referrals SET state = 'PENDING' WHERE id = $1", [id]);
    expect(await payOut(tx, world.shopId, id)).toBe("REWARDED");
    expect(await findings(tx)).toEqual([]);
  });
});

test("nothing is paid before its cooling-off is over or while payouts are paused", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world);
    await convertReferral(tx, world.shopId, id);
    expect(await payOut(tx, world.shopId, id, new Date(TIMES.eligible.getTime() - 1))).toBeNull();
    await tx.execute("UPDATE shops SET payouts_paused = 'a check found something'");
    expect(await payOut(tx, world.shopId, id)).toBeNull();
  });
});

test("a cap without room holds the referral with a case, and a waiver lets it through", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    await tx.execute("INSERT INTO cap_counters (shop_id, scope, subject, recent_cap) VALUES ($1, 'referrer', $2, 1)", [
      world.shopId,
      world.referrer,
    ]);
    await paidReferral(tx, world);
    const friend = await insertPerson(tx, world.shopId);
    const second = await openReferral(tx, world, { friend });
    await convertReferral(tx, world.shopId, second);
    expect(await payOut(tx, world.shopId, second)).toBe("HELD");
    expect(await tx.query("SELECT kind FROM cases WHERE referral_id = $1", [second])).toEqual([{ kind: "reward_cap" }]);
    await tx.execute("UPDATE referrals SET state = 'PENDING', cap_waived = true WHERE id = $1", [second]);
    expect(await payOut(tx, world.shopId, second)).toBe("REWARDED");
    expect(await findings(tx)).toEqual([]);
  });
});

test("thirty days later a rolling cap has room again", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    await tx.execute("INSERT INTO cap_counters (shop_id, scope, subject, recent_cap) VALUES ($1, 'referrer', $2, 1)", [
      world.shopId,
      world.referrer,
    ]);
    await paidReferral(tx, world);
    const second = await openReferral(tx, world, { friend: await insertPerson(tx, world.shopId) });
    await convertReferral(tx, world.shopId, second);
    expect(await payOut(tx, world.shopId, second, new Date(TIMES.eligible.getTime() + 31 * 86_400_000))).toBe(
      "REWARDED",
    );
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

test("a rejection is undone by a new referral with the same code, which is paid", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const rejected = await openReferral(tx, world);
    await voidReferral(tx, { shopId: world.shopId, referralId: rejected, state: "REJECTED" });
    const undo = await openReferral(tx, world, { reopens: rejected });
    await convertReferral(tx, world.shopId, undo);
    expect(await payOut(tx, world.shopId, undo)).toBe("REWARDED");
    expect(await findings(tx)).toEqual([]);
  });
});

test("an order that is paid later becomes due then, once", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world);
    const unpaid = [world.shopId, id, 91n, TIMES.ordered, null, null, {}, newId(), TIMES.ordered, newId(), "worker"];
    expect(await tx.query(STATEMENTS.convertReferral, unpaid)).toEqual([{ converted: 1 }]);
    const payment = () => [
      world.shopId,
      id,
      91n,
      TIMES.expires,
      TIMES.lapsed,
      {},
      newId(),
      TIMES.expires,
      newId(),
      "worker",
    ];
    expect(await tx.query(STATEMENTS.recordPayment, payment())).toEqual([{ paid: 1 }]);
    expect(await tx.query(STATEMENTS.recordPayment, payment())).toEqual([{ paid: 0 }]);
    expect(await payOut(tx, world.shopId, id, TIMES.lapsed)).toBe("REWARDED");
  });
});
