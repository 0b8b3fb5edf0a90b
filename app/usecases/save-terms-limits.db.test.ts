import { afterAll, expect, test } from "vitest";
import { saveScopes, saveShopFacts } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { scopesOfKind } from "#app/domain/terms/scopes.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { DAN, EVE } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { completeInstall } from "./install-shop.ts";
import { mintLink } from "./mint-link.ts";
import { saveTerms } from "./save-terms.ts";

const db = await createTestDatabase();
afterAll(db.drop);

async function save(world: UseCases, patch: unknown): Promise<string | readonly string[]> {
  const result = await saveTerms(world, { shopId: world.shopId, patch, actor: "test" });
  return result.outcome === "invalid"
    ? result.problems.map(({ path, code }) => `${path} ${code}`)
    : `${result.outcome} ${String(result.version)}`;
}

/** The merchant changes the shop's currency, and Shopify tells. */
async function changeCurrency(world: UseCases, currency: string): Promise<UseCases["shop"]> {
  const answer = await world.admin.forShop(world.shopId, world.domain).shopFacts();
  if (answer.outcome !== "ok") throw new Error(answer.outcome);
  const facts = { ...answer.facts, currency };
  const admin = {
    forShop: () => ({
      ...world.admin.forShop(world.shopId, world.domain),
      shopFacts: async () => ({ outcome: "ok", facts }) as const,
    }),
  };
  await completeInstall({ ...world, admin }, { shopId: world.shopId, domain: world.domain });
  const shop = await world.shops.byId(world.shopId);
  if (shop === null) throw new Error("the shop is there");
  return shop;
}

test.each(["store_credit", "gift_card"] as const)(
  "%s is refused until Shopify allows it, for either side, and then kept",
  async (kind) => {
    const world = await buildUseCases(db);
    const both = { referrer: { kind }, friend: { kind } };
    expect(await save(world, both)).toEqual(["referrer.kind scope_missing", "friend.kind scope_missing"]);
    const partly = ["read_orders", ...scopesOfKind(kind).slice(1)].join(",");
    await inShop(db.pools, world.shopId, (tx) => saveScopes(tx, world.shopId, partly));
    expect(await save(world, { friend: { kind } })).toEqual(["friend.kind scope_missing"]);
    const granted = ["read_orders", ...scopesOfKind(kind)].join(",");
    await inShop(db.pools, world.shopId, (tx) => saveScopes(tx, world.shopId, granted));
    expect(await save(world, both)).toBe("saved 2");
  },
);

test.each<[string, unknown, readonly string[]]>([
  ["more decimals than the currency has", { referrer: { amount: "10.001" } }, ["referrer.amount too_many_decimals"]],
  ["a negative amount", { referrer: { amount: "-10.00" } }, ["referrer.amount not_positive"]],
  ["an amount beyond reason", { friend: { amount: "1".repeat(30) } }, ["friend.amount too_large"]],
  ["an amount with its currency", { friend: { amount: "10.00 EUR" } }, ["friend.amount not_amount"]],
  ["a currency of its own", { currency: "EUR" }, ["currency unknown_field"]],
  ["a window over 45 days", { window_days: 46 }, ["window_days out_of_range"]],
  ["a budget with too many decimals", { budget_month: "0.001" }, ["budget_month too_many_decimals"]],
  ["nothing at all", null, [" not_an_object"]],
])("terms with %s change nothing", async (_what, patch, problems) => {
  const world = await buildUseCases(db);
  expect(await save(world, patch)).toEqual(problems);
  expect(await world.query("SELECT version FROM terms")).toEqual([{ version: 1 }]);
});

test("a shop that changed its currency mints no new link until its offer is saved in the new one; old links stay", async () => {
  const world = await buildUseCases(db);
  for (const customer of [DAN, EVE]) world.shopify.customers.set(customer, buildCustomerAnswer(customer));
  const old = await mintLink(world, { shop: world.shop, customerId: DAN, device: null });
  const shop = await changeCurrency(world, "JPY");
  expect(shop.currency).toBe("JPY");
  const mint = (customerId: string) => mintLink(world, { shop, customerId, device: null });
  expect(await mint(EVE)).toEqual({ outcome: "refused", reason: "currency_changed" });
  expect(await mint(DAN)).toMatchObject({ outcome: "existing", code: old.outcome === "refused" ? "" : old.code });
  expect(await save(world, { window_days: 20 })).toEqual([
    "referrer.amount currency_changed",
    "friend.amount currency_changed",
  ]);
  expect(await save(world, { referrer: { amount: "1500" }, friend: { amount: "1000" } })).toBe("saved 2");
  expect(await mint(EVE)).toMatchObject({ outcome: "minted", offer: { referrer: "¥1,500 off" } });
  expect(await world.query("SELECT currency, exponent::int AS exponent FROM terms ORDER BY version")).toEqual([
    { currency: "GBP", exponent: 2 },
    { currency: "JPY", exponent: 0 },
  ]);
  expect(await world.query("SELECT unit FROM ledger_units ORDER BY unit")).toEqual([
    { unit: "GBP" },
    { unit: "JPY" },
    { unit: "coupon" },
  ]);
});

test("the same numbers in another currency are another version", async () => {
  const world = await buildUseCases(db);
  await changeCurrency(world, "EUR");
  expect(await save(world, { referrer: { amount: "10.00" }, friend: { amount: "10.00" } })).toBe("saved 2");
  expect(await save(world, {})).toBe("unchanged 2");
});

test("saving keeps nothing of a currency that the ledger does not count in", async () => {
  const world = await buildUseCases(db);
  const facts = { name: "FreshBox", timezone: "Europe/London", primaryDomain: "x.example", domains: [] };
  const row = { ...facts, primaryOrigin: "https://x.example", currency: "KWD", exponent: 3 };
  await inShop(db.pools, world.shopId, (tx) => saveShopFacts(tx, world.shopId, row));
  expect(await save(world, { referrer: { amount: "1.2345" }, friend: { amount: "1.234" } })).toEqual([
    "referrer.amount too_many_decimals",
  ]);
});
