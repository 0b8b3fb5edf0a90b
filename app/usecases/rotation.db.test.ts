import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { readProfile } from "#app/data/people.repo.ts";
import { createShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { createKeys } from "#app/platform/keys.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openPersonProfile } from "#app/platform/sealed-profile.ts";
import { openShopKeyring, rewrapIdentityKey } from "#app/platform/shop-keyring.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { buy, COOLING_OFF_MS, DAN, MARA, mintCode, onlyReferral, personOf, tap } from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { bindCustomer } from "./bind-customer.ts";
import { learnProfile, profileOf } from "./learn-profile.ts";
import { mintLink } from "./mint-link.ts";
import { recordBind } from "./record-bind.ts";
import { settleReferral } from "./settle-referral.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** The same shop as another process sees it that was started with these keys. */
async function restartedWith(world: UseCases, keys: Keys): Promise<UseCases> {
  const shops = createShopDirectory({ pools: world.pools, keys, clock: world.clock });
  const shop = await shops.byId(world.shopId);
  if (shop === null) throw new Error("the shop is still known");
  return { ...world, keys, shops, shop };
}

test("after a rotation of DATA_KEY a known person is the same person, with the same code and a profile that opens", async () => {
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const world = await buildUseCases(db, { dataKey: before });
  const code = await mintCode(world);
  const token = tap(world, code);
  const dan = (await personOf(world, DAN)) ?? "";

  const rotated = await restartedWith(world, createKeys({ dataKey: after, dataKeyOld: before }));
  expect(await personOf(rotated, DAN)).toBe(dan);
  expect(await mintLink(rotated, { shop: rotated.shop, customerId: DAN, device: null })).toMatchObject({
    outcome: "existing",
    code,
  });
  const { keys, shopId } = rotated;
  const profile = await inShop(rotated.pools, shopId, (tx) => profileOf(tx, { keys, shopId, personId: dan }));
  expect(profile).toMatchObject({ customerId: DAN });

  await bindCustomer(rotated, { shop: rotated.shop, customerId: MARA, tokens: [token], device: null });
  const [row] = await rotated.query<{ id: string; facts: Parameters<typeof recordBind>[1]["facts"] }>(
    "SELECT id, facts FROM inbox",
  );
  if (row === undefined) throw new Error("the bind is a row");
  await recordBind(rotated, { ...row, shopId, topic: "goodword/bind", receivedAt: rotated.clock.now() });
  expect(await onlyReferral(rotated)).toMatchObject({ state: "PENDING", code });
});

test("what was sealed before the rotation opens under the new key alone once it is wrapped anew", async () => {
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const world = await buildUseCases(db, { dataKey: before });
  await mintCode(world);
  const personId = (await personOf(world, DAN)) ?? "";
  const { shopId } = world;
  const both = createKeys({ dataKey: after, dataKeyOld: before });
  const alone = createKeys({ dataKey: after });

  const sealed = await inShop(world.pools, shopId, (tx) => readProfile(tx, shopId, personId));
  if (sealed === null) throw new Error("a referrer has a profile");
  expect(both.rewrapNeeded(sealed.profileKeyWrapped)).toBe(true);
  expect(() => openPersonProfile(alone, shopId, sealed)).toThrow();
  const profileKeyWrapped = both.rewrap("person-key", shopId, sealed.profileKeyWrapped);
  expect(both.rewrapNeeded(profileKeyWrapped)).toBe(false);
  expect(openPersonProfile(alone, shopId, { ...sealed, profileKeyWrapped })).toMatchObject({ customerId: DAN });

  const [shop] = await world.query<{ key: Buffer }>("SELECT identity_key_wrapped AS key FROM shops");
  if (shop === undefined) throw new Error("the shop is there");
  const identity = openShopKeyring(alone, shopId, rewrapIdentityKey(both, shopId, shop.key));
  expect(identity.person("customer", DAN)).toBe(world.shop.keyring.person("customer", DAN));
});

test("a profile that changes after the rotation is sealed under the new key", async () => {
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const world = await buildUseCases(db, { dataKey: before });
  await mintCode(world);
  const personId = (await personOf(world, DAN)) ?? "";
  const { pools, shopId } = world;
  const both = createKeys({ dataKey: after, dataKeyOld: before });
  const alone = createKeys({ dataKey: after });
  const profile = await inShop(pools, shopId, async (tx) => {
    await learnProfile(tx, { keys: both, shopId, personId, learned: { firstName: "Dan", locale: null } });
    return profileOf(tx, { keys: alone, shopId, personId });
  });
  expect(profile).toMatchObject({ customerId: DAN, firstName: "Dan" });
});

test("a referral that opened before the rotation is paid after it", async () => {
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const world = await buildUseCases(db, { dataKey: before });
  const token = tap(world, await mintCode(world));
  world.clock.skip(60_000);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] } });
  const rotated = await restartedWith(world, createKeys({ dataKey: after, dataKeyOld: before }));
  world.clock.skip(COOLING_OFF_MS);
  await settleReferral(rotated, await world.outboxRow("referral.settle"));
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});
