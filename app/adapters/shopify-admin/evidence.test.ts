import { expect, test } from "vitest";
import { orderBase } from "#app/domain/referral/order-base.ts";
import type { EvidenceAsked, ShopifyEvidence } from "#app/usecases/evidence-port.ts";
import { payableOrderOf } from "#app/usecases/read-evidence.ts";
import { placeOrder } from "#simulator/world/orders.ts";
import { createCustomerWithPast } from "#simulator/world/past-orders.ts";
import { buildTerms } from "#test/builders/domain.ts";
import { buildSimulatedAdmin } from "#test/builders/simulated-admin.ts";

const CARD = { bin: "510510", last4: "5100", expMonth: 7, expYear: 2031, brand: "Mastercard", name: "M Lind" };
const DAN_CARD = { ...CARD, last4: "4242" };

const PRICE_MINOR = 1_250n;

const NOTHING = { order: null, friend: null, referrer: null, referrerBoughtWith: { cards: [], addresses: [] } };

/** A shop where somebody brings friends, the n-th of whom buys n things. */
async function buildFriends(count: number) {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const join = (name: string) =>
    createCustomerWithPast(world, shop, { email: `${name}@example.com`, firstName: name, silent: true });
  const buy = (customerId: string, lines: number, card: typeof CARD) => {
    const all = Array.from({ length: lines }, (_, n) => ({ title: `Tea ${n}`, priceMinor: PRICE_MINOR, quantity: 1 }));
    return placeOrder(world, shop, { customerId, lines: all, card, paid: true }).order;
  };
  const dan = join("dan");
  buy(dan.id, 1, DAN_CARD);
  const friends = Array.from({ length: count }, (_, n) => {
    const friend = join(`friend${n}`);
    return { orderId: buy(friend.id, n + 1, CARD).id, friendCustomerId: friend.id, referrerCustomerId: dan.id };
  });
  const buyMore = (lines: number) => buy(friends[0]?.friendCustomerId ?? "", lines, CARD).id;
  return { admin, friends, dan, buyMore };
}

test("readEvidence reads what decides about a referral with one call", async () => {
  const { admin, friends, dan } = await buildFriends(1);
  const read = await admin.readEvidence(friends);
  if (read.outcome !== "ok") throw new Error(read.outcome);
  expect(read.evidence).toMatchObject([
    {
      order: { orderId: friends[0]?.orderId, customerId: friends[0]?.friendCustomerId, card: { lastFour: "5100" } },
      friend: { firstName: "friend0" },
      referrer: { customerId: dan.id, firstName: "dan" },
      referrerBoughtWith: { cards: [{ lastFour: "4242" }] },
    },
  ]);
});

test("readEvidence says of each of many what it says of it alone, also of an order with many lines", async () => {
  const { admin, friends } = await buildFriends(10);
  const together = await admin.readEvidence(friends);
  if (together.outcome !== "ok") throw new Error(together.outcome);
  expect(together.evidence.map(({ order }) => order?.lines.length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const [n, friend] of friends.entries()) {
    const alone = await admin.readEvidence([friend]);
    if (alone.outcome !== "ok") throw new Error(alone.outcome);
    expect(alone.evidence.map(timeless)).toEqual([together.evidence[n]].map(timeless));
  }
});

test("readEvidence reads every line of an order, however many pages they fill, alone and among others", async () => {
  const { admin, friends, buyMore } = await buildFriends(2);
  const long = { ...friends[0], orderId: buyMore(101) } as EvidenceAsked; // the first of two friends
  for (const asked of [[long], [long, ...friends]]) {
    const read = await admin.readEvidence(asked);
    if (read.outcome !== "ok") throw new Error(read.outcome);
    const order = read.evidence[0]?.order;
    expect(order).toMatchObject({ linesTruncated: false });
    expect(new Set(order?.lines.map(({ lineId }) => lineId)).size).toBe(101);
  }
});

test("an order reaches its minimum by its 41st line, too", async () => {
  const { admin, friends, buyMore } = await buildFriends(1);
  const minimumMinor = 41n * PRICE_MINOR;
  const baseOf = async (lines: number) => {
    const read = await admin.readEvidence([{ ...friends[0], orderId: buyMore(lines) } as EvidenceAsked]); // of one
    if (read.outcome !== "ok" || read.evidence[0]?.order == null) throw new Error("the order is read");
    const payable = payableOrderOf(read.evidence[0].order, null, buildTerms());
    return orderBase(payable?.lines ?? [], false);
  };
  expect(await baseOf(40)).toBeLessThan(minimumMinor);
  expect(await baseOf(41)).toBe(minimumMinor);
});

/** Shopify counts orders and weighs risks a moment later than it tells of them. */
function timeless(evidence: ShopifyEvidence | undefined) {
  const { order, friend, referrer, referrerBoughtWith } = evidence ?? NOTHING;
  return {
    order: order === null ? null : { ...order, customerOrders: null, risk: null, updatedAt: null },
    friend: friend === null ? null : { ...friend, numberOfOrders: null },
    referrer: referrer === null ? null : { ...referrer, numberOfOrders: null },
    referrerBoughtWith,
  };
}

test("readEvidence takes what Shopify does not have for unknown, and keeps the others in their places", async () => {
  const { admin, friends } = await buildFriends(2);
  const [first, last] = friends;
  if (first === undefined || last === undefined) throw new Error("there are two friends");
  const nobody = { orderId: "1", friendCustomerId: "2", referrerCustomerId: null };
  const read = await admin.readEvidence([first, nobody, last]);
  expect(read).toMatchObject({
    outcome: "ok",
    evidence: [
      { order: { orderId: first.orderId } },
      { order: null, friend: null, referrer: null, referrerBoughtWith: { cards: [], addresses: [] } },
      { order: { orderId: last.orderId }, friend: { firstName: "friend1" } },
    ],
  });
});
