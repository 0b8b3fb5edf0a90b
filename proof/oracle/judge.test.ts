import { expect, test } from "vitest";
import { judge } from "./judge.ts";
import type { Evidence, StoredReferral } from "./judge.ts";

const SHOP = "freshbox.myshopify.com";
const CODES = ["AAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBB"] as const;

function buildReferral(changes: Partial<StoredReferral> = {}): StoredReferral {
  const rewards = CODES.map((code, index) => ({ side: index + 1, code, status: "issued" }));
  return { shop: SHOP, orderId: "1", state: "REWARDED", reason: null, rewards, ...changes };
}

/** One order, paid once, with its two codes outside and a mail about one of them. */
function buildEvidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    orders: [{ shop: SHOP, orderId: "1" }],
    referrals: [buildReferral()],
    outside: [{ shop: SHOP, codes: CODES }],
    mails: [`Your code is ${CODES[0]}.`],
    checks: { check_earned: 0 },
    books: { entries: 4, findings: [] },
    ...changes,
  };
}

test("judge finds nothing when one order ended as two rewards with two codes", () => {
  expect(judge(buildEvidence())).toEqual({
    paidOnce: 1,
    lost: 0,
    doubled: 0,
    codes: 2,
    checkRows: 0,
    entries: 4,
    findings: [],
  });
});

test("a reward that lapsed since was given all the same, if its code is outside", () => {
  const lapsed = buildReferral().rewards.map((reward) => ({ ...reward, status: "expired" }));
  const referrals = [buildReferral({ rewards: lapsed })];
  expect(judge(buildEvidence({ referrals }))).toMatchObject({ paidOnce: 1, lost: 0 });
  expect(judge(buildEvidence({ referrals, outside: [] }))).toMatchObject({ paidOnce: 0, lost: 2 });
});

test.each([
  ["no referral has the order", { referrals: [], outside: [] }],
  ["its referral is still open", { referrals: [buildReferral({ state: "PENDING", rewards: [] })], outside: [] }],
  [
    "one side has no reward",
    {
      referrals: [buildReferral({ rewards: buildReferral().rewards.slice(0, 1) })],
      outside: [{ shop: SHOP, codes: [CODES[0]] }],
    },
  ],
  ["a code does not exist outside", { outside: [{ shop: SHOP, codes: [CODES[0]] }] }],
  [
    "a reward was never issued",
    {
      referrals: [
        buildReferral({
          rewards: [...buildReferral().rewards.slice(0, 1), { side: 2, code: CODES[1], status: "sending" }],
        }),
      ],
    },
  ],
])("judge sees a loss when %s", (_what, changes) => {
  expect(judge(buildEvidence(changes))).toMatchObject({ paidOnce: 0, lost: 1, doubled: 0 });
});

test.each([
  ["two referrals are paid for one order", { referrals: [buildReferral(), buildReferral()] }],
  [
    "one side has two rewards",
    { referrals: [buildReferral({ rewards: [...buildReferral().rewards, { side: 1, code: null, status: "owed" }] })] },
  ],
  ["a code outside belongs to no reward", { outside: [{ shop: SHOP, codes: [...CODES, "CCCCCCCCCCCCCCCC"] }] }],
  ["a code is there twice", { outside: [{ shop: SHOP, codes: [...CODES, CODES[0]] }] }],
  ["a code was sent in two mails", { mails: [`Take ${CODES[0]}`, `Again ${CODES[0]}`] }],
])("judge sees a double when %s", (_what, changes) => {
  expect(judge(buildEvidence(changes))).toMatchObject({ lost: 0, doubled: 1 });
});

test("judge counts the rows of every view, and what the audit of the books found", () => {
  const books = { entries: 4, findings: ["reward 1 holds 5, not 4"] };
  const judged = judge(buildEvidence({ checks: { check_earned: 2, check_caps: 1 }, books }));
  expect(judged).toMatchObject({ checkRows: 4, findings: [expect.any(String), expect.any(String), books.findings[0]] });
});
