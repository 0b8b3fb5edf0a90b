import { afterAll, expect, test } from "vitest";
import {
  bind,
  casesOf,
  DAN,
  EVE,
  findingsOf,
  HOUR_MS,
  mintCode,
  personOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { newId } from "#app/platform/ids.ts";
import { appealReferral } from "./appeal-referral.ts";
import { retireCode } from "./retire-code.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Friends sign up by Dan's link; it is retired for abuse, which ends their referrals. @returns their ids */
async function endedReferrals(world: UseCases, friends: number): Promise<string[]> {
  const code = await mintCode(world);
  for (let friend = 0; friend < friends; friend += 1) {
    world.clock.skip(HOUR_MS);
    await bind(world, `80${friend}`, [tap(world, code)]);
  }
  const personId = (await personOf(world, DAN)) ?? "";
  await retireCode(world, { shopId: world.shopId, personId, reason: "abuse", actor: "staff-1" });
  const { rows } = await db.ownerPool.query<{ id: string }>("SELECT id FROM referrals WHERE shop_id = $1 ORDER BY id", [
    world.shopId,
  ]);
  return rows.map((row) => row.id);
}

function appeal(world: UseCases, referralId: string, customerId: string = DAN) {
  return appealReferral(world, { shop: world.shop, customerId, referralId, ground: "order_kept" });
}

test("appealReferral opens one case about a referral that came to nothing, with its ground, also of ten presses at once", async () => {
  const world = await buildUseCases(db);
  const [referralId = ""] = await endedReferrals(world, 1);
  const results = await Promise.all(Array.from({ length: 10 }, () => appeal(world, referralId)));
  expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([
    "appealed",
    ...Array.from({ length: 9 }, () => "known"),
  ]);
  expect(await casesOf(world)).toMatchObject([{ kind: "appeal", state: "open", reason: "appeal_order_kept" }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("appealReferral is taken once a referral, also after the case was decided", async () => {
  const world = await buildUseCases(db);
  const [referralId = ""] = await endedReferrals(world, 1);
  await appeal(world, referralId);
  await db.ownerPool.query("UPDATE cases SET state = 'closed', decision = 'left' WHERE shop_id = $1", [world.shopId]);
  expect(await appeal(world, referralId)).toEqual({ outcome: "known" });
  expect(await casesOf(world)).toHaveLength(1);
});

test("appealReferral takes five in thirty days, and more once those days are over", async () => {
  const world = await buildUseCases(db);
  const ids = await endedReferrals(world, 6);
  for (const id of ids.slice(0, 5)) expect(await appeal(world, id)).toEqual({ outcome: "appealed" });
  expect(await appeal(world, ids[5] ?? "")).toEqual({ outcome: "too_many" });
  world.clock.skip(31 * 24 * HOUR_MS);
  expect(await appeal(world, ids[5] ?? "")).toEqual({ outcome: "appealed" });
});

test("appealReferral counts appeals that come at one instant one after the other", async () => {
  const world = await buildUseCases(db);
  const ids = await endedReferrals(world, 7);
  for (const id of ids.slice(0, 4)) await appeal(world, id);
  const results = await heldUp(world.databaseUrl, "people", 3, () => ids.slice(4).map((id) => appeal(world, id)));
  const outcomes = results.map((result) => (result.status === "fulfilled" ? result.value.outcome : "failed"));
  expect(outcomes.toSorted()).toEqual(["appealed", "too_many", "too_many"]);
});

test("appealReferral knows nothing of another customer's referral, nor of one that is not there", async () => {
  const world = await buildUseCases(db);
  const [referralId = ""] = await endedReferrals(world, 1);
  await mintCode(world, EVE);
  expect(await appeal(world, referralId, EVE)).toEqual({ outcome: "not_found" });
  expect(await appeal(world, referralId, "7999")).toEqual({ outcome: "not_found" });
  expect(await appeal(world, newId())).toEqual({ outcome: "not_found" });
  expect(await casesOf(world)).toEqual([]);
});

test("appealReferral waits until a referral is decided", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, "8001", [tap(world, code)]);
  const { rows } = await db.ownerPool.query<{ id: string }>("SELECT id FROM referrals WHERE shop_id = $1", [
    world.shopId,
  ]);
  expect(await appeal(world, rows[0]?.id ?? "")).toEqual({ outcome: "not_appealable" });
  expect(await referralsOf(world)).toMatchObject([{ state: "PENDING" }]);
});
