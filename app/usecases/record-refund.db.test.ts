import { afterAll, expect, test } from "vitest";
import { MARA, casesOf, convertedFriend, findingsOf, onlyReferral, orderFacts } from "#test/builders/journeys.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { buildRewardingShop, decide, openCaseOf, refund, rewardFriend } from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { EvidenceAsked } from "./evidence-port.ts";
import { recordReversal } from "./record-refund.ts";
import { settleReferral } from "./settle-referral.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const ORDER = { customerId: MARA, orderId: "5001" };

async function reversalOf(world: UseCases): Promise<Record<string, unknown>> {
  const [row] = await world.query<{ kept: Record<string, unknown> }>(
    "SELECT later_facts -> 'reversal' AS kept FROM referrals WHERE qualifying_order = 5001",
  );
  return row?.kept ?? {};
}

/** Does to a rewarded referral what no statement of the application can: the owner sets the guards aside. */
async function forgetSnapshot(shopId: string): Promise<void> {
  const client = await db.ownerPool.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    const sql = "UPDATE referrals SET order_snapshot = order_snapshot - 'currency' - 'totalPrice' WHERE shop_id = $1";
    await client.query(sql, [shopId]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

test("a refund after the payout asks a person, with the numbers, and takes nothing back", async () => {
  const world = await buildRewardingShop(db);
  const { referrer, friend } = await rewardFriend(world, ORDER);
  await refund(world, { orderId: "5001", amount: "10.50" });
  expect(await openCaseOf(world)).toMatchObject({ kind: "refund_after_reward", reason: "order_refunded", version: 0 });
  expect(await reversalOf(world)).toMatchObject({ currency: "GBP", total: "4200", refunds: { "refund:1": "1050" } });
  expect([referrer.status, friend.status]).toEqual(["issued", "issued"]);
  expect(await findingsOf(world)).toEqual([]);
});

test("more refunded on the same order changes the numbers of the one case, and makes older decisions stale", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  await refund(world, { orderId: "5001", amount: "10.50" });
  const seen = await openCaseOf(world);
  await refund(world, { orderId: "5001", refundId: "2", amount: "31.50" });
  await world.deliver("orders/cancelled", orderFacts(world, { ...ORDER, cancelledAt: world.clock.now().getTime() }));
  await world.work();
  expect(await openCaseOf(world)).toMatchObject({ id: seen.id, version: 2 });
  expect(await reversalOf(world)).toMatchObject({
    refunds: { "refund:1": "1050", "refund:2": "3150" },
    reasons: ["order_refunded", "order_cancelled"],
  });
  expect(await decide(world, seen, { intent: "leave" })).toEqual({ outcome: "stale" });
  expect((await openCaseOf(world)).id).toBe(seen.id);
});

test("the same refund told again changes nothing, even after a person decided", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  for (let copy = 0; copy < 3; copy += 1) await refund(world, { orderId: "5001", amount: "10.50" });
  const open = await openCaseOf(world);
  expect(open.version).toBe(0);
  expect(await decide(world, open, { intent: "leave" })).toEqual({ outcome: "decided", state: "closed" });
  await refund(world, { orderId: "5001", amount: "10.50" });
  expect((await casesOf(world)).map((each) => each.state)).toEqual(["closed"]);
});

test("another refund after a decision asks again: the person had other numbers in front of them", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  await refund(world, { orderId: "5001", amount: "1.00" });
  await decide(world, await openCaseOf(world), { intent: "leave" });
  world.clock.skip(400 * DAY_MS);
  await refund(world, { orderId: "5001", refundId: "2", amount: "41.00" });
  expect((await casesOf(world)).map((each) => each.state)).toEqual(["closed", "open"]);
});

