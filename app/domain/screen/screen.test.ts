import fc from "fast-check";
import { expect, test } from "vitest";
import { buildFeatures } from "#test/builders/domain.ts";
import { anyFeatures, FEATURE_NAMES } from "#test/builders/features.ts";
import { applyApproval, parseApprovedRules } from "./approval.ts";
import type { ScreenFeatures } from "./features.ts";
import { NO_FEATURES } from "./features.ts";
import { RULES, RULESET_VERSION } from "./registry.ts";
import { RULE_IDS, STRONG_RULE_IDS } from "./rule-ids.ts";
import type { ScreenSettings } from "./screen.ts";
import { isLikelyFraud, reasonOf, screen } from "./screen.ts";

const ids = (features: Partial<ScreenFeatures>, settings: ScreenSettings = {}): readonly string[] =>
  screen(buildFeatures(features), settings).rules.map(({ id }) => id);

test("screen passes a referral about which nothing speaks, and one about which nothing is known", () => {
  const clean = { verdict: "pass", score: 0, rules: [], ruleset: RULESET_VERSION };
  expect(screen(buildFeatures(), {})).toEqual(clean);
  const known = {
    sameAccount: false,
    sameEmail: false,
    sameCard: false,
    sameDevice: false,
    clickToOrderMs: 60_000,
    riskRecommendation: "accept",
  } as const;
  expect(screen(buildFeatures(known), {})).toEqual(clean);
});

test("the strongest rule of a family counts in full, the others by half, families add up to a hundred at most", () => {
  expect(screen(buildFeatures({ sameCard: true, sameAddress: true }), {}).score).toBe(80);
  expect(screen(buildFeatures({ sameAddress: true, sameNetwork: true, clickToOrderMs: 0 }), {}).score).toBe(90);
  expect(screen(buildFeatures({ sameCard: true, agentIsBot: true }), {}).score).toBe(100);
});

test("a score of thirty holds, when no outcome does", () => {
  const quiet: ScreenSettings = { same_address: { outcome: "none", weight: 29 } };
  expect(screen(buildFeatures({ sameAddress: true }), quiet).verdict).toBe("pass");
  expect(screen(buildFeatures({ sameAddress: true }), { same_address: { outcome: "none", weight: 30 } }).verdict).toBe(
    "hold",
  );
});

test("isLikelyFraud begins at seventy", () => {
  const scored = (weight: number): boolean =>
    isLikelyFraud(screen(buildFeatures({ sameAddress: true }), { same_address: { weight } }));
  expect([scored(69), scored(70)]).toEqual([false, true]);
});

test("a merchant may change outcome, weight and threshold, or switch a rule off", () => {
  expect(ids({ clickToOrderMs: 4_000 }, { too_fast: { threshold: 5 } })).toEqual(["too_fast"]);
  expect(ids({ sameAddress: true }, { same_address: { outcome: "none", weight: 0 } })).toEqual([]);
  expect(screen(buildFeatures({ sameAddress: true }), { same_address: { outcome: "block" } }).verdict).toBe("block");
  const risk = screen(buildFeatures({ riskRecommendation: "cancel" }), { order_risk: { weight: 10 } });
  expect(risk.score).toBe(10);
});

test("the strong keys block whatever the settings say, and card with device is held at least", () => {
  const off = Object.fromEntries(RULE_IDS.map((id) => [id, { outcome: "none", weight: 0 } as const]));
  for (const features of [{ sameAccount: true }, { sameEmail: true }, { samePhone: true }]) {
    expect(screen(buildFeatures(features), off).verdict).toBe("block");
  }
  expect(screen(buildFeatures({ sameCard: true, sameDevice: true }), off).verdict).toBe("hold");
  expect(RULES.filter(({ mildest }) => mildest === "block").map(({ id }) => id)).toEqual([...STRONG_RULE_IDS]);
});

test("a rule that fails holds the referral and is named", () => {
  const broken = RULES.map((rule) =>
    rule.id === "same_card" || rule.id === "too_fast"
      ? {
          ...rule,
          sees: () => {
            throw new Error("no such fact");
          },
        }
      : rule,
  );
  const decision = screen(buildFeatures({ evidenceMissing: true }), {}, broken.toReversed());
  expect(decision.verdict).toBe("hold");
  expect(decision.rules.map(({ id, evidence }) => [id, evidence["rule"]])).toEqual([
    ["evidence_missing", undefined],
    ["rule_failed", "same_card"],
    ["rule_failed", "too_fast"],
  ]);
});

test("an approval passes the rules that were seen, with the evidence that was seen", () => {
  const decision = screen(buildFeatures({ sameCard: true, clickToOrderMs: 1_000 }), {});
  const whole = applyApproval(decision, decision.rules);
  expect(whole).toMatchObject({ verdict: "pass", score: 0, rules: [] });
  expect(whole.passed).toEqual(decision.rules);
  expect(applyApproval(decision, decision.rules.slice(0, 1))).toMatchObject({
    verdict: "hold",
    rules: [{ id: "too_fast" }],
  });
});

