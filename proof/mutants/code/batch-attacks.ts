import assert from "node:assert/strict";
import { voidReferral } from "../../../app/data/referrals.repo.ts";
import { inShop } from "../../../app/data/tenant.ts";
import { claimWelcome } from "../../../app/usecases/claim-welcome.ts";
import type { EvidenceAsked } from "../../../app/usecases/evidence-port.ts";
import type { AdminOrder } from "../../../app/usecases/ports.ts";
import { buildCustomerAnswer, DAN_CARD } from "../../../test/builders/fake-shopify.ts";
import { issueReward, rewardOf } from "../../../test/builders/issued-rewards.ts";
import {
  casesOf,
  COOLING_OFF_MS,
  DAN,
  HOUR_MS,
  mintCode,
  orderFacts,
  placeOrder,
  referralsOf,
  tap,
} from "../../../test/builders/journeys.ts";
import type { Purchase } from "../../../test/builders/journeys.ts";
import { buildUseCases } from "../../../test/builders/usecases.ts";
import type { UseCaseOptions, UseCases } from "../../../test/builders/usecases.ts";
import type { Scratch } from "../scratch.ts";
import type { CodeAttacks } from "./attack.ts";

/** Two friends of Dan, who buy a second after one another. */
const [FIRST, SECOND] = [
  { customerId: "8001", orderId: "5001" },
  { customerId: "8002", orderId: "5002" },
] as const;
const DEVICE = "11111111-2222-4333-8444-555555555555";
const IGNORED = { outcome: "none", weight: 0 };

/** What Dan's two friends order has come, and nobody has worked on it yet. */
async function friendsBuy(
  { pools, databaseUrl }: Scratch,
  options: UseCaseOptions = {},
  purchases: readonly Partial<Purchase>[] = [],
): Promise<UseCases> {
  const world = await buildUseCases({ pools, databaseUrl }, options);
  const code = await mintCode(world, DAN, DEVICE);
  for (const [n, friend] of [FIRST, SECOND].entries()) {
    const token = tap(world, code);
    world.clock.skip(HOUR_MS);
    const tokens = { cartAttribute: [token], landingSite: [] };
    await world.deliver("orders/paid", placeOrder(world, { ...friend, ...purchases[n], tokens }));
    world.clock.skip(1_000);
  }
  return world;
}

/** Both referrals are due. */
async function bothDue(
  scratch: Scratch,
  options?: UseCaseOptions,
  purchases?: readonly Partial<Purchase>[],
): Promise<UseCases> {
  const world = await friendsBuy(scratch, options, purchases);
  await world.work();
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  return world;
}

/** Works on what is due, whatever a batch thinks of it. */
async function workOn(world: UseCases): Promise<void> {
  await world.workOn("outbox").catch(() => undefined);
  await world.workOn("outbox").catch(() => undefined);
}

/** @returns the orders that rewarded somebody */
async function paidOrders(world: UseCases): Promise<(string | null)[]> {
  return (await referralsOf(world)).filter(({ state }) => state === "REWARDED").map(({ order }) => order);
}

function changeOrder(world: UseCases, orderId: string, change: Partial<AdminOrder>): void {
  const order = world.shopify.orders.get(orderId);
  assert.ok(order, "the friend's order is in the pretend Shopify");
  world.shopify.orders.set(orderId, { ...order, ...change });
}

/** Something happens whenever Shopify has been asked about several referrals at once. */
function onReadTogether(world: UseCases, happens: () => Promise<unknown>): void {
  const admin = world.admin.forShop(world.shopId, world.domain);
  const readEvidence = async (asked: readonly EvidenceAsked[]) => {
    const read = await admin.readEvidence(asked);
    if (asked.length > 1) await happens();
    return read;
  };
  Object.assign(world.admin, { forShop: () => ({ ...admin, readEvidence }) });
}

/** A person rejects the first friend's referral. */
async function rejectFirst(world: UseCases): Promise<void> {
  const { pools, shopId } = world;
  const first = (await referralsOf(world)).find(({ order }) => order === FIRST.orderId);
  assert.ok(first, "the first friend has a referral");
  const rejected = { referralId: first.id, to: "REJECTED", reason: "rejected_in_review", actor: "staff" } as const;
  await inShop(pools, shopId, (tx) => voidReferral(tx, { shopId, ...rejected, now: world.clock.now() }));
}

const DECISIONS_ON_FIRST = `SELECT FROM decisions d JOIN referrals r ON r.id = d.referral_id
  WHERE r.qualifying_order = ${FIRST.orderId}`;