test.each([
  ["orders/delete", { kind: "order_deleted", orderId: "5001" }, "order_deleted"],
  ["orders/edited", { kind: "order_edited", orderId: "5001", editId: "9", removes: true }, "order_edited"],
  [
    "disputes/create",
    {
      kind: "dispute",
      orderId: "5001",
      disputeId: "3",
      amount: "42.00",
      currency: "GBP",
      status: "needs_response",
    },
    "order_disputed",
  ],
] as const)("%s of a rewarded order asks a person", async (topic, facts, reason) => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  await world.deliver(topic, facts);
  await world.work();
  expect(await openCaseOf(world)).toMatchObject({ kind: "refund_after_reward", reason });
  expect(await findingsOf(world)).toEqual([]);
});

test.each([
  ["an edit that only adds", "orders/edited", { kind: "order_edited", orderId: "5001", editId: "9", removes: false }],
  [
    "a refund of nothing",
    "refunds/create",
    { kind: "refund", orderId: "5001", refundId: "1", amount: "0.00", currency: "GBP", at: 0, full: null },
  ],
  [
    "a refund of another order",
    "refunds/create",
    { kind: "refund", orderId: "77", refundId: "1", amount: "5.00", currency: "GBP", at: 0, full: null },
  ],
  [
    "a dispute that the shop won",
    "disputes/update",
    { kind: "dispute", orderId: "5001", disputeId: "3", amount: "42.00", currency: "GBP", status: "won" },
  ],
] as const)("%s asks nobody", async (_what, topic, facts) => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  await world.deliver(topic, facts);
  await world.work();
  expect(await casesOf(world)).toEqual([]);
});

test("a refund in another currency is in no sum, and the case says that the sum is not complete", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  await refund(world, { orderId: "5001", amount: "12.00", currency: "EUR" });
  expect(await reversalOf(world)).toMatchObject({ refunds: {}, incomplete: true });
});

test("before the payout a refund opens no case: the order is read again at the payout", async () => {
  const world = await buildRewardingShop(db);
  await convertedFriend(world);
  await refund(world, { orderId: "5001", amount: "42.00" });
  expect([await casesOf(world), (await onlyReferral(world)).state]).toEqual([[], "PENDING"]);
});

test("a refund that comes while a payout has read the order already makes the payout read it again", async () => {
  const world = await buildRewardingShop(db);
  await convertedFriend(world);
  world.clock.skip(14 * DAY_MS);
  const row = await world.outboxRow("referral.settle");
  const reversal = { key: "refund:1", reason: "order_refunded", amount: null } as const;
  const forShop = world.admin.forShop.bind(world.admin);
  const admin = {
    forShop: (...shop: Parameters<typeof forShop>) => ({
      ...forShop(...shop),
      readEvidence: async (asked: readonly EvidenceAsked[]) => {
        await recordReversal(world, { shopId: world.shopId, orderId: "5001", reversal });
        return forShop(...shop).readEvidence(asked);
      },
    }),
  };
  expect(await settleReferral({ ...world, admin }, row)).toMatchObject({ outcome: "again" });
  expect((await onlyReferral(world)).state).toBe("PENDING");
});

test("twenty refunds of one order at once are one case with twenty amounts", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  const told = await heldUp(world.databaseUrl, "referrals", 5, () =>
    Array.from({ length: 20 }, (_, index) =>
      recordReversal(world, {
        shopId: world.shopId,
        orderId: "5001",
        reversal: {
          key: `refund:${index}`,
          reason: "order_refunded",
          amount: { text: "1.00", currency: "GBP" },
        },
      }),
    ),
  );
  expect(told.filter((each) => each.status === "rejected")).toEqual([]);
  expect(await openCaseOf(world)).toMatchObject({ version: 19 });
  expect(Object.keys((await reversalOf(world))["refunds"] ?? {})).toHaveLength(20);
});

test("where the order's own currency and total were not kept, the terms' currency counts and no total is shown", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, ORDER);
  await forgetSnapshot(world.shopId);
  await refund(world, { orderId: "5001", amount: "10.50" });
  expect(await reversalOf(world)).toMatchObject({ currency: "GBP", total: null, refunds: { "refund:1": "1050" } });
});
