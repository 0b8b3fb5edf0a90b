import { expect, test } from "vitest";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { buildOrderFacts, buildPerson, hash, NOON } from "#test/builders/domain.ts";
import { verdictWithoutEvidence } from "./await-evidence.ts";
import { DONE, wakeKeyOf } from "./inbox-event.ts";

const HOUR_MS = 3_600_000;
const NEW = { firstOrderAt: null, hasRewardedReferral: false };
const UNTIL = new Date(NOON + 26 * HOUR_MS);
const PARKED = { outcome: "parked", wakeKey: wakeKeyOf(hash("customer")), until: UNTIL };

function verdict(
  changes: Partial<OrderFacts> = {},
  before = NEW as Parameters<typeof verdictWithoutEvidence>[1],
  now = NOON,
) {
  const event = { shopId: "shop", id: "event", topic: "orders/paid", receivedAt: new Date(NOON) };
  return verdictWithoutEvidence({ ...event, facts: buildOrderFacts(changes) }, before, new Date(now));
}

test("a new customer's order waits 26 hours for evidence, and not a millisecond longer", () => {
  expect(verdict()).toEqual(PARKED);
  expect(verdict({}, NEW, UNTIL.getTime() - 1)).toEqual(PARKED);
  expect(verdict({}, NEW, UNTIL.getTime())).toBe(DONE);
});

test("the first order that is known is still a new customer's; a later one is not", () => {
  expect(verdict({}, { ...NEW, firstOrderAt: NOON })).toEqual(PARKED);
  expect(verdict({}, { ...NEW, firstOrderAt: NOON - 1 })).toBe(DONE);
});

test.each<[string, Partial<OrderFacts>]>([
  ["a test order", { test: true }],
  ["a renewal", { renewal: true }],
  ["a cancelled order", { cancelledAt: NOON }],
  ["an order of nobody", { person: null }],
  ["an order whose person has no customer id", { person: buildPerson({ customerHash: null }) }],
])("%s waits for nothing", (_what, changes) => {
  expect(verdict(changes)).toBe(DONE);
});

test("who was referred before is not waited for", () => {
  expect(verdict({}, { ...NEW, hasRewardedReferral: true })).toBe(DONE);
});