/** Whatever would let one of many be done with the others that is not like them. */
export const BATCH_ATTACKS: CodeAttacks = {
  "an order refunded while a batch is being read": async (scratch) => {
    const world = await bothDue(scratch);
    onReadTogether(world, () => {
      changeOrder(world, FIRST.orderId, { financialStatus: "REFUNDED" });
      return world.query(`UPDATE referrals SET version = version + 1 WHERE qualifying_order = ${FIRST.orderId}`);
    });
    await workOn(world);
    assert.deepEqual(await paidOrders(world), [SECOND.orderId], "what was read before a change is not paid on");
  },
  "a referral stopped while a batch is being screened": async (scratch) => {
    const world = await friendsBuy(scratch);
    const screenings = async () => (await world.query(DECISIONS_ON_FIRST)).length;
    let before = -1;
    onReadTogether(world, async () => {
      await rejectFirst(world);
      before = await screenings();
    });
    await world.workOn("inbox");
    await workOn(world);
    assert.equal(await screenings(), before, "what is over is not screened any more");
  },
  "a refunded order in a batch": async (scratch) => {
    const world = await bothDue(scratch);
    changeOrder(world, SECOND.orderId, { financialStatus: "REFUNDED" });
    await workOn(world);
    assert.deepEqual(await paidOrders(world), [FIRST.orderId], "a refunded order earns nothing");
  },
  "an order in another currency in a batch": async (scratch) => {
    const world = await bothDue(scratch);
    changeOrder(world, SECOND.orderId, { currency: "USD" });
    await workOn(world);
    assert.deepEqual(await paidOrders(world), [FIRST.orderId], "an order in another currency waits for a person");
    assert.equal((await casesOf(world)).length, 1, "and is shown to one");
  },
  "a batch whose first is stopped as the referrer's own": async (scratch) => {
    const terms = { screen: { same_device: IGNORED, match_again: IGNORED } };
    const world = await bothDue(scratch, { terms }, [{ device: DEVICE }, { device: DEVICE }]);
    // By the time of the payout Shopify says that the first friend's mailbox is Dan's with a number behind the name.
    world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, { email: "daniel.holt@example.com" }));
    const numbered = buildCustomerAnswer(FIRST.customerId, { email: "daniel.holt7@example.com" });
    world.shopify.customers.set(FIRST.customerId, numbered);
    await workOn(world);
    assert.deepEqual(await paidOrders(world), [], "the next on Dan's browser is judged when the first was stopped");
  },
  "a batch whose last turns out to pay with the referrer's card": async (scratch) => {
    const world = await bothDue(scratch, { terms: { screen: { same_device: IGNORED } } }, [{ device: DEVICE }]);
    world.shopify.cards.set(DAN, [DAN_CARD]);
    changeOrder(world, SECOND.orderId, { card: DAN_CARD });
    await workOn(world);
    assert.deepEqual(await paidOrders(world), [FIRST.orderId], "the first is not judged by what the next one told");
  },
  "referrals whose batch always fails": async (scratch) => {
    const world = await bothDue(scratch);
    onReadTogether(world, () => Promise.reject(new Error("no such thing for many")));
    await workOn(world);
    assert.deepEqual(await paidOrders(world), [FIRST.orderId, SECOND.orderId], "one by one they are paid");
  },
  "a batch while all payouts are paused": async (scratch) => {
    const world = await bothDue(scratch, { payoutsPaused: true });
    await workOn(world);
    assert.deepEqual(await paidOrders(world), [], "nothing is paid while payouts are paused");
  },
  "a reward used among plain orders": async ({ pools, databaseUrl }) => {
    const world = await buildUseCases({ pools, databaseUrl });
    const { rewardId, code } = await issueReward(world);
    const discounts = { discountCodes: [code], discounts: [{ code, amount: "10.00" }] };
    await world.deliver("orders/paid", orderFacts(world, { ...FIRST, ...discounts }));
    await world.deliver("orders/paid", orderFacts(world, SECOND));
    await world.work();
    assert.equal((await rewardOf(world, rewardId)).status, "redeemed", "the use of a code of ours is booked");
  },
  "a claimed offer among plain orders": async ({ pools, databaseUrl }) => {
    const world = await buildUseCases({ pools, databaseUrl }, { terms: { friend: { when: "on_first_order" } } });
    const token = tap(world, await mintCode(world));
    await world.work();
    const asked = { customerId: null, token, prefix: null, cartToken: null, locale: "en", email: null };
    await claimWelcome(world, { shop: world.shop, ...asked, device: DEVICE });
    world.clock.skip(HOUR_MS);
    await world.deliver("orders/paid", placeOrder(world, { ...FIRST, device: DEVICE }));
    await world.deliver("orders/paid", placeOrder(world, SECOND));
    await world.work();
    const orders = (await referralsOf(world)).map(({ order }) => order);
    assert.deepEqual(orders, [FIRST.orderId], "who claimed the offer is a friend");
  },
};
