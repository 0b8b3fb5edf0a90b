import { afterAll, expect, test } from "vitest";
import { saveSession } from "#app/data/session.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { backfillCustomers } from "#app/usecases/backfill-customers.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import { uninstallShop } from "#app/usecases/uninstall-shop.ts";
import type { ShopifyDeps } from "#test/builders/installed-shop.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createCustomer } from "#simulator/world/customers.ts";
import { createCustomerWithPast } from "#simulator/world/past-orders.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

async function rowsOf(sql: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  return (await db.ownerPool.query<Record<string, unknown>>(sql, values)).rows;
}

async function countOf(table: string, shopId: string): Promise<number> {
  const [row] = await rowsOf(`SELECT count(*)::int AS n FROM ${table} WHERE shop_id = $1`, [shopId]);
  return Number(row?.["n"]);
}

function takeBackfillRow(shopId: string) {
  return rowsOf(
    "SELECT id, dedupe_key, payload FROM outbox WHERE shop_id = $1 AND topic = 'shop.backfill' ORDER BY created_at DESC LIMIT 1",
    [shopId],
  );
}

/** Runs the shop's latest back-fill row until it says something other than "again". */
async function runBackfill(deps: ShopifyDeps, shopId: string) {
  for (let run = 0; run < 20; run += 1) {
    const [row] = await takeBackfillRow(shopId);
    const payload = row?.["payload"] as Record<string, unknown>; // jsonb of our own
    const work = {
      shopId,
      id: String(row?.["id"]),
      topic: "shop.backfill",
      dedupeKey: String(row?.["dedupe_key"]),
      payload,
    };
    const verdict = await backfillCustomers(deps, { ...work, attempts: 1, externalId: null });
    if (verdict.outcome !== "again") return verdict;
  }
  throw new Error("the back-fill did not end");
}

test("installShop takes a shop in with its facts, ledger, first terms and back-fill", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator, { currency: "JPY", name: "Tea & Co" });
  expect(await installShop(deps, granted)).toEqual({ outcome: "installed" });
  const shop = await deps.shops.byDomain(granted.domain);
  expect(shop).toMatchObject({
    name: "Tea & Co",
    currency: "JPY",
    exponent: 0,
    installed: true,
    shopId: granted.shopId,
  });
  expect(shop?.domains).toContain(granted.shop.domains[0]);
  expect(shop?.primaryOrigin).toMatch(/^http:\/\/.+:\d+$/);
  expect(await countOf("ledger_units", granted.shopId)).toBe(2);
  expect(await countOf("ledger_accounts", granted.shopId)).toBe(10);
  const terms = await rowsOf("SELECT version, currency, referrer_amount, friend_when FROM terms WHERE shop_id = $1", [
    granted.shopId,
  ]);
  expect(terms).toEqual([{ version: 1, currency: "JPY", referrer_amount: "1000", friend_when: "on_first_order" }]);
  expect(await takeBackfillRow(granted.shopId)).toHaveLength(1);
  expect(deps.rung).toEqual([`outbox ${granted.shopId}`, `outbox ${granted.shopId}`]);
  const topics = await db.ownerPool.query("SELECT topic FROM outbox WHERE shop_id = $1 ORDER BY 1", [granted.shopId]);
  expect(topics.rows.map(({ topic }) => topic)).toEqual([
    "discounts.compare",
    "orders.read",
    "pixel.activate",
    "shop.backfill",
    "welcome.refill",
  ]);
});

test("installShop changes nothing and asks Shopify nothing when it runs again", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const shopRow = () => rowsOf("SELECT to_jsonb(s) - 'installed_at' AS s FROM shops s WHERE id = $1", [granted.shopId]);
  const before = [deps.posts.length, await shopRow()];
  expect(await installShop(deps, granted)).toEqual({ outcome: "unchanged" });
  expect([deps.posts.length, await shopRow()]).toEqual(before);
  expect(await countOf("outbox", granted.shopId)).toBe(5);
});

