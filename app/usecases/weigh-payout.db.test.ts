import { afterAll, expect, test } from "vitest";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { buildAdminOrder } from "#test/builders/fake-shopify.ts";
import { convertedFriend, COOLING_OFF_MS, DAN, HOUR_MS, MARA } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { AdminOrder } from "./ports.ts";
import { loadOpenWork } from "./referral-work.ts";
import { weighPayouts } from "./weigh-payout.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Mara's referral with its cooling-off over, weighed by an order as Shopify may show it now. */
async function buildDue() {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  const work = await loadOpenWork(world, await world.outboxRow("referral.settle"));
  if (work === null) throw new Error("the referral is open");
  const nothing = { friend: null, referrer: null, referrerBoughtWith: { cards: [], addresses: [] } };
  const created = { orderId: "5001", createdAt: world.clock.now(), customerId: MARA };
  return (shown: Partial<AdminOrder>, changes: Partial<ReferralRow> = {}) =>
    inShop(world.pools, world.shopId, async (tx) => {
      const order = buildAdminOrder({ ...created, ...shown });
      const referral = { ...work.referral, ...changes };
      const one = { work, evidence: { order, ...nothing }, referral };
      const [answer] = await weighPayouts(tx, world.shop, [one], world.clock.now());
      return answer;
    });
}

test("nothing is payable while it is not known when the order was paid, or when the cooling-off ends", async () => {
  const weigh = await buildDue();
  expect(await weigh({})).toMatchObject({ outcome: "payable" });
  expect(await weigh({}, { paidAt: null })).toEqual({ outcome: "not_yet" });
  expect(await weigh({}, { eligibleAt: null })).toEqual({ outcome: "not_yet" });
});

test("an order that is unpaid again is waited for from when it was made, and from now where nobody knows when", async () => {
  const weigh = await buildDue();
  const unpaid = { financialStatus: "PENDING" };
  const old = new Date(Date.UTC(2026, 0, 1) - 300 * DAY_MS);
  expect(await weigh(unpaid, { orderAt: old })).toEqual({ outcome: "reject", reason: "order_not_paid" });
  expect(await weigh(unpaid, { orderAt: null })).toEqual({ outcome: "not_yet" });
});

test("an order counts for its friend unless it is somebody else's whom the shop knows", async () => {
  const weigh = await buildDue();
  expect(await weigh({ customerId: DAN })).toEqual({ outcome: "reject", reason: "other_customer" });
  for (const customerId of [MARA, "7777", null])
    expect(await weigh({ customerId })).toMatchObject({ outcome: "payable" });
});
