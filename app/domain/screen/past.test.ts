import fc from "fast-check";
import { expect, test } from "vitest";
import { buildFeatures, NOON } from "#test/builders/domain.ts";
import { anyFeatures } from "#test/builders/features.ts";
import { backTest } from "./back-test.ts";
import { everyRule } from "./every-rule.ts";
import type { ScreenFeatures } from "./features.ts";
import { readFeatures } from "./read-features.ts";
import { rulesOf } from "./registry.ts";
import { replayDecision } from "./replay.ts";
import { RULE_IDS } from "./rule-ids.ts";
import { screen } from "./screen.ts";

const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const stored = (features: ScreenFeatures, settings = {}) => ({
  ...screen(features, settings),
  features: through(features),
  settings,
});

test("a decision replays to the letter from what was stored, whatever it was", () => {
  fc.assert(
    fc.property(anyFeatures, (features) => {
      expect(replayDecision(stored(features, { too_fast: { threshold: 5 } })).outcome).toBe("same");
    }),
  );
});

test("a decision of the first rule set replays by its own rules, with the features it had", () => {
  const rules = rulesOf("1");
  if (rules === null) throw new Error("the first rule set stays");
  const { sameCard, clickToOrderMs, evidenceMissing } = buildFeatures({ sameCard: true, clickToOrderMs: 10 });
  const features = { sameCard, clickToOrderMs, evidenceMissing };
  const known = { ...buildFeatures(), ...features };
  const decision = { ...screen(known, {}, rules, "1"), features, settings: {} };
  expect(decision.ruleset).toBe("1");
  expect(replayDecision(decision).outcome).toBe("same");
  // Another rule set sees more in the same features.
  const ring = { ...known, ringHops: 1 };
  expect(replayDecision({ ...screen(ring, {}, rules, "1"), features: ring, settings: {} }).outcome).toBe("same");
});

test("a decision of the second rule set is not judged by rules that came later", () => {
  const rules = rulesOf("2");
  if (rules === null) throw new Error("the second rule set stays");
  const features = buildFeatures({ sameCard: true, emailIsNumbered: true, peopleAlike: 2, peopleStopped: 1 });
  const decision = screen(features, {}, rules, "2");
  expect(decision.rules.map(({ id }) => id)).toEqual(["same_card"]);
  expect(replayDecision({ ...decision, features: through(features), settings: {} }).outcome).toBe("same");
});

test.each([
  ["verdict", { verdict: "pass" as const }],
  ["score", { score: 61 }],
  ["rules", { rules: [] }],
])("a stored %s that is another differs", (_what, changes) => {
  expect(replayDecision({ ...stored(buildFeatures({ sameCard: true })), ...changes }).outcome).toBe("differs");
});

test("the order in which a database keeps the fields of evidence means nothing", () => {
  const decision = stored(buildFeatures({ signUpsOnDevice: 3, signUpsOnNetwork: 10 }));
  const rules = decision.rules.map((rule) => ({
    ...rule,
    evidence: Object.fromEntries(Object.entries(rule.evidence).toReversed()),
  }));
  expect(replayDecision({ ...decision, rules }).outcome).toBe("same");
});

test("what this program did not write is unreadable, and says what", () => {
  const decision = stored(buildFeatures());
  expect(replayDecision({ ...decision, ruleset: "0" })).toEqual({ outcome: "unreadable", what: "ruleset" });
  for (const features of [null, [], {}, { ...buildFeatures(), sameCard: "yes" }, { ...buildFeatures(), ringHops: -1 }])
    expect(replayDecision({ ...decision, features })).toEqual({ outcome: "unreadable", what: "features" });
});

test("features come back through JSON", () => {
  fc.assert(
    fc.property(anyFeatures, (features) => {
      expect(readFeatures(through(features))).toEqual(features);
    }),
  );
});

const past = (referralId: string, features: Partial<ScreenFeatures>, at = NOON) => {
  const known = buildFeatures(features);
  const { verdict, score } = screen(known, {});
  return { referralId, at, verdict, score, features: through(known) };
};

test("backTest tells what other settings would have held, blocked and released, newest first, and leaves the rest alone", () => {
  const decisions = [
    past("a", { clickToOrderMs: 4_000 }, NOON),
    past("b", { sameDevice: true }, NOON + 1),
    past("c", { sameAddress: true }, NOON + 2),
    past("d", { sameEmail: true }, NOON + 3),
    { ...past("e", {}), features: "gone" },
  ];
  const settings = {
    too_fast: { threshold: 5 },
    same_device: { outcome: "block" },
    same_address: { outcome: "none", weight: 0 },
  } as const;
  const result = backTest(decisions, settings);
  expect(result).toMatchObject({ tested: 5, unreadable: 1, held: 1, blocked: 1, released: 1 });
  expect(result.cases.map(({ referralId, change }) => [referralId, change])).toEqual([
    ["c", "released"],
    ["b", "blocked"],
    ["a", "held"],
  ]);
  expect(result.cases[2]).toMatchObject({
    was: { verdict: "pass" },
    would: { verdict: "hold", rules: [{ id: "too_fast" }] },
  });
});

test("backTest of the settings that were in force finds nothing, in whatever order", () => {
  const decisions = [past("b", { sameCard: true }), past("a", {})];
  expect(backTest(decisions, {})).toMatchObject({ held: 0, blocked: 0, released: 0, cases: [] });
  const both = backTest([past("b", { sameCard: true }), past("a", { sameCard: true })], {
    same_card: { outcome: "block" },
  });
  expect(both.cases.map(({ referralId }) => referralId)).toEqual(["a", "b"]);
  const turned = backTest([past("a", { sameCard: true }), past("b", { sameCard: true })], {
    same_card: { outcome: "block" },
  });
  expect(turned).toEqual(both);
});

test("everyRule lets every rule speak: it fired, it is quiet, it is off", () => {
  const { decision, rules } = everyRule(buildFeatures({ sameCard: true }), { ring: { outcome: "none", weight: 0 } });
  expect(decision.verdict).toBe("hold");
  expect(rules.map(({ id }) => id)).toEqual([...RULE_IDS]);
  expect(rules.filter(({ said }) => said !== "quiet").map(({ id, said }) => [id, said])).toEqual([
    ["same_card", "fired"],
    ["ring", "off"],
  ]);
});

test("everyRule names a rule that could not look", () => {
  const broken = new Proxy(buildFeatures(), {
    get(target, name) {
      if (name === "ringHops") throw new Error("no such fact");
      return Reflect.get(target, name);
    },
  });
  const { decision, rules } = everyRule(broken, {});
  expect(decision.verdict).toBe("hold");
  expect(rules.find(({ id }) => id === "ring")?.said).toBe("failed");
});
