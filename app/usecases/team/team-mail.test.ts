import { expect, test } from "vitest";
import type { CaseNews } from "#app/data/team-mail.repo.ts";
import { NOON } from "#test/builders/domain.ts";
import { renderTeamMail } from "./team-mail.ts";
import type { TeamNews } from "./team-mail.ts";

const DAY_MS = 86_400_000;
const ADMIN = "https://admin.shopify.com/store/freshbox/apps/goodword";

function build(changes: Partial<TeamNews> = {}): TeamNews {
  const nothing = { cases: [], blocked: [], week: null };
  return { shopName: "FreshBox", ...nothing, now: new Date(NOON), adminUrl: ADMIN, ...changes };
}

function held(changes: Partial<CaseNews> = {}): CaseNews {
  const openedAt = new Date(NOON - 2 * DAY_MS);
  const rules = [{ id: "same_card", weight: 60, evidence: { sameCard: true } }];
  return { id: "c1", kind: "fraud_hold", reason: "screened", openedAt, rules, score: 60, isLate: false, ...changes };
}

const detailOf = (changes: Partial<CaseNews>): string | undefined =>
  renderTeamMail(build({ cases: [held(changes)] })).text.split("\n")[1];

test("a held case is told with each rule, its weight and what it saw, and the score", () => {
  expect(detailOf({})).toBe("same_card (60: sameCard true); score 60. Waits for 2 days.");
  const second = { id: "ring", weight: 60, evidence: { ringHops: 2, closed: true } };
  const rules = [{ id: "too_fast", weight: 40, evidence: {} }, second];
  expect(detailOf({ rules, score: null })).toBe("too_fast (40); ring (60: ringHops 2, closed true). Waits for 2 days.");
  expect(detailOf({ rules: [{ id: "too_fast", weight: 40 }] })).toBe("too_fast (40); score 60. Waits for 2 days.");
});

test("a case without rules is told by its reason, and without a reason by its age alone", () => {
  for (const rules of [null, [], ["same_card"]]) expect(detailOf({ rules })).toBe("screened. Waits for 2 days.");
  expect(detailOf({ rules: null, reason: null })).toBe("Waits for 2 days.");
  expect(detailOf({ rules: null, reason: null, openedAt: new Date(NOON - DAY_MS) })).toBe("Waits for 1 day.");
});

test("a case of a kind that a later version knows is told by the kind's own name", () => {
  expect(renderTeamMail(build({ cases: [held({ kind: "escheat" })] })).text).toMatch(/^escheat\n/);
});

test("what is late comes first in the subject, then what was refused, then what waits, then the week", () => {
  const blocked = [{ id: "r1", referralId: "f1", unit: "GBP", amount: 1_000n }];
  const subject = (changes: Partial<TeamNews>): string => renderTeamMail(build(changes)).subject;
  expect(subject({ cases: [held(), held({ isLate: true })], blocked })).toBe("FreshBox: 1 case waits too long");
  expect(subject({ cases: [held()], blocked })).toBe("FreshBox: 1 reward was refused");
  expect(subject({ cases: [held(), held()] })).toBe("FreshBox: 2 cases wait for you");
  expect(subject({})).toBe("FreshBox: your referrals this week");
});

test("a refused reward leads to its referral, and one of no referral to the health page", () => {
  const reward = { id: "r1", unit: "GBP", amount: 1_000n };
  const blocked = [
    { ...reward, referralId: "f1" },
    { ...reward, referralId: null },
  ];
  const { text } = renderTeamMail(build({ blocked }));
  expect(text).toContain(`${ADMIN}/app/referrals/f1\n`);
  expect(text).toContain(`${ADMIN}/app/health\n`);
});

test("a week is told in each unit by itself, coupons as coupons", () => {
  const week = {
    paidReferrals: 31,
    rewards: 62,
    held: 1,
    oldestCaseAt: new Date(NOON - 3 * DAY_MS),
    wordsMicros: 1_250_000n,
  };
  const costs = [
    { unit: "GBP", exponent: 2, amount: 42_000n },
    { unit: "coupon", exponent: 0, amount: 31n },
  ];
  const { text, html } = renderTeamMail(build({ week: { week, costs } }));
  expect(text).toContain("What they cost: 420.00 GBP and 31 coupons");
  expect(text).toContain("Waiting for a person: 1, the oldest for 3 days");
  expect(text).toContain("Words this month: 1.25 USD");
  expect(html).toContain("<br>What they cost: 420.00 GBP and 31 coupons<br>");
});

test("a week in which nothing was paid and nobody waits says so", () => {
  const week = { paidReferrals: 0, rewards: 1, held: 0, oldestCaseAt: null, wordsMicros: 0n };
  const { text } = renderTeamMail(build({ week: { week, costs: [] } }));
  expect(text).toContain(
    "Referrals paid in seven days: 0, 1 reward\nWhat they cost: nothing\nWaiting for a person: 0\n",
  );
});

test("twenty things are shown, and the rest is counted", () => {
  const { text, html } = renderTeamMail(build({ cases: Array.from({ length: 23 }, () => held()) }));
  expect(text.match(/same_card/g)).toHaveLength(20);
  for (const written of [text, html]) expect(written).toContain("And 3 more.");
});