test("twenty installs at once make one shop, one set of accounts, one terms version, one back-fill", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await Promise.all(Array.from({ length: 20 }, () => installShop(deps, granted)));
  const counts = await Promise.all(
    ["ledger_accounts", "terms", "outbox", "audit"].map((table) => countOf(table, granted.shopId)),
  );
  expect(counts).toEqual([10, 1, 5, 1]);
});

test("installShop with refresh takes over a new name and new hosts", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  granted.shop.name = "Fresher Box";
  granted.shop.domains = ["fresher.localhost:4400"];
  expect(await installShop(deps, { ...granted, refresh: true })).toEqual({ outcome: "refreshed" });
  const shop = await deps.shops.byDomain(granted.domain);
  expect(shop).toMatchObject({ name: "Fresher Box", primaryOrigin: "http://fresher.localhost:4400" });
});

test("an install that could not ask Shopify is completed by the back-fill", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  simulator.simulator.faults.add({ route: "graphql", kind: "5xx", count: 3 });
  expect(await installShop(deps, granted)).toEqual({ outcome: "incomplete", reason: "unavailable" });
  expect(await countOf("terms", granted.shopId)).toBe(0);
  expect(await runBackfill(deps, granted.shopId)).toEqual({ outcome: "done" });
  expect(await countOf("terms", granted.shopId)).toBe(1);
});

test("the back-fill knows every customer by hash, who bought and who did not, and stores nothing in clear", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  for (let n = 0; n < 120; n += 1) {
    const email = `Customer.${n}+x@gmail.com`;
    const input = { email, firstName: `Name${n}`, silent: true, pastOrders: n < 3 ? 2 : 0 };
    createCustomerWithPast(simulator.world, granted.shop, input);
  }
  await installShop(deps, granted);
  expect(await runBackfill(deps, granted.shopId)).toEqual({ outcome: "done" });
  expect(await countOf("people", granted.shopId)).toBe(120);
  const shop = await deps.shops.byId(granted.shopId);
  const [known] = await rowsOf(
    "SELECT count(*)::int AS n FROM person_keys WHERE shop_id = $1 AND kind = 'email' AND hash = decode($2, 'hex')",
    [granted.shopId, shop?.keyring.person("email", "customer7@gmail.com")],
  );
  expect(known).toEqual({ n: 1 });
  expect(
    await rowsOf("SELECT count(*)::int AS n FROM people WHERE shop_id = $1 AND first_order_at IS NOT NULL", [
      granted.shopId,
    ]),
  ).toEqual([{ n: 3 }]);
  expect(
    await rowsOf("SELECT backfilled_at IS NOT NULL AS done, protected_fields FROM shops WHERE id = $1", [
      granted.shopId,
    ]),
  ).toEqual([{ done: true, protected_fields: true }]);
  const everything = JSON.stringify(
    await rowsOf(
      "SELECT p::text, k::text AS keys FROM people p JOIN person_keys k ON k.person_id = p.id WHERE p.shop_id = $1",
      [granted.shopId],
    ),
  );
  expect(everything).not.toMatch(/gmail|Name\d/i);
});

test("a back-fill that broke off goes on behind its cursor", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  for (let n = 0; n < 60; n += 1)
    createCustomer(simulator.world, granted.shop, { email: `c${n}@example.com`, silent: true });
  await installShop(deps, granted);
  let pages = 0;
  const admin = {
    forShop: (shopId: string, domain: string) => {
      const real = deps.admin.forShop(shopId, domain);
      return {
        ...real,
        knownCustomers: (cursor: string | null) => {
          pages += 1;
          return pages === 2
            ? Promise.resolve({ outcome: "unavailable" as const, retryAfterMs: 1_000 })
            : real.knownCustomers(cursor);
        },
      };
    },
  };
  expect(await runBackfill({ ...deps, admin }, granted.shopId)).toEqual({ outcome: "done" });
  expect(pages).toBe(3);
  expect(await countOf("people", granted.shopId)).toBe(60);
});

