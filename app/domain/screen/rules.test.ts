import { expect, test } from "vitest";
import { buildFeatures } from "#test/builders/domain.ts";
import type { ScreenFeatures } from "./features.ts";
import { ruleById, RULES } from "./registry.ts";
import type { RuleId } from "./rule-ids.ts";
import { RULE_IDS } from "./rule-ids.ts";
import { screen } from "./screen.ts";

type Side = Partial<ScreenFeatures>;
type RuleCase = {
  readonly id: RuleId;
  /** Alone, with the verdict and the score that it gives. */
  readonly fires: readonly (readonly [Side, "pass" | "hold" | "block", number])[];
  readonly quiet: readonly Side[];
  /** What fires with it, for a rule that rests on what another sees. */
  readonly beside?: RuleId;
};

const yesOrNo = (
  id: RuleId,
  name: keyof ScreenFeatures,
  verdict: "pass" | "hold" | "block",
  score: number,
): RuleCase => ({
  id,
  fires: [[{ [name]: true }, verdict, score]],
  quiet: [{ [name]: false }, { [name]: null }],
});

const over = (id: RuleId, name: keyof ScreenFeatures, last: number, score: number): RuleCase => ({
  id,
  fires: [
    [{ [name]: last + 1 }, "hold", score],
    [{ [name]: last * 50 }, "hold", score],
  ],
  quiet: [{ [name]: last }, { [name]: 0 }, { [name]: null }],
});

const CASES: readonly RuleCase[] = [
  yesOrNo("same_account", "sameAccount", "block", 100),
  yesOrNo("same_email", "sameEmail", "block", 100),
  yesOrNo("same_phone", "samePhone", "block", 100),
  {
    id: "same_card_and_device",
    fires: [[{ sameCard: true, sameDevice: true }, "block", 100]],
    quiet: [
      { sameCard: null, sameDevice: null },
      { sameCard: false, sameDevice: false },
    ],
  },
  {
    id: "numbered_mailbox",
    beside: "same_card",
    fires: [[{ emailIsNumbered: true, sameCard: true }, "block", 100]],
    quiet: [{ emailIsNumbered: true }, { emailIsNumbered: false }, { emailIsNumbered: null }],
  },
  {
    id: "stopped_before",
    beside: "same_device",
    fires: [[{ sameDevice: true, peopleStopped: 1 }, "block", 100]],
    quiet: [{ peopleStopped: 1 }, { peopleStopped: 0 }, { peopleStopped: null }],
  },
  {
    id: "same_card",
    fires: [
      [{ sameCard: true }, "hold", 60],
      [{ sameCard: true, sameDevice: false }, "hold", 60],
    ],
    quiet: [{ sameCard: false }, { sameCard: null }],
  },
  {
    id: "same_device",
    fires: [
      [{ sameDevice: true }, "hold", 50],
      [{ sameDevice: true, sameCard: false }, "hold", 50],
    ],
    quiet: [{ sameDevice: false }, { sameDevice: null }],
  },
  yesOrNo("same_address", "sameAddress", "hold", 40),
  {
    id: "near_address",
    fires: [
      [{ addressEdits: 0 }, "hold", 30],
      [{ addressEdits: 2, sameAddress: false }, "hold", 30],
    ],
    quiet: [{ addressEdits: 3 }, { addressEdits: null }],
  },
  {
    id: "match_again",
    beside: "same_address",
    fires: [
      [{ sameAddress: true, peopleAlike: 1 }, "hold", 70],
      [{ sameAddress: true, peopleAlike: 3 }, "hold", 70],
    ],
    quiet: [{ peopleAlike: 5 }, { peopleAlike: null }],
  },
  {
    id: "similar_email",
    fires: [
      [{ emailEdits: 1 }, "pass", 20],
      [{ emailEdits: 0, sameEmail: false }, "pass", 20],
    ],
    quiet: [{ emailEdits: 2 }, { emailEdits: null }],
  },
  yesOrNo("same_network", "sameNetwork", "pass", 20),
  yesOrNo("duplicate_person", "otherReferral", "block", 100),
  yesOrNo("existing_customer", "boughtBefore", "block", 100),
  {
    id: "duplicate_household",
    fires: [[{ householdFriends: 1 }, "hold", 60]],
    quiet: [{ householdFriends: 0 }, { householdFriends: null }],
  },
  over("click_velocity", "networksInHour", 200, 50),
  {
    id: "signup_velocity",
    fires: [
      [{ signUpsOnCode: 11 }, "hold", 50],
      [{ signUpsOnDevice: 3 }, "hold", 50],
      [{ signUpsOnNetwork: 10 }, "hold", 50],
      [{ signUpsOnCode: 11, signUpsOnDevice: 3, signUpsOnNetwork: 10 }, "hold", 50],
    ],
    quiet: [{ signUpsOnCode: 10, signUpsOnDevice: 2, signUpsOnNetwork: 9 }, { signUpsOnCode: null }],
  },
  {
    id: "too_fast",
    fires: [
      [{ clickToOrderMs: 2_999 }, "hold", 40],
      [{ clickToOrderMs: 0 }, "hold", 40],
    ],
    quiet: [{ clickToOrderMs: 3_000 }, { clickToOrderMs: null }],
  },
  yesOrNo("bot_agent", "agentIsBot", "hold", 50),
  yesOrNo("coupon_source", "couponSource", "hold", 50),
  over("claim_spray", "claimedEmails", 10, 50),
  yesOrNo("disposable_email", "emailIsDisposable", "hold", 40),
  {
    id: "order_risk",
    fires: [
      [{ riskRecommendation: "investigate" }, "hold", 50],
      [{ riskRecommendation: "cancel" }, "hold", 80],
    ],
    quiet: [
      { riskRecommendation: "accept" },
      { riskRecommendation: "none" },
      { riskRecommendation: "pending" },
      { riskRecommendation: null },
    ],
  },
  {
    id: "refund_history",
    fires: [
      [{ refundedOfLastFive: 2 }, "hold", 50],
      [{ refundedOfLastFive: 5 }, "hold", 50],
    ],
    quiet: [{ refundedOfLastFive: 1 }, { refundedOfLastFive: 0 }, { refundedOfLastFive: null }],
  },
  {
    id: "ring",
    fires: [
      [{ ringHops: 1 }, "hold", 60],
      [{ ringHops: 4 }, "hold", 60],
    ],
    quiet: [{ ringHops: 5 }, { ringHops: null }],
  },
  {
    id: "block_list",
    fires: [
      [{ blockListed: "person" }, "block", 100],
      [{ blockListed: "code" }, "block", 100],
      [{ blockListed: "domain" }, "block", 100],
    ],
    quiet: [{ blockListed: null }],
  },
  {
    id: "evidence_missing",
    fires: [[{ evidenceMissing: true }, "hold", 30]],
    quiet: [{ evidenceMissing: false }],
  },
];

