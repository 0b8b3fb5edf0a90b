import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createPrisma } from "#app/data/prisma.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { sealPersonProfile } from "#app/platform/sealed-profile.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import {
  TIMES,
  buildWorld,
  convertReferral,
  insertCase,
  insertPerson,
  openReferral,
  payOut,
  voidReferral,
} from "#test/harness/world.ts";
import { customerStatus } from "./customer-status.ts";
import { createQueries } from "./queries.ts";

const db = await createTestDatabase();
const prisma = createPrisma(db.pools.app);
const keys = createKeys({ dataKey: randomBytes(32) });
const queries = createQueries({ prisma, keys });
const now = TIMES.eligible;

afterAll(async () => {
  await prisma.$disconnect();
  await db.drop();
});

async function nameOf(tx: Tx, shopId: string, personId: string, firstName: string): Promise<void> {
  const sealed = sealPersonProfile(keys, shopId, { firstName, email: null, phone: null, locale: null });
  await tx.execute("UPDATE people SET profile_enc = $3, profile_key_wrapped = $4 WHERE shop_id = $1 AND id = $2", [
    shopId,
    personId,
    sealed.profileEnc,
    sealed.profileKeyWrapped,
  ]);
}

async function insertDecision(tx: Tx, shopId: string, referralId: string): Promise<void> {
  const rules = [
    { id: "same_card", family: "self", outcome: "hold", weight: 60, evidence: { matches: 1, odd: { nested: true } } },
  ];
  await tx.execute(
    "INSERT INTO decisions (shop_id, id, referral_id, phase, ruleset, verdict, score, features, rules, at) VALUES ($1, $2, $3, 'open', 'r1', 'hold', 60, '{}', $4, $5)",
    [shopId, newId(), referralId, JSON.stringify(rules), TIMES.ordered],
  );
}

test("home counts the funnel and keeps promised, owed and given apart when referrals stand in several states", async () => {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  await inShop(db.pools, shopId, async (tx) => {
    const paid = await openReferral(tx, world);
    await convertReferral(tx, shopId, paid);
    expect(await payOut(tx, shopId, paid)).toBe("REWARDED");
    await openReferral(tx, world, { friend: await insertPerson(tx, shopId) });
    const gone = await openReferral(tx, world, { friend: await insertPerson(tx, shopId) });
    await voidReferral(tx, { shopId, referralId: gone, state: "REJECTED" });
    await tx.execute(
      "INSERT INTO clicks (shop_id, clicked_at, id, code_id, flags) VALUES ($1, $2, $3, $5, 0), ($1, $2, $4, $5, 1)",
      [shopId, TIMES.clicked, newId(), newId(), world.codeId],
    );
  });
  const home = await queries.home({ shopId, now });
  expect(home.funnel).toEqual({ clicks: 1, opened: 3, pending: 1, held: 0, rewarded: 1, ended: 1 });
  expect(home.promised).toEqual({ money: { amount: "20.00", currency: "GBP" }, coupons: 0 });
  expect(home.outstanding).toEqual({ money: { amount: "20.00", currency: "GBP" }, coupons: 0 });
  expect(home.rewarded).toEqual({ money: { amount: "20.00", currency: "GBP" }, coupons: 0 });
  expect(home.setup.map((step) => `${step.id} ${step.state}`)).toEqual([
    "installed done",
    "customers waiting",
    "embed unknown",
    "links done",
    "offer waiting",
    "codes unknown",
  ]);
});

test("home shows coupons beside money and never in it", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, (tx) => openReferral(tx, world, { unit: "coupon" }));
  expect((await queries.home({ shopId: world.shopId, now })).promised).toEqual({
    money: { amount: "0.00", currency: "GBP" },
    coupons: 2,
  });
});

test("listReferrals pages by id without repeating a row, and filters by state", async () => {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  await inShop(db.pools, shopId, async (tx) => {
    for (let count = 0; count < 5; count += 1)
      await openReferral(tx, world, { friend: await insertPerson(tx, shopId) });
    const gone = await openReferral(tx, world);
    await voidReferral(tx, { shopId, referralId: gone, state: "REJECTED" });
  });
  const first = await queries.listReferrals({ shopId, state: "PENDING", cursor: null, limit: 3 });
  const second = await queries.listReferrals({ shopId, state: "PENDING", cursor: first.nextCursor, limit: 3 });
  expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(5);
  expect(second.nextCursor).toBeNull();
  expect(first.counts).toMatchObject({ PENDING: 5, REJECTED: 1, HELD: 0 });
  const odd = await queries.listReferrals({ shopId, state: null, cursor: "'; --", limit: 3 });
  expect(odd.rows).toHaveLength(3);
});

