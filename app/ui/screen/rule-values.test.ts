import { expect, test } from "vitest";
import type { RuleSettingView } from "../../screen-models.ts";
import { changesOf, valuesOf } from "./rule-values.ts";

const FAST: RuleSettingView = {
  id: "too_fast",
  family: "velocity",
  outcome: "hold",
  weight: 40,
  threshold: { value: 3, least: 1, most: 60, unit: "seconds" },
  limits: [],
  choices: ["block", "hold", "none"],
  isBent: false,
};
const CARD: RuleSettingView = { ...FAST, id: "same_card", weight: 60, threshold: null };
const rules = [FAST, CARD];

test("changesOf is empty while nothing was touched", () => {
  expect(changesOf(rules, {})).toEqual({});
  expect(changesOf(rules, { too_fast: valuesOf(FAST), same_card: valuesOf(CARD) })).toEqual({});
});

test("changesOf names what was changed and nothing else; numbers become numbers", () => {
  const values = {
    too_fast: { ...valuesOf(FAST), threshold: "10" },
    same_card: { ...valuesOf(CARD), outcome: "none" as const, weight: "20" },
  };
  expect(changesOf(rules, values)).toEqual({ too_fast: { threshold: 10 }, same_card: { outcome: "none", weight: 20 } });
});

test("changesOf hands on what is no number, so that the server can say so", () => {
  expect(changesOf(rules, { too_fast: { ...valuesOf(FAST), threshold: "soon" } })).toEqual({
    too_fast: { threshold: "soon" },
  });
});

test("changesOf names a limit beside the threshold, and only the one that was changed", () => {
  const limit = { least: 2, most: 100, unit: "people" };
  const burst: RuleSettingView = {
    ...FAST,
    id: "signup_velocity",
    limits: [
      { name: "device", value: 3, ...limit },
      { name: "network", value: 10, ...limit },
    ],
  };
  const values = { ...valuesOf(burst), limits: { device: "5", network: "10" } };
  expect(changesOf([burst], { signup_velocity: values })).toEqual({ signup_velocity: { limits: { device: 5 } } });
});
