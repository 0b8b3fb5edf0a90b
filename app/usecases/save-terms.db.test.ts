import { afterAll, expect, test } from "vitest";
import { buildUseCases } from "#test/builders/usecases.ts";
import { bind, MARA, mintCode, onlyReferral, tap, WINDOW_MS } from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { saveTerms } from "./save-terms.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("saveTerms makes a new version, and none when nothing changed", async () => {
  const world = await buildUseCases(db);
  const save = (patch: unknown) => saveTerms(world, { shopId: world.shopId, patch, actor: "staff-1" });
  expect(await save({ cooling_off_days: 7 })).toEqual({ outcome: "saved", version: 2 });
  expect(await save({ cooling_off_days: 7 })).toEqual({ outcome: "unchanged", version: 2 });
  expect(await save({})).toEqual({ outcome: "unchanged", version: 2 });
  expect(await world.query("SELECT actor, detail FROM audit WHERE action = 'terms.saved'")).toEqual([
    { actor: "staff-1", detail: { version: 2 } },
  ]);
});

test.each<[string, unknown]>([
  ["no object", "window"],
  ["an unknown field", { windows: 3 }],
  ["a window of 46 days", { window_days: 46 }],
  ["a path that leads elsewhere", { landing_path: "//evil.example" }],
  ["a kind that Shopify does not allow yet", { referrer: { kind: "store_credit", amount: "5.00" } }],
])("saveTerms refuses %s and keeps the terms as they were", async (_what, patch) => {
  const world = await buildUseCases(db);
  expect(await saveTerms(world, { shopId: world.shopId, patch, actor: "staff-1" })).toMatchObject({
    outcome: "invalid",
  });
  expect(await world.query("SELECT version FROM terms")).toEqual([{ version: 1 }]);
});

test("merchants who save at once make one version each, one after the other", async () => {
  const world = await buildUseCases(db);
  const saved = await Promise.all(
    [5, 6, 7].map((days) =>
      saveTerms(world, { shopId: world.shopId, patch: { cooling_off_days: days }, actor: "staff" }),
    ),
  );
  const versions = saved.map((result) => (result.outcome === "saved" ? result.version : 0));
  expect(new Set(versions)).toEqual(new Set([2, 3, 4]));
});

test("a code that is out keeps the terms it was minted under: window and amounts", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await saveTerms(world, {
    shopId: world.shopId,
    patch: { window_days: 1, referrer: { amount: "99.00" } },
    actor: "staff",
  });
  const at = world.clock.now().getTime();
  await bind(world, MARA, [tap(world, code)]);
  expect(await onlyReferral(world)).toMatchObject({ expiresAt: new Date(at + WINDOW_MS) });
  expect(await world.query("SELECT amount FROM ledger_transfers WHERE side = 1")).toEqual([{ amount: 1_000n }]);
});
