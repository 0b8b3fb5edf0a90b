import { afterAll, expect, test } from "vitest";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import {
  bind,
  buy,
  casesOf,
  COOLING_OFF_MS,
  DAN,
  findingsOf,
  HOUR_MS,
  mintCode,
  personOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { bindCustomer } from "./bind-customer.ts";
import { retireCode } from "./retire-code.ts";
import type { RetireCodeResult, RetireReason } from "./retire-code.ts";

const db = await createTestDatabase();
afterAll(db.drop);

async function retire(world: UseCases, reason: RetireReason): Promise<RetireCodeResult> {
  return retireCode(world, {
    shopId: world.shopId,
    personId: (await personOf(world, DAN)) ?? "",
    reason,
    actor: "staff-1",
  });
}

/** One friend was paid for, one bought, one is held over a shared card, one only signed up. */
async function fourFriends(world: UseCases): Promise<void> {
  const code = await mintCode(world);
  world.shopify.cards.set(DAN, [DAN_CARD]);
  await bind(world, "1", [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  await buy(world, { customerId: "1", orderId: "5001" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  for (const customerId of ["2", "3", "4"]) {
    await bind(world, customerId, [tap(world, code)]);
    world.clock.skip(HOUR_MS);
  }
  await buy(world, { customerId: "2", orderId: "5002" });
  await buy(world, { customerId: "3", orderId: "5003", cardUsed: DAN_CARD });
}

test("retiring a code for abuse ends its open referrals, held ones too, and leaves what was paid", async () => {
  const world = await buildUseCases(db);
  await fourFriends(world);
  expect(await retire(world, "abuse")).toEqual({ outcome: "retired", voided: 3 });
  const voided = { state: "VOIDED", reason: "code_retired_for_abuse" };
  expect(await referralsOf(world)).toMatchObject([{ state: "REWARDED" }, voided, voided, voided]);
  expect(await casesOf(world)).toMatchObject([{ state: "closed", decision: "voided" }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("retiring a code for another reason lets its open referrals run on to their payout", async () => {
  const world = await buildUseCases(db);
  await fourFriends(world);
  expect(await retire(world, "merchant")).toEqual({ outcome: "retired", voided: 0 });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await referralsOf(world)).toMatchObject([
    { state: "REWARDED" },
    { state: "REWARDED" },
    { state: "HELD" },
    { state: "PENDING" },
  ]);
});

test("retiring says so when there is no active code", async () => {
  const world = await buildUseCases(db);
  await mintCode(world);
  await retire(world, "merchant");
  expect(await retire(world, "abuse")).toEqual({ outcome: "no_active_code" });
});

test("a referral that opens while its code is retired for abuse does not outlive it", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  for (const customerId of ["1", "2", "3", "4"]) {
    const token = tap(world, code);
    await bindCustomer(world, { shop: world.shop, customerId, tokens: [token], device: null });
  }
  await heldUp<unknown>(world.databaseUrl, "referrals", 1, () => [world.work(), retire(world, "abuse")]);
  await world.work();
  expect((await referralsOf(world)).map(({ state }) => state)).not.toContain("PENDING");
  expect(await findingsOf(world)).toEqual([]);
});