test("every rule has a table of cases on both sides", () => {
  expect(CASES.map(({ id }) => id)).toEqual([...RULE_IDS]);
  expect(CASES.every(({ fires, quiet }) => fires.length > 0 && quiet.length > 0)).toBe(true);
});

test.each(
  CASES.flatMap(({ id, fires, beside }) =>
    fires.map(([side, verdict, score]) => [id, side, verdict, score, beside] as const),
  ),
)("%s fires on %j: %s, %i", (id, side, verdict, score, beside) => {
  const decision = screen(buildFeatures(side), {});
  expect(decision).toMatchObject({ verdict, score });
  expect(decision.rules.map((rule) => rule.id).toSorted()).toEqual(
    [id, ...(beside === undefined ? [] : [beside])].toSorted(),
  );
});

test.each(CASES.flatMap(({ id, quiet }) => quiet.map((side) => [id, side] as const)))(
  "%s is quiet on %j",
  (_id, side) => {
    expect(screen(buildFeatures(side), {})).toMatchObject({ verdict: "pass", score: 0, rules: [] });
  },
);

test("near_address and similar_email leave what is equal to the rule that says so", () => {
  const ids = (side: Side): readonly string[] => screen(buildFeatures(side), {}).rules.map(({ id }) => id);
  expect(ids({ sameAddress: true, addressEdits: 0 })).toEqual(["same_address"]);
  expect(ids({ sameEmail: true, emailEdits: 0 })).toEqual(["same_email"]);
});

type Boundary = {
  readonly id: RuleId;
  /** The nearest that fires and the nearest that does not, where a merchant has set the threshold so. */
  readonly around: (threshold: number) => readonly [fires: Side, quiet: Side];
};

const BOUNDARIES: readonly Boundary[] = [
  { id: "near_address", around: (most) => [{ addressEdits: most }, { addressEdits: most + 1 }] },
  {
    id: "match_again",
    around: (least) => [
      { sameAddress: true, peopleAlike: least },
      { sameAddress: true, peopleAlike: least - 1 },
    ],
  },
  { id: "similar_email", around: (most) => [{ emailEdits: most }, { emailEdits: most + 1 }] },
  { id: "click_velocity", around: (most) => [{ networksInHour: most + 1 }, { networksInHour: most }] },
  { id: "signup_velocity", around: (most) => [{ signUpsOnCode: most + 1 }, { signUpsOnCode: most }] },
  {
    id: "too_fast",
    around: (seconds) => [{ clickToOrderMs: seconds * 1_000 - 1 }, { clickToOrderMs: seconds * 1_000 }],
  },
  { id: "claim_spray", around: (most) => [{ claimedEmails: most + 1 }, { claimedEmails: most }] },
  { id: "refund_history", around: (least) => [{ refundedOfLastFive: least }, { refundedOfLastFive: least - 1 }] },
  { id: "ring", around: (most) => [{ ringHops: most }, { ringHops: most + 1 }] },
];

test("every rule with a threshold has its boundary in the table", () => {
  const movable = RULES.filter(({ threshold }) => threshold !== null).map(({ id }) => id);
  expect(BOUNDARIES.map(({ id }) => id)).toEqual(movable);
});

test.each(
  BOUNDARIES.flatMap(({ id, around }) => thresholdsOf(id).map((threshold) => [id, threshold, around] as const)),
)("%s with a threshold of %i fires on the one side of it and not a step further", (id, threshold, around) => {
  const [fires, quiet] = around(threshold);
  const beside = CASES.find((one) => one.id === id)?.beside;
  const idsOn = (side: Side): readonly string[] =>
    screen(buildFeatures(side), { [id]: { threshold } })
      .rules.map((rule) => rule.id)
      .filter((fired) => fired !== beside);
  expect(idsOn(fires)).toEqual([id]);
  expect(idsOn(quiet)).toEqual([]);
});

/** The usual threshold, and the ends of what a merchant may choose. */
function thresholdsOf(id: RuleId): readonly number[] {
  const { threshold } = ruleById(id);
  if (threshold === null) throw new Error(`${id} has no threshold`);
  expect(threshold.usual).toBeGreaterThanOrEqual(threshold.least);
  expect(threshold.usual).toBeLessThanOrEqual(threshold.most);
  return [...new Set([threshold.least, threshold.usual, threshold.most])];
}