test("the back-fill passes when every protected field is null", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator, { protectedFields: false });
  createCustomer(simulator.world, granted.shop, { email: "a@example.com", phone: "+447700900123", silent: true });
  createCustomer(simulator.world, granted.shop, { email: "b@example.com", silent: true });
  await installShop(deps, granted);
  expect(await runBackfill(deps, granted.shopId)).toEqual({ outcome: "done" });
  expect(await countOf("people", granted.shopId)).toBe(2);
  expect(await rowsOf("SELECT DISTINCT kind FROM person_keys WHERE shop_id = $1", [granted.shopId])).toEqual([
    { kind: "customer" },
  ]);
});

test("uninstallShop closes the shop and forgets its tokens; a late second message changes nothing", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const input = { shopId: granted.shopId, at: new Date() };
  expect(await uninstallShop(deps, input)).toEqual({ outcome: "closed" });
  expect(await uninstallShop(deps, input)).toEqual({ outcome: "unchanged" });
  expect(await countOf("sessions", granted.shopId)).toBe(0);
  expect((await deps.shops.byId(granted.shopId))?.installed).toBe(false);
});

test("a shop that comes back keeps its people and its identity key, and is filled again", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const before = (await deps.shops.byId(granted.shopId))?.keyring.person("email", "dan@example.com");
  await uninstallShop(deps, { shopId: granted.shopId, at: new Date() });
  await grantShopAgain(deps, granted);
  expect(await installShop(deps, granted)).toEqual({ outcome: "installed" });
  const shop = await deps.shops.byId(granted.shopId);
  expect(shop?.installed).toBe(true);
  expect(shop?.keyring.person("email", "dan@example.com")).toBe(before);
  expect(await countOf("outbox", granted.shopId)).toBe(7);
  const old = new Date(Date.now() - 3_600_000);
  expect(await uninstallShop(deps, { shopId: granted.shopId, at: old })).toEqual({ outcome: "unchanged" });
});

test("a message of the removal that comes after the shop is back, and was the first to tell of it, closes nothing", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const removedAt = new Date(deps.clock.now().getTime() + 10 * 60_000);
  const later = { ...deps, clock: { now: () => new Date(removedAt.getTime() + 60 * 60_000) } };
  expect(await installShop(later, granted)).toEqual({ outcome: "unchanged" });
  expect(await uninstallShop(later, { shopId: granted.shopId, at: removedAt })).toEqual({ outcome: "unchanged" });
  expect((await deps.shops.byId(granted.shopId))?.installed).toBe(true);
});

test("a late message about what the app may do does not open a shop that removed it", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  await uninstallShop(deps, { shopId: granted.shopId, at: new Date() });
  expect(await installShop(deps, { ...granted, told: true })).toEqual({ outcome: "unchanged" });
  expect((await deps.shops.byId(granted.shopId))?.installed).toBe(false);
});

async function grantShopAgain(deps: ShopifyDeps, granted: Awaited<ReturnType<typeof grantShop>>): Promise<void> {
  await inShop(deps.pools, granted.shopId, (tx) =>
    saveSession(tx, deps.keys, granted.shopId, granted.session, new Date()),
  );
}

test("an install whose shop counts in no currency that we know is incomplete, and writes no terms", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  const shop = deps.admin.forShop(granted.shopId, granted.domain);
  const answer = await shop.shopFacts();
  if (answer.outcome !== "ok") throw new Error(answer.outcome);
  const odd = { ...answer, facts: { ...answer.facts, currency: "pounds" } };
  const admin = { forShop: () => ({ ...shop, shopFacts: () => Promise.resolve(odd) }) };
  const incomplete = { outcome: "incomplete", reason: "unknown_currency" };
  expect(await installShop({ ...deps, admin }, granted)).toEqual(incomplete);
  expect(await countOf("terms", granted.shopId)).toBe(0);
  expect(await installShop(deps, granted)).toEqual({ outcome: "installed" });
});
