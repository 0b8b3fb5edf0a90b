import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { DAN, mintCode, personOf } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { profileOf } from "./learn-profile.ts";
import { meetOwner } from "./meet-owner.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("an owner whose name and language are known is not asked about again", async () => {
  const world = await buildUseCases(db, { terms: { who_may_refer: "any_customer" } });
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, { firstName: "Dan", locale: "de" }));
  await mintCode(world);
  await world.work();
  const row = await world.outboxRow("owner.meet");
  const asked = world.shopify.calls.length;
  expect(await meetOwner(world, row)).toEqual({ outcome: "done" });
  expect(world.shopify.calls.slice(asked)).toEqual([]);
});

test("an owner of whom Shopify told no name is asked about again, and goes by it from then on", async () => {
  const world = await buildUseCases(db, { terms: { who_may_refer: "any_customer" } });
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, { firstName: null, locale: "de" }));
  await mintCode(world);
  await world.work();
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, { firstName: "Dan", locale: "de" }));
  expect(await meetOwner(world, await world.outboxRow("owner.meet"))).toEqual({ outcome: "done" });
  const { shopId, keys } = world;
  const personId = (await personOf(world, DAN)) ?? "";
  const profile = await inShop(db.pools, shopId, (tx) => profileOf(tx, { keys, shopId, personId }));
  expect(profile).toMatchObject({ firstName: "Dan", locale: "de" });
});

test("the meeting of an owner that names no code is given up, and one of a shop that is gone is over", async () => {
  const world = await buildUseCases(db, { terms: { who_may_refer: "any_customer" } });
  await mintCode(world);
  const row = await world.outboxRow("owner.meet");
  const asked = world.shopify.calls.length;
  expect(await meetOwner(world, { ...row, payload: {} })).toEqual({ outcome: "dead", reason: "no_code_named" });
  expect(await meetOwner(world, { ...row, shopId: newId() })).toEqual({ outcome: "done" });
  expect(world.shopify.calls.slice(asked)).toEqual([]);
});
