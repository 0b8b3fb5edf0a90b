import { afterAll, expect, test } from "vitest";
import { buildCustomerFacts, buildPerson } from "#test/builders/domain.ts";
import { bind, EVE, mintCode, orderFacts, personFacts, referralsOf, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { confirmClick } from "./confirm-click.ts";
import { pausePayouts } from "./pause-payouts.ts";
import { setReviewRules } from "./set-review-rules.ts";
import { newId } from "#app/platform/ids.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const NOBODY = { customerId: null, customerHash: null, emailHash: null, phoneHash: null, profileSealed: null };

async function peopleOf(world: UseCases): Promise<number> {
  return (await world.query("SELECT FROM people")).length;
}

test("events that name nobody make nobody and open nothing", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  const before = await peopleOf(world);
  const person = buildPerson(NOBODY);
  await world.deliver("customers/create", buildCustomerFacts({ person }));
  await world.deliver("goodword/bind", { kind: "bind", person, tokens: [token], device: null, at: 1 });
  const tokens = { cartAttribute: [token], landingSite: [] };
  await world.deliver("orders/paid", { ...orderFacts(world, { orderId: "5001", tokens }), person });
  await world.work();
  expect([await peopleOf(world), await referralsOf(world)]).toEqual([before, []]);
});

test("a customer who is known by an e-mail address alone is remembered, and wakes nobody's order", async () => {
  const world = await buildUseCases(db);
  const { emailHash } = personFacts(world, EVE, { email: "eve@shop.example" });
  const before = await peopleOf(world);
  await world.deliver("customers/create", buildCustomerFacts({ person: buildPerson({ ...NOBODY, emailHash }) }));
  await world.work();
  expect(await peopleOf(world)).toBe(before + 1);
});

test("a bind by an e-mail address alone opens the referral of its click", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  const { emailHash } = personFacts(world, EVE, { email: "eve@shop.example" });
  const person = buildPerson({ ...NOBODY, emailHash });
  const at = world.clock.now().getTime();
  await world.deliver("goodword/bind", { kind: "bind", person, tokens: [token], device: null, at });
  await world.work();
  expect(await referralsOf(world)).toMatchObject([{ state: "PENDING" }]);
});

test("a tap on what is no code of ours is confirmed by nobody, and writes no click down", async () => {
  const world = await buildUseCases(db);
  for (const text of ["NO-SUCH", "-"])
    await confirmClick(world, { shop: world.shop, token: tap(world, text), device: null });
  expect(await world.query("SELECT FROM clicks")).toEqual([]);
  await bind(world, EVE, [tap(world, "-")]);
  expect(await referralsOf(world)).toEqual([]);
});

test("payouts that stand still are not stopped a second time, on the record neither", async () => {
  const world = await buildUseCases(db);
  const pause = (reason: string | null) => pausePayouts(world, { shopId: world.shopId, reason, actor: "7001" });
  for (const reason of ["holiday", "holiday", null, null]) await pause(reason);
  const entries = await world.query("SELECT action FROM audit WHERE action LIKE 'payouts.%' ORDER BY action");
  expect(entries).toEqual([{ action: "payouts.paused" }, { action: "payouts.resumed" }]);
});

test("nobody keeps the list of a shop that is not there", async () => {
  const world = await buildUseCases(db);
  const rules = { listedOnly: true, listed: [], secondOver: null, actor: "7001" };
  expect(await setReviewRules(world, { shopId: newId(), ...rules })).toEqual({ outcome: "not_manager" });
});
