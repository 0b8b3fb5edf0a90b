import { afterAll, expect, test } from "vitest";
import { referralById } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { bind, buy, convertedFriend, HOUR_MS, MARA, mintCode, onlyReferral, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { gatherFacts, NO_ORDER_EVIDENCE, NOBODY_SEEN } from "./gather-facts.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** What the screen is told of whether the friend of the one referral had bought before. */
async function boughtBefore(world: UseCases): Promise<boolean | null | undefined> {
  const { id } = await onlyReferral(world);
  const [facts] = await inShop(world.pools, world.shopId, async (tx) => {
    const referral = await referralById(tx, world.shopId, id);
    if (referral === null) throw new Error("it was just read");
    const terms = await termsOfVersion(tx, world.shopId, referral.termsVersion);
    return gatherFacts(tx, world.shopId, [{ referral, terms, order: NO_ORDER_EVIDENCE, seen: NOBODY_SEEN }]);
  });
  return facts?.history.boughtBefore;
}

test("where only orders of the last days count, a history with the friend's own order in it tells nothing", async () => {
  const world = await buildUseCases(db, { terms: { new_customer_days: 30 } });
  await bind(world, MARA, [tap(world, await mintCode(world))]);
  expect(await boughtBefore(world)).toBe(false);
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001" });
  expect(await boughtBefore(world)).toBeNull();
});

test("where any order counts, the friend's own order after the tap makes no customer of before", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  expect(await boughtBefore(world)).toBe(false);
});
