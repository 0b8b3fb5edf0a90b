import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { bind, MARA, mintCode, onlyReferral, personOf, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { deleteCustomer } from "./delete-customer.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("a customer who is deleted in a shop that is gone is nobody of any other shop", async () => {
  const world = await buildUseCases(db);
  await bind(world, MARA, [tap(world, await mintCode(world))]);
  const mara = await personOf(world, MARA);
  const customerHash = world.shop.keyring.person("customer", MARA);
  expect(await deleteCustomer(world, { shopId: newId(), customerHash })).toEqual({ outcome: "done" });
  expect(await personOf(world, MARA)).toBe(mara);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", friend: mara });
  await deleteCustomer(world, { shopId: world.shopId, customerHash });
  expect(await onlyReferral(world)).toMatchObject({ state: "VOIDED" });
});
