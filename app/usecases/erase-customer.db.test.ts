import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { buildCustomerFacts } from "#test/builders/domain.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import {
  bind,
  convertedFriend,
  COOLING_OFF_MS,
  DAN,
  findingsOf,
  MARA,
  mintCode,
  onlyReferral,
  paidOf,
  personFacts,
  personOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { eraseCustomer } from "./erase-customer.ts";
import { learnProfile, profileOf } from "./learn-profile.ts";

const db = await createTestDatabase();
afterAll(db.drop);

function erase(world: UseCases, customerId: string): Promise<unknown> {
  const { customerHash } = personFacts(world, customerId);
  return eraseCustomer(world, { shopId: world.shopId, customerHash, emailHash: null });
}

test("a friend who is erased ends their live referral, and keeps no profile and no signal", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world, { device: "3f2b8c1e-0000-4000-8000-000000000002", phone: "+442079460000" });
  const friend = (await personOf(world, MARA)) ?? "";
  await erase(world, MARA);
  expect(await onlyReferral(world)).toMatchObject({ state: "VOIDED", reason: "friend_erased" });
  expect(await world.query("SELECT profile_enc FROM people WHERE id = $1", [friend])).toEqual([{ profile_enc: null }]);
  expect(await world.query("SELECT DISTINCT kind FROM person_keys WHERE person_id = $1", [friend])).toEqual([
    { kind: "customer" },
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("what is told of an erased customer afterwards brings no profile back", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  const personId = (await personOf(world, MARA)) ?? "";
  await erase(world, MARA);
  await world.deliver(
    "customers/create",
    buildCustomerFacts({ person: personFacts(world, MARA, { email: "m@example.com" }) }),
  );
  await bind(world, MARA, [tap(world, (await onlyReferral(world)).code)]);
  const { keys, shopId } = world;
  const profile = await inShop(world.pools, shopId, async (tx) => {
    await learnProfile(tx, { keys, shopId, personId, learned: { firstName: "Mara" } });
    return profileOf(tx, { keys, shopId, personId });
  });
  expect(profile).toMatchObject({ firstName: null, email: null, customerId: null });
});

test("an erased referrer's code is retired, and what was paid stays on the ledger", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await erase(world, DAN);
  await erase(world, DAN);
  expect(await world.query("SELECT retired_reason FROM codes")).toEqual([{ retired_reason: "customer_left" }]);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
  expect(await findingsOf(world)).toEqual([]);
});

test("erasing somebody who was never met does nothing", async () => {
  const world = await buildUseCases(db);
  await mintCode(world);
  await erase(world, "404");
  expect(await referralsOf(world)).toEqual([]);
  expect(await world.query("SELECT FROM audit WHERE action = 'person.erased'")).toEqual([]);
});
