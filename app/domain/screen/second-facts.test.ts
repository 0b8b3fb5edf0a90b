import { expect, test } from "vitest";
import { buildFeatures } from "#test/builders/domain.ts";
import { applyApproval } from "./approval.ts";
import type { ScreenFeatures } from "./features.ts";
import { screen } from "./screen.ts";

type Side = Partial<ScreenFeatures>;

test.each<[string, Side, boolean]>([
  ["the referrer's browser", { sameDevice: true }, true],
  ["the referrer's address alone, as father and son have", { sameAddress: true }, false],
  ["another card and another browser", { sameCard: false, sameDevice: false }, false],
])("numbered_mailbox with %s: %s", (_what, side, fires) => {
  const { rules } = screen(buildFeatures({ ...side, emailIsNumbered: true }), {});
  expect(rules.some(({ id }) => id === "numbered_mailbox")).toBe(fires);
});

test.each<[string, Side, boolean]>([
  ["the referrer's card", { sameCard: true, peopleStopped: 2 }, true],
  ["the referrer's card, where nobody was stopped", { sameCard: true, peopleStopped: 0 }, false],
  ["the referrer's card, where nothing is known", { sameCard: true, peopleStopped: null }, false],
  ["the referrer's address alone", { sameAddress: true, peopleStopped: 2 }, false],
])("stopped_before with %s: %s", (_what, side, fires) => {
  expect(screen(buildFeatures(side), {}).rules.some(({ id }) => id === "stopped_before")).toBe(fires);
});

test.each<[string, Side, boolean]>([
  ["a near address", { addressEdits: 2, peopleAlike: 1 }, true],
  ["an address that is another", { addressEdits: 3, peopleAlike: 1 }, false],
  ["the referrer's browser", { sameDevice: true, peopleAlike: 1 }, true],
])("match_again with %s: %s", (_what, side, fires) => {
  expect(screen(buildFeatures(side), {}).rules.some(({ id }) => id === "match_again")).toBe(fires);
});

test.each<[string, Side]>([
  ["device", { signUpsOnDevice: 5 }],
  ["network", { signUpsOnNetwork: 5 }],
])("signup_velocity moves with its limit of a %s", (name, side) => {
  const idsAt = (limit: number): readonly string[] =>
    screen(buildFeatures(side), { signup_velocity: { limits: { device: 99, network: 99, [name]: limit } } }).rules.map(
      ({ id }) => id,
    );
  expect([idsAt(5), idsAt(6)]).toEqual([["signup_velocity"], []]);
});

test("match_again is seen again when one more comes after the approval", () => {
  const look = (peopleAlike: number) => screen(buildFeatures({ sameCard: true, peopleAlike }), {});
  const approved = look(1).rules;
  expect(applyApproval(look(1), approved).verdict).toBe("pass");
  expect(applyApproval(look(2), approved).verdict).toBe("hold");
});
