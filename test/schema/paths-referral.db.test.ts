import { afterAll, expect, test } from "vitest";

import { convertReferrals } from "#app/data/referrals.repo.ts";
import { STATEMENTS } from "#app/data/statements.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import {
  buildWorld,
  convertReferral,
  insertPerson,
  openReferral,
  paidOrder,
  payOut,
  TIMES,
  voidReferral,
} from "#test/harness/world.ts";

import { findings, paidReferral, rewardsOf } from "./lives.ts";

const db = await createTestDatabase();
afterAll(db.drop);

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
    const unpaid = { ...paidOrder(id, 91n), paidAt: null, eligibleAt: null };
    const recorded = await convertReferrals(tx, { shopId: world.shopId, now: TIMES.ordered }, [unpaid]);
    expect([...recorded]).toEqual([id]);
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
