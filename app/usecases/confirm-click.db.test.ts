import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { confirmClick } from "#app/usecases/confirm-click.ts";
import { attributionsOf, buy, mintCode, onlyReferral, tap, WINDOW_MS } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const HOUR_MS = 3_600_000;

function confirm(world: UseCases, token: string, device: string | null = null): Promise<void> {
  return confirmClick(world, { shop: world.shop, token, device });
}

function landed(token: string) {
  return { tokens: { cartAttribute: [], landingSite: [token] } };
}

test("a page in sight notes the tap with its device, once, also where the door lost the row", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  const device = newId();
  await confirm(world, token, device);
  const first = await world.query("SELECT device, seen_at AS at FROM clicks");
  expect(first).toEqual([{ device, at: world.clock.now() }]);
  world.clock.skip(HOUR_MS);
  await confirm(world, token, newId());
  expect(await world.query("SELECT device, seen_at AS at FROM clicks")).toEqual(first);
});

test("what is no token of the shop, guesses and old ones note nothing", async () => {
  const world = await buildUseCases(db);
  const other = await buildUseCases(db);
  const old = tap(world, await mintCode(world));
  await confirm(world, "a".repeat(120));
  await confirm(world, tap(other, "ABCDE"));
  await confirm(world, tap(world, "ZZZZZ"));
  world.clock.skip(WINDOW_MS);
  await confirm(world, old);
  expect(await world.query("SELECT FROM clicks")).toEqual([]);
});

test("the first page's address is no evidence where the embed is on and nobody saw the page, and is where it is off", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await confirm(world, tap(world, code));
  await buy(world, { orderId: "5001", ...landed(tap(world, code)) });
  expect(await attributionsOf(world)).toMatchObject([{ reason: "forced" }]);
  const seen = tap(world, code);
  await confirm(world, seen);
  await buy(world, { orderId: "5002", customerId: "9001", ...landed(seen) });
  expect((await onlyReferral(world)).order).toBe("5002");
  const without = await buildUseCases(db);
  await buy(without, { orderId: "5001", ...landed(tap(without, await mintCode(without))) });
  expect((await onlyReferral(without)).order).toBe("5001");
});

test("an embed that was not heard from for days is no longer known to be on", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await confirm(world, tap(world, code));
  world.clock.skip(72 * HOUR_MS);
  await buy(world, { orderId: "5001", ...landed(tap(world, code)) });
  expect((await onlyReferral(world)).order).toBe("5001");
});