test("an approval does not pass a rule on other evidence", () => {
  const decision = screen(buildFeatures({ clickToOrderMs: 1_000 }), {});
  for (const evidence of [{ clickToOrderMs: 999 }, {}, { other: 1_000 }, { clickToOrderMs: 1_000, more: true }]) {
    expect(applyApproval(decision, [{ id: "too_fast", evidence }]).verdict).toBe("hold");
  }
  expect(applyApproval(decision, [{ id: "same_card", evidence: { clickToOrderMs: 1_000 } }]).verdict).toBe("hold");
});

test("an approval comes back through JSON, and what is none passes nothing", () => {
  const seen = screen(buildFeatures({ sameCard: true, clickToOrderMs: 1_000, riskRecommendation: "cancel" }), {}).rules;
  const kept = parseApprovedRules(JSON.parse(JSON.stringify(seen)));
  expect(kept).toEqual(seen.map(({ id, evidence }) => ({ id, evidence })));
  for (const json of [null, "all", [{ id: "same_card" }], [{ id: "same_card", evidence: { sameCard: null } }]]) {
    expect(parseApprovedRules(json)).toEqual([]);
  }
});

test("an approval never passes a rule that blocks", () => {
  const decision = screen(buildFeatures({ sameEmail: true }), {});
  expect(applyApproval(decision, decision.rules)).toMatchObject({ verdict: "block", passed: [] });
});

const anyOverride = fc.record(
  {
    outcome: fc.constantFrom("block", "hold", "none"),
    weight: fc.integer({ min: 0, max: 100 }),
    threshold: fc.nat(10),
  },
  { requiredKeys: [] },
);
const anySettings: fc.Arbitrary<ScreenSettings> = fc.dictionary(fc.constantFrom(...RULE_IDS), anyOverride);
const shuffledRules = fc.shuffledSubarray([...RULES], { minLength: RULES.length });

test("screen is total and does not depend on the order of its rules", () => {
  fc.assert(
    fc.property(anyFeatures, anySettings, shuffledRules, (features, settings, rules) => {
      const decision = screen(features, settings);
      expect(screen(features, settings, rules)).toEqual(decision);
      expect(Number.isInteger(decision.score) && decision.score >= 0 && decision.score <= 100).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("the worst outcome decides, and a pass has no reason to hold", () => {
  fc.assert(
    fc.property(anyFeatures, anySettings, (features, settings) => {
      const { verdict, score, rules } = screen(features, settings);
      const outcomes = rules.map(({ outcome }) => outcome);
      expect(verdict === "block").toBe(outcomes.includes("block"));
      expect(verdict === "pass").toBe(!outcomes.includes("block") && !outcomes.includes("hold") && score < 30);
    }),
    { numRuns: 500 },
  );
});

test("a fact that is absent fires nothing: taking facts away never makes a verdict worse, but for card and device", () => {
  const severity = { pass: 0, hold: 1, block: 2 };
  // Without the card a match of both becomes one of the device; without the match the near one speaks.
  const pairs = new Set(["sameCard", "sameDevice", "sameAddress", "sameEmail"]);
  const names = FEATURE_NAMES.filter((name) => !pairs.has(name));
  fc.assert(
    fc.property(anyFeatures, fc.constantFrom(...names), (features, name) => {
      const without = screen({ ...features, [name]: NO_FEATURES[name] }, {});
      expect(severity[without.verdict]).toBeLessThanOrEqual(severity[screen(features, {}).verdict]);
    }),
  );
});

test("an approval never makes a decision worse and never lifts a block", () => {
  fc.assert(
    fc.property(anyFeatures, anyFeatures, (seen, now) => {
      const decision = screen(now, {});
      const approved = applyApproval(decision, screen(seen, {}).rules);
      expect(approved.score).toBeLessThanOrEqual(decision.score);
      expect(approved.verdict === "block").toBe(decision.verdict === "block");
      expect(approved.passed.length + approved.rules.length).toBe(decision.rules.length);
    }),
  );
});

test("a decision is recorded under the rule that asked for it, not under one that only counts", () => {
  expect(reasonOf(screen({ ...NO_FEATURES, emailEdits: 1, boughtBefore: true }, {}))).toBe("existing_customer");
  expect(reasonOf(screen({ ...NO_FEATURES, emailEdits: 1, clickToOrderMs: 10 }, {}))).toBe("too_fast");
});

test("where only the score held it, a decision is recorded under the heaviest rule; without any under the score", () => {
  const settings = { same_network: { weight: 60 } };
  const decision = screen({ ...NO_FEATURES, emailEdits: 1, sameNetwork: true }, settings);
  expect([decision.verdict, reasonOf(decision)]).toEqual(["hold", "same_network"]);
  expect(reasonOf(screen(NO_FEATURES, {}))).toBe("score");
});
