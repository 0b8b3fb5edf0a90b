import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { claimWelcome } from "#app/usecases/claim-welcome.ts";
import type { ClaimWelcomeInput } from "#app/usecases/claim-welcome.ts";
import { saveTerms } from "#app/usecases/save-terms.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { bind, buy, convertedFriend, COOLING_OFF_MS, EVE, MARA, mintCode, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const ON_FIRST_ORDER = { friend: { when: "on_first_order" } };
const EMAIL = "mara@example.com";
const CODE = /^[0-9A-Z]{16}$/;

/** A shop whose friends get a code for their first order, with its pool full, and Dan's link. */
async function buildShop(terms: Record<string, unknown> = {}) {
  const world = await buildUseCases(db, { terms: { ...ON_FIRST_ORDER, ...terms } });
  const code = await mintCode(world);
  await world.work();
  return { world, code };
}

/** @returns the code that an ask gave, or what it said instead */
async function ask(world: UseCases, token: string, change: Partial<ClaimWelcomeInput> = {}): Promise<string> {
  const nobody = { customerId: null, email: null, device: null, prefix: null, cartToken: null, locale: "en" };
  const result = await claimWelcome(world, { shop: world.shop, token, ...nobody, ...change });
  return result.outcome === "refused" ? result.reason : (result.welcomeCode ?? "no_code");
}

type Claim = { state: string; code: string | null; claimedAt: Date };

function claimsOf(world: UseCases): Promise<Claim[]> {
  return world.query<Claim>(
    `SELECT state, welcome_code AS code, claimed_at AS "claimedAt" FROM claims ORDER BY (welcome_code IS NOT NULL), claimed_at`,
  );
}

test("a link that promises money of another currency than the shop has now gives no code", async () => {
  const { world, code } = await buildShop();
  const shop = { ...world.shop, currency: "EUR" };
  expect(await ask(world, tap(world, code), { shop })).toBe("currency_changed");
  expect(await claimsOf(world)).toEqual([]);
});

test("a welcome code that was used is not shown again, by its tap nor by its address", async () => {
  const { world, code } = await buildShop();
  const token = tap(world, code);
  const given = await ask(world, token, { email: EMAIL });
  const discounts = { discountCodes: [given], discounts: [{ code: given, amount: "10.00" }] };
  await buy(world, { orderId: "5001", email: EMAIL, ...discounts });
  expect(await claimsOf(world)).toMatchObject([{ state: "used", code: given }]);
  expect(await ask(world, tap(world, code), { email: EMAIL })).toBe("not_new_customer");
  expect(await ask(world, tap(world, code), { email: "eve@example.com" })).toMatch(CODE);
});

test("where the friend's side comes later a device leaves three addresses at most", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const device = newId();
  for (const name of ["a", "b", "c"])
    expect(await ask(world, tap(world, code), { device, email: `${name}@example.com` })).toBe("no_code");
  expect(await ask(world, tap(world, code), { device, email: "d@example.com" })).toBe("too_many_requests");
  expect(await claimsOf(world)).toHaveLength(3);
});

test.each([
  ["with a code", ON_FIRST_ORDER],
  ["without one", { friend: { when: "after_first_order" } }],
])("a claim %s of a tap that another process made a second from now is as old as its tap", async (_which, terms) => {
  const { world, code } = await buildShop(terms);
  const at = world.clock.now().getTime() + 1_000;
  await ask(world, tap(world, code, { at }), { email: EMAIL });
  expect(await claimsOf(world)).toMatchObject([{ claimedAt: new Date(at) }]);
});

test("a logged-in customer who was brought before gets no code, however long ago that was", async () => {
  const { world } = await buildShop({ new_customer_days: 30, friend: { when: "after_first_order" } });
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await buy(world, { orderId: "5009", customerId: "8009" });
  await saveTerms(world, { shopId: world.shopId, patch: ON_FIRST_ORDER, actor: "test" });
  const other = await mintCode(world, EVE);
  world.clock.skip(60 * DAY_MS);
  await world.work();
  expect(await ask(world, tap(world, other), { customerId: MARA })).toBe("not_new_customer");
  expect(await ask(world, tap(world, other), { customerId: "8009" }), "who only bought is new again").toMatch(CODE);
});

test("a logged-in customer who never bought gets a code", async () => {
  const { world, code } = await buildShop();
  await bind(world, MARA, [tap(world, code)]);
  expect(await ask(world, tap(world, code), { customerId: MARA })).toMatch(CODE);
});

test.each(["with the ask", "after the code"])(
  "an address left at a link of older terms stands in no code's way when it is given %s, and stays as evidence",
  async (given) => {
    const world = await buildUseCases(db);
    const older = await mintCode(world);
    expect(await ask(world, tap(world, older), { email: EMAIL })).toBe("no_code");
    await saveTerms(world, { shopId: world.shopId, patch: ON_FIRST_ORDER, actor: "test" });
    const newer = await mintCode(world, EVE);
    await world.work();
    const token = tap(world, newer);
    if (given === "after the code") await ask(world, token);
    const code = await ask(world, token, { email: EMAIL });
    expect(code).toMatch(CODE);
    expect(await claimsOf(world)).toMatchObject([
      { state: "expired", code: null },
      { state: "live", code },
    ]);
    expect(await ask(world, tap(world, newer), { email: EMAIL })).toBe(code);
  },
);
