import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { createKeys } from "#app/platform/keys.ts";
import { createLogger } from "#app/platform/logger.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { learnProfile, profileOf } from "./learn-profile.ts";
import { identifyPerson } from "./identify-person.ts";
import { rewrapKeys } from "./rewrap-keys.ts";
import { upkeep } from "./upkeep.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const PROFILE = { customerId: "7001", firstName: "Dan", email: "dan@mail.example", phone: null, locale: "en" };

test("after a rotation of DATA_KEY a known person is still the same person, and the old key opens nothing any more", async () => {
  const oldKey = randomBytes(32);
  const newKey = randomBytes(32);
  const world = await buildUseCases(db, { dataKey: oldKey });
  const { shopId } = world.shop;
  const hashes = { customerHash: world.shop.keyring.person("customer", "7001"), emailHash: null, phoneHash: null };
  const now = world.clock.now();
  const known = await inShop(db.pools, shopId, async (tx) => {
    const personId = await identifyPerson(tx, { shopId, hashes, now });
    await learnProfile(tx, {
      keys: createKeys({ dataKey: oldKey }),
      shopId,
      personId: personId ?? "",
      learned: PROFILE,
    });
    return personId;
  });

  const rotating = createKeys({ dataKey: newKey, dataKeyOld: oldKey });
  expect(await rewrapKeys({ pools: db.pools, keys: rotating })).toBe(2);
  expect(await rewrapKeys({ pools: db.pools, keys: rotating })).toBe(0);

  const keys = createKeys({ dataKey: newKey });
  const shop = await createShopDirectory({ pools: db.pools, keys, clock: world.clock }).byId(shopId);
  const again = { customerHash: shop?.keyring.person("customer", "7001") ?? null, emailHash: null, phoneHash: null };
  const found = await inShop(db.pools, shopId, (tx) => identifyPerson(tx, { shopId, hashes: again, now }));
  expect(found).toBe(known);
  const profile = await inShop(db.pools, shopId, (tx) => profileOf(tx, { keys, shopId, personId: known ?? "" }));
  expect(profile).toMatchObject({ firstName: "Dan", email: "dan@mail.example" });
  const outdated = createShopDirectory({ pools: db.pools, keys: createKeys({ dataKey: oldKey }), clock: world.clock });
  await expect(outdated.byId(shopId)).rejects.toThrow();
});

test("upkeep empties what was done more than a week ago, and leaves the row as a mark that it was there", async () => {
  const world = await buildUseCases(db);
  const { shopId } = world.shop;
  const at = world.clock.now();
  const insert = `INSERT INTO inbox (shop_id, id, topic, webhook_id, body_sha256, facts, state, next_at, received_at)
    VALUES ($1, gen_random_uuid(), 'orders/paid', $2, $3, '{}', 'done', NULL, $4)`;
  const days = (count: number) => new Date(at.getTime() - count * 86_400_000);
  await inShop(db.pools, shopId, async (tx) => {
    await tx.execute(insert, [shopId, "old", Buffer.alloc(32), days(8)]);
    await tx.execute(insert, [shopId, "young", Buffer.alloc(32), days(6)]);
  });
  const logger = createLogger({ LOG_LEVEL: "silent" });
  await upkeep({ pools: db.pools, keys: createKeys({ dataKey: randomBytes(32) }), logger, isRotating: false }, at);
  const rows = await inShop(db.pools, shopId, (tx) =>
    tx.query<{ id: string; empty: boolean }>(
      `SELECT webhook_id AS id, facts IS NULL AS empty FROM inbox WHERE shop_id = $1 AND topic = 'orders/paid' ORDER BY 1`,
      [shopId],
    ),
  );
  expect(rows).toEqual([
    { id: "old", empty: true },
    { id: "young", empty: false },
  ]);
});
