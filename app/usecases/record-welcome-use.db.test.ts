import { afterAll, expect, test } from "vitest";
import { buy, EVE, HOUR_MS, mintCode, tap } from "#test/builders/journeys.ts";
import type { Purchase } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { claimWelcome } from "./claim-welcome.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A friend who has claimed the code for their first order. */
async function claimed() {
  const world = await buildUseCases(db, { fulfils: true, terms: { friend: { when: "on_first_order" } } });
  const token = tap(world, await mintCode(world));
  await world.work();
  const asks = { customerId: null, email: null, device: null, prefix: null, cartToken: null, locale: "en" };
  const answer = await claimWelcome(world, { shop: world.shop, token, ...asks });
  if (answer.outcome === "refused" || answer.welcomeCode === null) throw new Error(JSON.stringify(answer));
  world.clock.skip(HOUR_MS);
  return { world, code: answer.welcomeCode };
}

test.each<[what: string, order: (code: string) => Partial<Purchase>, booked: object[]]>([
  ["does not say what its codes took off", () => ({ discounts: null }), []],
  ["says so of another code alone", () => ({ discounts: [{ code: "SPRING", amount: "3.00" }] }), []],
  ["is in another currency", (code) => ({ currency: "USD", discounts: [{ code, amount: "10.00" }] }), []],
  ["says that it took ten off", (code) => ({ discounts: [{ code, amount: "10.00" }] }), [{ amount: 1000n }]],
])("a welcome code of an order that %s is used, and that much is booked", async (_what, order, booked) => {
  const { world, code } = await claimed();
  await buy(world, { orderId: "5001", customerId: EVE, discountCodes: [code], ...order(code) });
  expect(await world.query("SELECT state FROM welcome_codes WHERE code = $1", [code])).toEqual([{ state: "used" }]);
  expect(await world.query("SELECT amount FROM ledger_transfers WHERE purpose = 'welcome_cost'")).toEqual(booked);
});
