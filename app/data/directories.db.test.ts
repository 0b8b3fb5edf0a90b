import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "#app/platform/clock.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { installShop } from "#test/builders/door.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createCodeDirectory } from "./code-directory.repo.ts";
import { createShopDirectory } from "./shop-directory.repo.ts";
import { inShop } from "./tenant.ts";

const db = await createTestDatabase();
afterAll(db.drop);
const keys = createKeys({ dataKey: randomBytes(32) });

test("the shop directory knows a shop by its domain and by its id", async () => {
  const shop = await installShop(db.pools, keys);
  const directory = createShopDirectory({ pools: db.pools, keys, clock: systemClock });
  expect(directory.remembered(shop.domain)).toBeUndefined();
  const known = await directory.byDomain(shop.domain.toUpperCase());
  expect(directory.remembered(shop.domain)).toBe(known);
  expect(known).toMatchObject({
    shopId: shop.shopId,
    domain: shop.domain,
    name: "FreshBox",
    domains: ["freshbox.example", "www.freshbox.example"],
    primaryOrigin: "https://freshbox.example",
    currency: "GBP",
    exponent: 2,
    language: "en",
    installed: true,
    payoutsPaused: null,
  });
  expect((await directory.byId(shop.shopId))?.keyring).toBe(known?.keyring);
  expect(await directory.byDomain("stranger.myshopify.com")).toBeNull();
  expect(directory.remembered("stranger.myshopify.com")).toBeNull();
  directory.forget(shop.shopId);
  expect(directory.remembered(shop.domain)).toBeUndefined();
});

test("the shop directory gives an uninstalled shop as such, and a purged one not at all", async () => {
  const shop = await installShop(db.pools, keys);
  const directory = createShopDirectory({ pools: db.pools, keys, clock: systemClock });
  expect((await directory.byId(shop.shopId))?.installed).toBe(true);
  await db.ownerPool.query("UPDATE shops SET uninstalled_at = now(), payouts_paused = 'by hand' WHERE id = $1", [
    shop.shopId,
  ]);
  directory.forget(shop.shopId);
  expect(await directory.byId(shop.shopId)).toMatchObject({ installed: false, payoutsPaused: "by hand" });
  await db.ownerPool.query(
    "UPDATE shops SET purged_at = now(), identity_key_wrapped = NULL, domain = NULL WHERE id = $1",
    [shop.shopId],
  );
  directory.forget(shop.shopId);
  expect(await directory.byId(shop.shopId)).toBeNull();
});

test("the code directory gives a code with its pinned terms and whoever is its owner", async () => {
  const shop = await installShop(db.pools, keys, { landingPath: "/pages/hello", ownerCustomerId: "7" });
  const known = await createShopDirectory({ pools: db.pools, keys, clock: systemClock }).byId(shop.shopId);
  const twin = newId();
  await inShop(db.pools, shop.shopId, async (tx) => {
    await tx.execute("INSERT INTO people (shop_id, id, created_at) VALUES ($1, $2, now())", [shop.shopId, twin]);
    await tx.execute("UPDATE people SET merged_into = $3 WHERE shop_id = $1 AND id = $2", [
      shop.shopId,
      twin,
      shop.personId,
    ]);
    const hash = Buffer.from(known?.keyring.person("customer", "8") ?? "", "hex");
    await tx.execute("INSERT INTO person_keys (shop_id, kind, hash, person_id) VALUES ($1, 'customer', $2, $3)", [
      shop.shopId,
      hash,
      twin,
    ]);
    await tx.execute("INSERT INTO code_aliases (shop_id, alias, code_id) VALUES ($1, 'DAN-10', $2)", [
      shop.shopId,
      shop.codeId,
    ]);
  });
  const directory = createCodeDirectory({ pools: db.pools, clock: systemClock });
  const code = await directory.resolve(shop.shopId, "ABCDE");
  expect(code).toMatchObject({
    codeId: shop.codeId,
    code: "ABCDE",
    personId: shop.personId,
    state: "active",
    landingPath: "/pages/hello",
    windowDays: 30,
    paused: false,
    campaignStart: null,
  });
  const owners = ["7", "8"].map((id) => known?.keyring.person("customer", id));
  expect(new Set(code?.ownerCustomerHashes)).toEqual(new Set(owners));
  expect(await directory.resolve(shop.shopId, "DAN-10")).toEqual(code);
});

test("the code directory finds no code of another shop", async () => {
  const shop = await installShop(db.pools, keys);
  const directory = createCodeDirectory({ pools: db.pools, clock: systemClock });
  expect(await directory.resolve(shopIdFor("stranger.myshopify.com"), shop.code)).toBeNull();
});
