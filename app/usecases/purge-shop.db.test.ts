import { afterAll, expect, test } from "vitest";
import { auditShops } from "#proof/oracle/read-books.ts";
import { HOUR_MS, referralsOf } from "#test/builders/journeys.ts";
import { bind, findingsOf, mintCode, tap } from "#test/builders/journeys.ts";
import { buildRewardingShop, rewardFriend, useCode } from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { installShop } from "./install-shop.ts";
import { uninstallShop } from "./uninstall-shop.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A shop with a used reward, one that is not, and a referral that is still open. */
async function buildShop(): Promise<UseCases> {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: "8001", orderId: "9001" });
  await useCode(world, referrer);
  const code = await mintCode(world);
  await bind(world, "8002", [tap(world, code)], "0193fa00-0000-7000-8000-000000000001");
  world.clock.skip(HOUR_MS);
  return world;
}

async function leave(world: UseCases): Promise<void> {
  await uninstallShop(world, { shopId: world.shopId, at: world.clock.now() });
  world.clock.skip(48 * HOUR_MS);
}

/** Every text that the database has of the shop, but for the record and the ledger, which nobody may edit. */
async function everythingOf(world: UseCases): Promise<string> {
  const { rows: tables } = await db.ownerPool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname NOT IN ('audit', 'ledger_transfers')`,
  );
  const texts = [];
  for (const { name } of tables) {
    const { rows } = await db.ownerPool.query<{ text: string }>(
      `SELECT t::text AS text FROM ${name} t WHERE shop_id = $1`,
      [world.shopId],
    );
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  const { rows } = await db.ownerPool.query<{ text: string }>("SELECT s::text AS text FROM shops s WHERE id = $1", [
    world.shopId,
  ]);
  return [...texts, ...rows.map(({ text }) => `shops ${text}`)].join("\n");
}

async function booksOf(world: UseCases): Promise<readonly string[]> {
  const query = async (text: string, values: readonly unknown[] = []) =>
    (await db.ownerPool.query(text, [...values])).rows;
  return [...(await findingsOf(world)), ...(await auditShops({ query }, [world.domain])).findings];
}

test("shop/redact leaves nothing that means something to anybody, ends what is open, and the books stay right", async () => {
  const world = await buildShop();
  const { keyring } = world.shop;
  const [code] = await world.query<{ code: string }>("SELECT code FROM codes");
  const known = [
    code?.code ?? "?",
    world.domain,
    "freshbox.example",
    keyring.person("customer", "8001"),
    keyring.person("customer", "8002"),
    "0193fa00-0000-7000-8000-000000000001",
  ];
  const before = await everythingOf(world);
  for (const text of known) expect(before).toContain(text);
  await leave(world);
  await world.deliver("shop/redact", { kind: "shop_redact" });
  await world.work();
  const after = await everythingOf(world);
  for (const text of known) expect(after).not.toContain(text);
  expect(await world.shops.byId(world.shopId)).toBeNull();
  expect((await referralsOf(world)).map(({ state, reason }) => [state, reason])).toEqual([
    ["REWARDED", null],
    ["VOIDED", "shop_purged"],
  ]);
  expect(await world.query("SELECT FROM people WHERE profile_enc IS NOT NULL OR erased_at IS NULL")).toEqual([]);
  expect(await world.query("SELECT count(*)::int AS rewards FROM rewards")).toEqual([{ rewards: 2 }]);
  expect(await booksOf(world)).toEqual([]);
  expect(await world.query("SELECT action FROM audit WHERE action = 'shop.purged'")).toHaveLength(1);
});

test("a shop that was forgotten and comes back is a new one: new key, new people, old books", async () => {
  const world = await buildShop();
  await leave(world);
  await world.deliver("shop/redact", { kind: "shop_redact" });
  await world.work();
  await installShop(world, { domain: world.domain, scopes: "read_orders" });
  const shop = await world.shops.byId(world.shopId);
  expect(shop).toMatchObject({ domain: world.domain, installed: true });
  expect(shop?.keyring.person("customer", "8001")).not.toBe(world.shop.keyring.person("customer", "8001"));
  expect(await booksOf(world)).toEqual([]);
});

test("shop/redact of a shop that has the app again forgets nothing", async () => {
  const world = await buildShop();
  await leave(world);
  await installShop(world, { domain: world.domain, scopes: "read_orders" });
  await world.deliver("shop/redact", { kind: "shop_redact" });
  await world.work();
  expect(await everythingOf(world)).toContain(world.domain);
  expect(await world.query("SELECT detail FROM audit WHERE action = 'event.shop_redact'")).toEqual([
    { detail: { ignored: "installed" } },
  ]);
});
