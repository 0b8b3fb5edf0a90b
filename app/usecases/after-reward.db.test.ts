import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { casesOf, EVE, findingsOf, MARA } from "#test/builders/journeys.ts";
import {
  buildRewardingShop,
  decide,
  openCaseOf,
  refund,
  rewardFriend,
  rewardsOf,
  useCode,
} from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const ORDER = { customerId: MARA, orderId: "5001" };
const CLOSED = { outcome: "decided", state: "closed" };

/** A rewarded referral whose order was refunded: a shop with one open case. */
async function refunded(isUsed = false) {
  const world = await buildRewardingShop(db);
  const rewards = await rewardFriend(world, ORDER);
  if (isUsed) await useCode(world, rewards.referrer);
  await refund(world, { orderId: "5001", amount: "42.00" });
  return { world, ...rewards, open: await openCaseOf(world) };
}

async function statusesOf(world: UseCases): Promise<string[]> {
  return (await rewardsOf(world)).map(({ side, kind, status }) => `${side} ${kind} ${status}`);
}

async function entriesOf(world: UseCases): Promise<string[]> {
  const rows = await world.query<{ entry: string }>(
    "SELECT purpose || ' ' || unit || ' ' || amount AS entry FROM ledger_transfers WHERE kind = 4 ORDER BY created_at, id",
  );
  return rows.map((row) => row.entry);
}

async function actionsOf(world: UseCases): Promise<string[]> {
  const rows = await world.query<{ action: string }>("SELECT action FROM audit WHERE actor = '7001' ORDER BY at, id");
  return rows.map((row) => row.action);
}

test("leave closes the case and touches no reward", async () => {
  const { world, open } = await refunded();
  expect(await decide(world, open, { intent: "leave", note: "A good customer" })).toEqual(CLOSED);
  expect(await casesOf(world)).toMatchObject([{ state: "closed", decision: "left" }]);
  expect([await statusesOf(world), await entriesOf(world)]).toEqual([["1 earned issued", "2 earned issued"], []]);
  expect([await actionsOf(world), await findingsOf(world)]).toEqual([["case.left"], []]);
});

test("withdraw breaks the referrer's unused reward off, and then the code goes from the shop", async () => {
  const { world, open, referrer } = await refunded();
  expect(await decide(world, open, { intent: "withdraw", side: "referrer" })).toEqual(CLOSED);
  expect([await statusesOf(world), await entriesOf(world)]).toEqual([
    ["1 earned cancelled", "2 earned issued"],
    ["breakage GBP 1000"],
  ]);
  expect(world.shopify.codes.has(referrer.code ?? "")).toBe(true);
  await world.work();
  world.clock.skip(60_000);
  await world.work();
  expect([...world.shopify.codes.keys()]).toEqual(["CODE5001S2"]);
  const [row] = await world.query<{ state: string }>("SELECT state FROM outbox WHERE topic = 'code.withdraw'");
  expect([row?.state, await findingsOf(world)]).toEqual(["done", []]);
});

test("withdraw without a side takes every unused code, and leaves a used one alone", async () => {
  const { world, open } = await refunded(true);
  expect(await decide(world, open, { intent: "withdraw" })).toEqual(CLOSED);
  expect(await statusesOf(world)).toEqual(["1 earned redeemed", "2 earned cancelled"]);
});

test.each(["sending", "unknown", "redeemed", "expired"])(
  "withdraw is refused for a reward that is %s",
  async (status) => {
    const { world, open } = await refunded();
    await world.query("UPDATE rewards SET status = $1", [status]);
    expect(await decide(world, open, { intent: "withdraw" })).toMatchObject({ outcome: "not_allowed" });
    expect([(await openCaseOf(world)).version, await entriesOf(world)]).toEqual([0, []]);
  },
);

test("Shopify away: the withdrawn code's deletion waits and is made later", async () => {
  const { world, open } = await refunded();
  await decide(world, open, { intent: "withdraw" });
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1_000 };
  await world.work();
  expect(world.shopify.codes.size).toBe(2);
  world.shopify.trouble = null;
  for (let minute = 0; minute < 3; minute += 1) {
    world.clock.skip(600_000);
    await world.work();
  }
  expect(world.shopify.codes.size).toBe(0);
});