test("listReferrals shows first names, and none when the key that sealed them is gone", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    await nameOf(tx, world.shopId, world.friend, "Mara");
    await nameOf(tx, world.shopId, world.referrer, "Dan");
    await openReferral(tx, world);
  });
  const { rows } = await queries.listReferrals({ shopId: world.shopId, state: null, cursor: null, limit: 10 });
  expect(rows).toMatchObject([
    { friend: "Mara", referrer: "Dan", code: world.code, state: "PENDING", hasOrder: false },
  ]);
  const stranger = createQueries({ prisma, keys: createKeys({ dataKey: randomBytes(32) }) });
  const unread = await stranger.listReferrals({ shopId: world.shopId, state: null, cursor: null, limit: 10 });
  expect(unread.rows).toMatchObject([{ friend: null, referrer: null }]);
});

test("referralDetail tells the whole story of a held referral", async () => {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  const { id, orderId } = await inShop(db.pools, shopId, async (tx) => {
    const referralId = await openReferral(tx, world);
    const order = await convertReferral(tx, shopId, referralId);
    await insertDecision(tx, shopId, referralId);
    await tx.execute(
      "UPDATE referrals SET state = 'HELD', reason = 'same_card', version = version + 1 WHERE shop_id = $1 AND id = $2",
      [shopId, referralId],
    );
    await insertCase(tx, { shopId, kind: "fraud_hold", personId: world.friend, referralId });
    return { id: referralId, orderId: order };
  });
  const detail = await queries.referralDetail({ shopId, id, now });
  expect(detail).toMatchObject({
    state: "HELD",
    reason: "same_card",
    orderId: String(orderId),
    hasOrder: true,
    code: world.code,
  });
  expect(detail?.rewards).toMatchObject([
    { side: "referrer", status: "promised", worth: { kind: "money", value: { amount: "10.00", currency: "GBP" } } },
    { side: "friend", status: "promised" },
  ]);
  expect(detail?.decision?.rules).toEqual([{ id: "same_card", outcome: "hold", weight: 60, evidence: { matches: 1 } }]);
  expect(detail?.openCase).toMatchObject({ kind: "fraud_hold", referralId: id, version: 0, overdue: false });
  expect(detail?.winner).toMatchObject({ clickedAt: TIMES.clicked.toISOString(), code: world.code });
  expect(detail?.timeline[0]).toMatchObject({ title: `Link tapped: ${world.code}` });
  expect(detail?.timeline.map((event) => event.title)).toContain("Referral opened");
});

test("referralDetail shows both codes after the payout, and nothing owed after a rejection", async () => {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  const [paid, rejected] = await inShop(db.pools, shopId, async (tx) => {
    const first = await openReferral(tx, world);
    await convertReferral(tx, shopId, first);
    await payOut(tx, shopId, first);
    await tx.execute("UPDATE rewards SET code = 'CODE-' || side WHERE shop_id = $1", [shopId]);
    const second = await openReferral(tx, world, { friend: await insertPerson(tx, shopId) });
    await voidReferral(tx, { shopId, referralId: second, state: "REJECTED" });
    return [first, second] as const;
  });
  expect((await queries.referralDetail({ shopId, id: paid, now }))?.rewards).toMatchObject([
    { side: "referrer", status: "owed", code: "CODE-1" },
    { side: "friend", status: "owed", code: "CODE-2" },
  ]);
  expect((await queries.referralDetail({ shopId, id: rejected, now }))?.rewards.map((reward) => reward.status)).toEqual(
    ["cancelled", "cancelled"],
  );
});

test("referralDetail knows nothing of another shop's referral, nor of an address that is no id", async () => {
  const world = await buildWorld(db.pools);
  const other = await buildWorld(db.pools);
  const id = await inShop(db.pools, world.shopId, (tx) => openReferral(tx, world));
  expect(await queries.referralDetail({ shopId: other.shopId, id, now })).toBeNull();
  expect(await queries.referralDetail({ shopId: world.shopId, id: "nope", now })).toBeNull();
});

