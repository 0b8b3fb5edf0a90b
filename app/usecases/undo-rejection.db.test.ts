import { afterAll, expect, test } from "vitest";
import {
  bind,
  buy,
  casesOf,
  COOLING_OFF_MS,
  DAN,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  paidOf,
  referralsOf,
  tap,
  WINDOW_MS,
} from "#test/builders/journeys.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { buildRewardingShop, decide, openCaseOf } from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { retireCode } from "./retire-code.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const DEVICE = "11111111-2222-4333-8444-555555555555";

/** Mara came over Dan's own browser; a reviewer rejected it. Without an order it is rejected before she bought. */
async function rejected(options: { hasOrder: boolean } = { hasOrder: true }): Promise<UseCases> {
  const world = await buildRewardingShop(db);
  const code = await mintCode(world, DAN, DEVICE);
  await bind(world, MARA, [tap(world, code)], DEVICE);
  world.clock.skip(HOUR_MS / 2);
  if (options.hasOrder) await buy(world, { customerId: MARA, orderId: "5001" });
  const open = await openCaseOf(world);
  const answer = await decide(world, open, { intent: "reject", reason: "same_person" });
  expect(answer).toEqual({ outcome: "decided", state: "REJECTED" });
  return world;
}

async function closedCase(world: UseCases) {
  const [closed] = await casesOf(world);
  if (closed === undefined) throw new Error("the case stays");
  return closed;
}

test("an undo opens one new referral with the same code, order, times and evidence, and promises of its own", async () => {
  const world = await rejected();
  const closed = await closedCase(world);
  expect(await decide(world, closed, { intent: "undo", reason: "They are two sisters" })).toEqual({
    outcome: "decided",
    state: "PENDING",
  });
  const [old, undo, ...others] = await referralsOf(world);
  expect([old?.state, undo?.state, others]).toEqual(["REJECTED", "PENDING", []]);
  const { id: _id, state: _state, reason: _reason, ...kept } = old ?? {};
  expect(undo).toMatchObject(kept);
  const rows = await world.query<{ evidence: unknown; reopens: string | null; pendings: number }>(
    `SELECT evidence, reopens, (SELECT count(*)::int FROM ledger_transfers t WHERE t.referral_id = r.id AND t.kind = 1) AS pendings
       FROM referrals r ORDER BY opened_at, id`,
  );
  expect(rows[1]).toEqual({ evidence: rows[0]?.evidence, reopens: old?.id, pendings: 2 });
  expect(await findingsOf(world)).toEqual([]);
});

test("what the reviewer had in front of them is passed at the payout of the undone referral", async () => {
  const world = await rejected();
  await decide(world, await closedCase(world), { intent: "undo", reason: "sisters" });
  await world.work();
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect((await referralsOf(world)).map((each) => each.state)).toEqual(["REJECTED", "REWARDED"]);
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
  expect(await findingsOf(world)).toEqual([]);
});

test("a rejection is undone once, however often and at however many places it is asked", async () => {
  const world = await rejected();
  const closed = await closedCase(world);
  const ended = await heldUp(world.databaseUrl, "referrals", 5, () =>
    Array.from({ length: 20 }, () => decide(world, closed, { intent: "undo", reason: "sisters" })),
  );
  const outcomes = ended.map((each) => (each.status === "fulfilled" ? each.value.outcome : "failed"));
  expect(outcomes.toSorted()).toEqual(["decided", ...Array.from({ length: 19 }, () => "stale")]);
  expect(await referralsOf(world)).toHaveLength(2);
  const again = await decide(world, await closedCase(world), { intent: "undo", reason: "sisters" });
  expect(again).toEqual({ outcome: "not_allowed", why: "This rejection was undone before." });
  expect(await findingsOf(world)).toEqual([]);
});

test("an undo needs a reason", async () => {
  const world = await rejected();
  const answer = await decide(world, await closedCase(world), { intent: "undo" });
  expect([answer.outcome, (await referralsOf(world)).length]).toEqual(["not_allowed", 1]);
});

test("an undo brings nothing back whose link was retired for abuse", async () => {
  const world = await rejected();
  const [old] = await referralsOf(world);
  await retireCode(world, { shopId: world.shopId, personId: old?.referrer ?? "", reason: "abuse", actor: "7001" });
  const closed = await closedCase(world);
  const answer = await decide(world, closed, { intent: "undo", reason: "sisters" });
  expect([answer.outcome, (await closedCase(world)).version]).toEqual(["not_allowed", closed.version]);
});

test("long after the window an undo is of use with an order alone, and is refused without", async () => {
  const world = await rejected();
  world.clock.skip(WINDOW_MS * 2);
  const answer = await decide(world, await closedCase(world), { intent: "undo", reason: "late" });
  expect(answer).toEqual({ outcome: "decided", state: "PENDING" });
  const without = await rejected({ hasOrder: false });
  without.clock.skip(WINDOW_MS * 2);
  const refused = await decide(without, await closedCase(without), { intent: "undo", reason: "late" });
  expect([refused.outcome, (await referralsOf(without)).length]).toEqual(["not_allowed", 1]);
});
