import { afterAll, expect, test } from "vitest";
import { auditShops } from "#proof/oracle/read-books.ts";
import { buildAdminLine } from "#test/builders/fake-shopify.ts";
import {
  bind,
  buy,
  casesOf,
  COOLING_OFF_MS,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  paidOf,
  tap,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { completeInstall } from "./install-shop.ts";
import { reviewCase } from "./review-case.ts";
import { saveTerms } from "./save-terms.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** The merchant changes the shop's currency, and Shopify tells. */
async function changeCurrency(world: UseCases, currency: string): Promise<void> {
  const admin = world.admin.forShop(world.shopId, world.domain);
  const answer = await admin.shopFacts();
  if (answer.outcome !== "ok") throw new Error(answer.outcome);
  const facts = { ...answer.facts, currency };
  const changed = { forShop: () => ({ ...admin, shopFacts: async () => ({ outcome: "ok", facts }) as const }) };
  await completeInstall({ ...world, admin: changed }, { shopId: world.shopId, domain: world.domain });
}

/** The friend buys for 3,300 yen. */
async function buyInYen(world: UseCases): Promise<void> {
  world.clock.skip(HOUR_MS / 2);
  const lines = [buildAdminLine({ originalTotal: "3300" })];
  await buy(world, { orderId: "5001", currency: "JPY", totalPrice: "3300", admin: { lines, currency: "JPY" } });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
}

async function booksOf(world: UseCases): Promise<readonly string[]> {
  const query = async (text: string, values: readonly unknown[] = []) =>
    (await db.ownerPool.query(text, [...values])).rows;
  return [...(await findingsOf(world)), ...(await auditShops({ query }, [world.domain])).findings];
}

function unitsOf(world: UseCases): Promise<{ unit: string; amount: bigint; status: string }[]> {
  return world.query("SELECT unit, amount, status FROM rewards ORDER BY side");
}

test("a referral in flight when the shop changes its currency is paid what it was promised, in the old one", async () => {
  const world = await buildUseCases(db, { terms: { minimum_order: "20.00" } });
  await bind(world, MARA, [tap(world, await mintCode(world))]);
  world.clock.skip(HOUR_MS / 2);
  await buy(world, { orderId: "5001" });
  await changeCurrency(world, "JPY");
  await saveTerms(world, {
    shopId: world.shopId,
    patch: { referrer: { amount: "1500" }, friend: { amount: "1000" } },
    actor: "test",
  });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await unitsOf(world)).toMatchObject([
    { unit: "GBP", amount: 1000n },
    { unit: "GBP", amount: 1000n },
  ]);
  expect(await booksOf(world)).toEqual([]);
});

test.each(["before", "after"] as const)(
  "an order in the new currency, by a link that was tapped %s the change, waits for a person, who is told why and may pay",
  async (tapped) => {
    const world = await buildUseCases(db, { terms: { minimum_order: "20.00" } });
    const code = await mintCode(world);
    if (tapped === "after") await changeCurrency(world, "JPY");
    await bind(world, MARA, [tap(world, code)]);
    if (tapped === "before") await changeCurrency(world, "JPY");
    await buyInYen(world);
    expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "currency_changed", order: "5001" });
    expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
    expect(await booksOf(world)).toEqual([]);
    const [held] = await casesOf(world);
    expect(held).toMatchObject({ kind: "fraud_hold", state: "open", reason: "currency_changed" });
    await reviewCase(world, {
      shopId: world.shopId,
      caseId: held?.id ?? "",
      version: held?.version ?? 0,
      intent: "approve",
      reason: "worth it",
      note: null,
      actor: "7001",
    });
    await world.work();
    expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
    expect(await unitsOf(world)).toMatchObject([{ unit: "GBP" }, { unit: "GBP" }]);
    expect(await booksOf(world)).toEqual([]);
  },
);

test("an order whose currency has more decimals than the terms' is taken up all the same", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await changeCurrency(world, "KWD");
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(HOUR_MS / 2);
  await buy(world, { orderId: "5001", currency: "KWD", totalPrice: "12.345" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001" });
});