test("openCases puts the longest waiting first and marks what is past its clock", async () => {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  await inShop(db.pools, shopId, async (tx) => {
    const referralId = await openReferral(tx, world);
    const hold = { shopId, kind: "fraud_hold", personId: world.friend, referralId, openedAt: TIMES.ordered };
    const late = await insertCase(tx, hold);
    await tx.execute("UPDATE cases SET escalate_at = $3 WHERE shop_id = $1 AND id = $2", [shopId, late, TIMES.ordered]);
    await insertCase(tx, { shopId, kind: "appeal", personId: world.friend });
  });
  const cases = await queries.openCases({ shopId, now, limit: 10 });
  expect(cases).toMatchObject([
    { kind: "fraud_hold", overdue: true, referral: { state: "PENDING", reason: null } },
    { kind: "appeal", overdue: false, referralId: null, referral: null },
  ]);
});

test("programme gives the newest terms in their public form", async () => {
  const world = await buildWorld(db.pools);
  const view = await queries.programme({ shopId: world.shopId });
  expect(view).toMatchObject({
    shopName: "FreshBox",
    currency: "GBP",
    version: 1,
    terms: { referrer: { kind: "fixed", amount: "10.00" }, window_days: 30 },
  });
  expect(view.linkExample).toMatch(/^https:\/\/shop-.*\.myshopify\.com\/a\/r\/[2-9A-Z]{5}$/);
});

test("health counts what is due and dead, and not what is planned for later", async () => {
  const world = await buildWorld(db.pools);
  await inShop(db.pools, world.shopId, async (tx) => {
    const row =
      "INSERT INTO outbox (shop_id, id, topic, dedupe_key, state, next_at) VALUES ($1, $2, 'note.send', $3, $4, $5)";
    await tx.execute(row, [world.shopId, newId(), "a", "new", new Date(now.getTime() - 90_000)]);
    await tx.execute(row, [world.shopId, newId(), "b", "new", new Date(now.getTime() + 90_000)]);
    await tx.execute(row, [world.shopId, newId(), "c", "dead", null]);
  });
  expect(await queries.health({ shopId: world.shopId, now })).toMatchObject({
    outboxWaiting: 1,
    outboxOldestSeconds: 90,
    outboxDead: 1,
    inboxWaiting: 0,
    payoutsPaused: null,
  });
});

test("customerStatus tells a referrer first names, public reasons and the codes that were issued", async () => {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  const customerHash = randomBytes(32);
  await inShop(db.pools, shopId, async (tx) => {
    await tx.execute("INSERT INTO person_keys (shop_id, kind, hash, person_id) VALUES ($1, 'customer', $2, $3)", [
      shopId,
      customerHash,
      world.referrer,
    ]);
    await nameOf(tx, shopId, world.friend, "Mara");
    const paid = await openReferral(tx, world);
    await convertReferral(tx, shopId, paid);
    await payOut(tx, shopId, paid);
    await tx.execute("UPDATE rewards SET status = 'issued', code = 'THANKS' || side WHERE shop_id = $1 AND side = 1", [
      shopId,
    ]);
    const gone = await openReferral(tx, world, { friend: await insertPerson(tx, shopId) });
    await voidReferral(tx, { shopId, referralId: gone, state: "REJECTED" });
  });
  const status = await customerStatus({ prisma, keys }, { shopId, customerHash });
  expect(status.referrals).toMatchObject([
    { friend: null, state: "REJECTED", why: "not_eligible", appeal: "possible" },
    { friend: "Mara", state: "REWARDED", why: "paid", appeal: "none" },
  ]);
  expect(status.rewards).toEqual([{ code: "THANKS1", value: "10.00 GBP", kind: "fixed", status: "issued" }]);
});

test("customerStatus has nothing to tell a customer whom nobody knows", async () => {
  const world = await buildWorld(db.pools);
  expect(await customerStatus({ prisma, keys }, { shopId: world.shopId, customerHash: randomBytes(32) })).toEqual({
    referrals: [],
    rewards: [],
  });
});
