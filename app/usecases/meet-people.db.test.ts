import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { bind, DAN, HOUR_MS, MARA, mintCode, personOf, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { profileOf } from "./learn-profile.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("the two people of a new referral are known by first name before anybody has ordered", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { firstName: "Mara" }));
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, { firstName: "Dan" }));
  const code = await mintCode(world);
  const token = tap(world, code);
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [token]);
  const { shopId } = world.shop;
  for (const [customerId, firstName] of [
    [MARA, "Mara"],
    [DAN, "Dan"],
  ] as const) {
    const personId = (await personOf(world, customerId)) ?? "";
    const profile = await inShop(db.pools, shopId, (tx) => profileOf(tx, { keys: world.keys, shopId, personId }));
    expect(profile.firstName).toBe(firstName);
  }
});
