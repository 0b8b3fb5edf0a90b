import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createShopDirectory } from "#app/data/shop-directory.repo.ts";
import { createKeys } from "#app/platform/keys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { upkeep } from "./upkeep.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("upkeep seals anew what an old DATA_KEY sealed while a rotation is under way, and at no other time", async () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const world = await buildUseCases(db, { dataKey: oldKey });
  const deps = { ...world, keys: createKeys({ dataKey: newKey, dataKeyOld: oldKey }) };
  const byNewKey = () => createShopDirectory({ ...world, keys: createKeys({ dataKey: newKey }) }).byId(world.shopId);
  await upkeep({ ...deps, isRotating: false }, world.clock.now());
  await expect(byNewKey()).rejects.toThrow();
  await upkeep({ ...deps, isRotating: true }, world.clock.now());
  expect((await byNewKey())?.keyring.person("customer", "7001")).toBe(world.shop.keyring.person("customer", "7001"));
});
