import { expect, test } from "vitest";
import { DAY_MS, NOON, platformDate } from "#test/builders/domain.ts";
import { isReadPast, ORDERS_SHOWN_MS, parsePass, planPass, SEARCH_LAG_MS } from "./order-reading.ts";

const DATE = platformDate;
const now = DATE(NOON);

function plan(changes: Partial<Parameters<typeof planPass>[0]> = {}) {
  const installedAt = DATE(NOON - 30 * DAY_MS);
  return planPass({ readTo: null, installedAt, oldestOpenAt: null, isDeep: false, now, ...changes });
}

test("a pass begins a little before the last one, and at the installation when there was none", () => {
  const readTo = DATE(NOON - DAY_MS);
  expect(plan({ readTo }).pass).toEqual({ sinceMs: NOON - DAY_MS - SEARCH_LAG_MS, startedMs: NOON, after: null });
  expect(plan().pass.sinceMs).toBe(NOON - 30 * DAY_MS - SEARCH_LAG_MS);
});

test("a deep pass reaches back to the oldest open referral, and an ordinary one does not", () => {
  const known = { readTo: DATE(NOON - DAY_MS), oldestOpenAt: DATE(NOON - 20 * DAY_MS) };
  expect(plan({ ...known, isDeep: true }).pass.sinceMs).toBe(NOON - 20 * DAY_MS - SEARCH_LAG_MS);
  expect(plan(known).pass.sinceMs).toBe(NOON - DAY_MS - SEARCH_LAG_MS);
});

test("a deep pass without an open referral, or with young ones only, begins where an ordinary one does", () => {
  const readTo = DATE(NOON - DAY_MS);
  const ordinary = plan({ readTo }).pass.sinceMs;
  expect(plan({ readTo, isDeep: true }).pass.sinceMs).toBe(ordinary);
  expect(plan({ readTo, isDeep: true, oldestOpenAt: DATE(NOON - 1) }).pass.sinceMs).toBe(ordinary);
});

test.each([
  ["the last instant that Shopify shows", ORDERS_SHOWN_MS, null],
  ["a millisecond before it", ORDERS_SHOWN_MS + 1, NOON - ORDERS_SHOWN_MS - 1],
])("a pass from %s says from where on orders are lost", (_what, agoMs, unreadableFromMs) => {
  const planned = plan({ readTo: DATE(NOON - agoMs) });
  expect(planned.unreadableFromMs).toBe(unreadableFromMs);
  expect(planned.pass.sinceMs).toBe(NOON - ORDERS_SHOWN_MS);
});

test.each([
  [
    { sinceMs: 1, startedMs: 2, after: "cursor" },
    { sinceMs: 1, startedMs: 2, after: "cursor" },
  ],
  [
    { sinceMs: 1, startedMs: 2 },
    { sinceMs: 1, startedMs: 2, after: null },
  ],
  [{ sinceMs: "1", startedMs: 2 }, null],
  [{ sinceMs: 1, startedMs: 2.5 }, null],
  [{ sinceMs: 1, startedMs: 2, after: 3 }, null],
  [{}, null],
  ["pass", null],
])("what a row keeps as %j is the pass %j", (payload, pass) => {
  expect(parsePass(payload)).toEqual(pass);
});

test.each([
  ["read up to the lag after it", SEARCH_LAG_MS, 0, true],
  ["read a millisecond less", SEARCH_LAG_MS - 1, 0, false],
  ["never read", null, SEARCH_LAG_MS + ORDERS_SHOWN_MS - 1, false],
  ["never read, and past what Shopify shows", null, SEARCH_LAG_MS + ORDERS_SHOWN_MS, true],
  ["read too short, and past what Shopify shows", 0, SEARCH_LAG_MS + ORDERS_SHOWN_MS, true],
])("an instant %s: nothing is left to wait for is %s, %s, %s", (_what, readMs, laterMs, isPast) => {
  const readTo = readMs === null ? null : DATE(NOON + readMs);
  expect(isReadPast(readTo, now, DATE(NOON + laterMs))).toBe(isPast);
});
