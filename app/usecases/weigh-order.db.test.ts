import { createHash } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { claimWelcome } from "#app/usecases/claim-welcome.ts";
import { attributionsOf, buy, DAN, HOUR_MS, mintCode, onlyReferral, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("an order brings its friend by the tap that the pixel saw at its checkout", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const token = tap(world, code);
  const checkoutTokenHash = createHash("sha256").update("checkout").digest("hex");
  const at = world.clock.now().getTime();
  const seen = { kind: "pixel", orderId: null, tokens: [token], device: null, at } as const;
  world.clock.skip(HOUR_MS);
  await world.deliver("goodword/pixel", { ...seen, checkoutTokenHash });
  await buy(world, { orderId: "5001", checkoutTokenHash });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001", code });
  expect(await world.query("SELECT carrier FROM attributions")).toEqual([{ carrier: "pixel" }]);
});

test("an order whose tap brings nobody is written down once, however often it is told", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  world.clock.skip(HOUR_MS);
  const tokens = { cartAttribute: [token], landingSite: [] };
  const facts = await buy(world, { orderId: "4001", customerId: DAN, tokens });
  await world.deliver("orders/updated", { ...facts, paidAt: null, updatedAt: facts.updatedAt + 1_000 });
  await world.work();
  await buy(world, { orderId: "4002", customerId: DAN, tokens });
  const weighed = await world.query(`SELECT order_id::text AS "order" FROM attributions ORDER BY order_id`);
  expect(weighed).toEqual([{ order: "4001" }, { order: "4002" }]);
  const reasons = (await attributionsOf(world)).map(({ reason }) => reason);
  expect(reasons).toEqual(["self_click", "self_click"]);
});

test.each([
  ["the cart that it was claimed with", "cart-of-mara", false],
  ["another cart", "cart-of-a-stranger", true],
])("a welcome code on an order of %s says whose browser it was", async (_what, cart, isBareClaim) => {
  const world = await buildUseCases(db, { terms: { friend: { when: "on_first_order" } } });
  const code = await mintCode(world);
  await world.work();
  const nobody = { customerId: null, device: null, prefix: null, locale: "en" };
  const email = "mara@example.com";
  const token = tap(world, code);
  const claimed = await claimWelcome(world, { shop: world.shop, token, ...nobody, email, cartToken: "cart-of-mara" });
  if (claimed.outcome === "refused" || claimed.welcomeCode === null) throw new Error("there are codes in the pool");
  world.clock.skip(HOUR_MS);
  const cartTokenHash = world.shop.keyring.fact("cart", cart);
  await buy(world, { orderId: "5001", email, discountCodes: [claimed.welcomeCode], cartTokenHash });
  const kept = await world.query(
    "SELECT evidence ->> 'carrier' AS carrier, (evidence ->> 'isBareClaim')::boolean AS bare FROM referrals",
  );
  expect(kept).toEqual([{ carrier: "welcome_code", bare: isBareClaim }]);
});