test("twenty withdrawals at once are one", async () => {
  const { world, open } = await refunded();
  const ended = await heldUp(world.databaseUrl, "referrals", 5, () =>
    Array.from({ length: 20 }, () => decide(world, open, { intent: "withdraw", side: "referrer" })),
  );
  const outcomes = ended.map((each) => (each.status === "fulfilled" ? each.value.outcome : "failed"));
  expect(outcomes.toSorted()).toEqual(["decided", ...Array.from({ length: 19 }, () => "stale")]);
  expect([await entriesOf(world), await findingsOf(world)]).toEqual([["breakage GBP 1000"], []]);
});

test("claw_back makes the used reward a receivable, and the next reward that fits whole is set off instead of issued", async () => {
  const { world, open } = await refunded(true);
  expect(await decide(world, open, { intent: "claw_back" })).toEqual(CLOSED);
  expect((await claws(world))[0]).toBe(1000n);
  const next = await rewardFriend(world, { customerId: EVE, orderId: "5002" });
  expect([next.referrer.status, next.friend.status, next.referrer.code]).toEqual(["offset", "issued", null]);
  expect(await claws(world)).toEqual([0n]);
  expect(await entriesOf(world)).toEqual(["redeem GBP 1000", "claw_back GBP 1000", "offset GBP 1000"]);
  const [work] = await world.query<{ state: string }>("SELECT state FROM outbox WHERE dedupe_key = $1", [
    `fulfil:${next.referrer.id}`,
  ]);
  expect([work?.state, await findingsOf(world)]).toEqual(["done", []]);
  const third = await rewardFriend(world, { customerId: "7010", orderId: "5003" });
  expect(third.referrer.status).toBe("issued");
});

test("a reward that is larger than the receivable is issued whole: nothing is set off in part", async () => {
  const { world, open } = await refunded(true);
  await decide(world, open, { intent: "claw_back" });
  await world.query(
    `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id, case_id, debit_account, debit_type,
            credit_account, credit_type, unit, amount)
     SELECT t.shop_id, $1, 4, 'waive', t.referral_id, t.reward_id, t.case_id, t.credit_account, t.credit_type,
            t.debit_account, t.debit_type, t.unit, 1 FROM ledger_transfers t WHERE t.purpose = 'claw_back'`,
    [newId()],
  );
  expect(await claws(world)).toEqual([999n]);
  const next = await rewardFriend(world, { customerId: EVE, orderId: "5002" });
  expect([next.referrer.status, await claws(world), await findingsOf(world)]).toEqual(["issued", [999n], []]);
});

test("claw_back is refused while the code is unused, and a second time", async () => {
  const { world, open, referrer } = await refunded();
  expect(await decide(world, open, { intent: "claw_back" })).toMatchObject({ outcome: "not_allowed" });
  await useCode(world, referrer);
  expect(await decide(world, open, { intent: "claw_back" })).toEqual(CLOSED);
  await refund(world, { orderId: "5001", refundId: "2", amount: "1.00" });
  const again = await openCaseOf(world);
  expect(await decide(world, again, { intent: "claw_back" })).toMatchObject({ outcome: "not_allowed" });
  expect(await claws(world)).toEqual([1000n, 0n]);
});

test("waive lets the rest of a receivable go, once, and says who did", async () => {
  const { world, open } = await refunded(true);
  expect(await decide(world, open, { intent: "waive" })).toMatchObject({ outcome: "not_allowed" });
  await decide(world, open, { intent: "claw_back" });
  const [owing] = await casesOf(world);
  if (owing === undefined) throw new Error("the case stays");
  expect(await decide(world, owing, { intent: "waive", reason: "too small" })).toEqual(CLOSED);
  expect(await decide(world, owing, { intent: "waive" })).toEqual({ outcome: "stale" });
  expect(await decide(world, { ...owing, version: owing.version + 1 }, { intent: "waive" })).toMatchObject({
    outcome: "not_allowed",
  });
  expect([await claws(world), await actionsOf(world)]).toEqual([[0n], ["reward.clawed_back", "receivable.waived"]]);
  expect(await findingsOf(world)).toEqual([]);
});

test("goodwill gives one side what the offer promises it once more, once a case", async () => {
  const { world, open, friend } = await refunded();
  expect(await decide(world, open, { intent: "goodwill", side: "friend" })).toEqual(CLOSED);
  const given = (await rewardsOf(world)).at(-1);
  expect(given).toMatchObject({ kind: "goodwill", side: 2, status: "owed", amount: 1000n, person: friend.person });
  const again = await decide(world, { ...open, version: 1 }, { intent: "goodwill" });
  expect([again.outcome, await entriesOf(world)]).toEqual(["not_allowed", ["goodwill GBP 1000"]]);
  const [work] = await world.query("SELECT FROM outbox WHERE dedupe_key = $1", [`fulfil:${given?.id ?? ""}`]);
  expect([work, await findingsOf(world)]).toEqual([{}, []]);
});

