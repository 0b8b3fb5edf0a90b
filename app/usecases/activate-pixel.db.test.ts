import { afterAll, expect, test } from "vitest";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { activatePixel } from "./activate-pixel.ts";
import { installShop } from "./install-shop.ts";

const db = await createTestDatabase();
afterAll(db.drop);

function pixelCalls(calls: readonly string[]): number {
  return calls.filter((call) => call === "activatePixel").length;
}

test("the web pixel is switched on once at install, and once more when the merchant grants other scopes", async () => {
  const world = await buildUseCases(db);
  await world.work();
  expect(pixelCalls(world.shopify.calls)).toBe(1);
  world.clock.skip(1_000);
  await installShop(world, { domain: world.shop.domain, scopes: "read_orders,write_pixels" });
  await world.work();
  await world.work();
  expect(pixelCalls(world.shopify.calls)).toBe(2);
});

test.each([
  [{ outcome: "throttled", retryAfterMs: 1_000 }, "again"],
  [{ outcome: "unauthorised" }, "again"],
  [{ outcome: "refused", code: "ACCESS_DENIED" }, "done"],
] as const)("switching the pixel on answers %o with %s", async (trouble, outcome) => {
  const world = await buildUseCases(db);
  const row = await world.outboxRow("pixel.activate");
  world.shopify.trouble = trouble;
  expect(await activatePixel(world, row)).toMatchObject({ outcome });
});