test("a withdrawn reward is replaced by one of the same worth, once", async () => {
  const { world, open, referrer } = await refunded();
  await decide(world, open, { intent: "withdraw", side: "referrer" });
  const replaced = await decide(world, { ...open, version: 1 }, { intent: "replacement" });
  expect(replaced).toEqual(CLOSED);
  expect((await rewardsOf(world)).at(-1)).toMatchObject({ kind: "replacement", side: 1, replaces: referrer.id });
  const again = await decide(world, { ...open, version: 2 }, { intent: "replacement" });
  expect([again.outcome, await entriesOf(world)]).toEqual([
    "not_allowed",
    ["breakage GBP 1000", "replacement GBP 1000"],
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("nothing is replaced that was not broken off", async () => {
  const { world, open } = await refunded();
  expect(await decide(world, open, { intent: "replacement" })).toMatchObject({ outcome: "not_allowed" });
});

test.each(["leave", "withdraw", "goodwill", "note"] as const)("%s on a case that changed meanwhile", async (intent) => {
  const { world, open } = await refunded();
  await refund(world, { orderId: "5001", refundId: "2", amount: "1.00" });
  const before = [await statusesOf(world), await entriesOf(world)];
  const answer = await decide(world, open, { intent, note: "n" });
  // A note decides nothing, so it is kept whatever the case became.
  expect(answer.outcome).toBe(intent === "note" ? "decided" : "stale");
  expect([await statusesOf(world), await entriesOf(world)]).toEqual(before);
});

test.each(["approve", "reject", "undo", "mark_issued", "send_again"] as const)(
  "%s is not offered on a refund, and does nothing",
  async (intent) => {
    const { world, open } = await refunded();
    expect(await decide(world, open, { intent, reason: "abuse" })).toMatchObject({ outcome: "not_allowed" });
    expect((await openCaseOf(world)).version).toBe(0);
  },
);

test("a reward of unknown outcome that a person found in Shopify is issued, and its note is sent", async () => {
  const { world, referrer } = await inDoubt();
  expect(await decide(world, await openCaseOf(world), { intent: "mark_issued" })).toEqual(CLOSED);
  expect((await statusesOf(world))[0]).toBe("1 earned issued");
  const [note] = await world.query("SELECT FROM outbox WHERE dedupe_key = $1", [`note:${referrer.id}`]);
  expect([note, await findingsOf(world)]).toEqual([{}, []]);
});

test("a reward of unknown outcome that a person did not find is sent again", async () => {
  const { world, referrer } = await inDoubt();
  expect(await decide(world, await openCaseOf(world), { intent: "send_again" })).toEqual(CLOSED);
  const [work] = await world.query<{ state: string; attempts: number }>(
    "SELECT state, attempts FROM outbox WHERE dedupe_key = $1",
    [`fulfil:${referrer.id}`],
  );
  expect([work, await findingsOf(world)]).toEqual([{ state: "new", attempts: 0 }, []]);
});

test("a case of another shop is not found", async () => {
  const { open } = await refunded();
  const other = await buildRewardingShop(db);
  expect(await decide(other, open, { intent: "leave" })).toEqual({ outcome: "not_found" });
});

async function inDoubt() {
  const world = await buildRewardingShop(db);
  const rewards = await rewardFriend(world, ORDER);
  await world.query("UPDATE rewards SET status = 'unknown' WHERE id = $1", [rewards.referrer.id]);
  await world.query(
    "INSERT INTO cases (shop_id, id, kind, referral_id, person_id, reason) VALUES ($1, $2, 'unknown_fulfilment', $3, $4, 'outcome_unknown')",
    [world.shopId, newId(), rewards.referrer.referral, rewards.referrer.person],
  );
  return { world, ...rewards };
}

/** What every case still has as a receivable. */
async function claws(world: UseCases): Promise<bigint[]> {
  const rows = await world.query<{ open: bigint }>("SELECT claw_open AS open FROM cases ORDER BY opened_at, id");
  return rows.map((row) => row.open);
}
