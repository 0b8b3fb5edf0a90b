import { expect, test } from "vitest";
import type { CaseKind, ChoiceFacts, ChoiceReward } from "./choices.ts";
import { choiceOf, choicesFor, isSpent, isUnused } from "./choices.ts";

function facts(changes: Partial<ChoiceFacts> = {}): ChoiceFacts {
  const referral = { state: "REWARDED", undone: false } as const;
  return { kind: "refund_after_reward", state: "open", referral, clawOpen: 0n, booked: [], rewards: [], ...changes };
}

function reward(changes: Partial<ChoiceReward> = {}): ChoiceReward {
  return {
    id: "r",
    side: 1,
    kind: "earned",
    status: "issued",
    remaining: 1_000n,
    replaced: false,
    clawedBack: false,
    ofCasePerson: true,
    ...changes,
  };
}

const SPENT = reward({ status: "redeemed", remaining: 0n });
const BROKEN = reward({ status: "cancelled", remaining: 0n });

function intents(of: ChoiceFacts): readonly string[] {
  return choicesFor(of).map(({ intent }) => intent);
}

test.each<[CaseKind, readonly string[]]>([
  ["fraud_hold", ["approve", "reject"]],
  ["reward_cap", ["approve", "reject"]],
  ["refund_after_reward", ["leave", "withdraw", "claw_back", "goodwill"]],
  ["unknown_fulfilment", ["mark_issued", "send_again", "leave"]],
  ["appeal", ["leave", "goodwill"]],
  ["conflict", ["leave", "withdraw", "goodwill"]],
])("an open case of the kind %s offers %j", (kind, offered) => {
  expect(intents(facts({ kind }))).toEqual(offered);
});

test("a closed case asks nothing any more; what stands is still offered", () => {
  expect(intents(facts({ state: "closed" }))).toEqual(["goodwill"]);
  expect(intents(facts({ state: "closed", referral: null }))).toEqual([]);
  expect(intents(facts({ kind: "fraud_hold", state: "closed" }))).toEqual([]);
});

test("an undo is offered when the case is closed and its referral rejected, and can be made once", () => {
  const rejected = { state: "REJECTED", undone: false } as const;
  const closed = facts({ kind: "fraud_hold", state: "closed", referral: rejected });
  expect(choiceOf(closed, "undo")).toEqual({ intent: "undo", sides: [], obstacle: null });
  expect(choiceOf(facts({ kind: "fraud_hold", referral: rejected }), "undo")).toBeNull();
  expect(choiceOf(facts({ state: "closed" }), "undo")).toBeNull();
  expect(choiceOf(facts({ state: "closed", referral: null }), "undo")).toBeNull();
  const undone = choiceOf({ ...closed, referral: { ...rejected, undone: true } }, "undo");
  expect(undone?.obstacle).toBe("This rejection was undone before.");
});

test("a receivable can be waived as long as a penny of it is open", () => {
  expect(choiceOf(facts({ clawOpen: 1n }), "waive")).toEqual({ intent: "waive", sides: [], obstacle: null });
  expect(choiceOf(facts({ clawOpen: 0n }), "waive")).toBeNull();
});

test("a replacement is offered for what was broken off, once a case and once a reward", () => {
  expect(choiceOf(facts({ rewards: [BROKEN] }), "replacement")).toMatchObject({ sides: [1], obstacle: null });
  expect(choiceOf(facts({ rewards: [{ ...BROKEN, status: "expired", side: 2 }] }), "replacement")?.sides).toEqual([2]);
  for (const other of [reward(), SPENT, { ...BROKEN, kind: "welcome" } as const])
    expect(choiceOf(facts({ rewards: [other] }), "replacement")).toBeNull();
  expect(choiceOf(facts({ kind: "fraud_hold", rewards: [BROKEN] }), "replacement")).toBeNull();
  expect(choiceOf(facts({ kind: "reward_cap", rewards: [BROKEN] }), "replacement")).toBeNull();
  const again = choiceOf(facts({ rewards: [{ ...BROKEN, replaced: true }] }), "replacement");
  expect(again).toMatchObject({ sides: [], obstacle: "It was replaced before." });
  const booked = choiceOf(facts({ rewards: [BROKEN], booked: ["replacement"] }), "replacement");
  expect(booked?.obstacle).toBe("A replacement was given on this case.");
  const mixed = [BROKEN, { ...BROKEN, kind: "welcome", side: 2 } as const];
  expect(choiceOf(facts({ rewards: mixed }), "replacement")?.sides).toEqual([1]);
});

test("goodwill is for both sides, once a case, where the case has a referral", () => {
  expect(choiceOf(facts(), "goodwill")).toEqual({ intent: "goodwill", sides: [1, 2], obstacle: null });
  expect(choiceOf(facts({ booked: ["goodwill"] }), "goodwill")?.obstacle).toMatch("was given");
  expect(choiceOf(facts({ referral: null }), "goodwill")).toBeNull();
});

test("a code is withdrawn while nothing of it was used, a welcome code too though it holds no money", () => {
  const rewards = [reward({ side: 1 }), reward({ side: 2, kind: "welcome", remaining: 0n })];
  expect(choiceOf(facts({ rewards }), "withdraw")).toMatchObject({ sides: [1, 2], obstacle: null });
  expect(choiceOf(facts({ rewards: [SPENT] }), "withdraw")?.obstacle).toMatch("no unused code");
});

test("a claw-back is for what the case's own person has used, once a case", () => {
  expect(choiceOf(facts({ rewards: [SPENT] }), "claw_back")).toMatchObject({ sides: [1], obstacle: null });
  expect(choiceOf(facts({ rewards: [reward()] }), "claw_back")?.obstacle).toMatch("has not used the reward");
  const booked = choiceOf(facts({ rewards: [SPENT], booked: ["claw_back"] }), "claw_back");
  expect(booked).toMatchObject({ sides: [], obstacle: "This case has a receivable already." });
});

test("an unknown outcome is settled by hand as long as it is unknown", () => {
  const unknown = facts({ kind: "unknown_fulfilment", rewards: [reward({ status: "unknown", side: 2 })] });
  for (const intent of ["mark_issued", "send_again"] as const) {
    expect(choiceOf(unknown, intent)).toMatchObject({ sides: [2], obstacle: null });
    expect(choiceOf({ ...unknown, rewards: [reward()] }, intent)?.obstacle).toMatch("unknown outcome");
  }
});

test.each<[string, Partial<ChoiceReward>, boolean]>([
  ["is owed", { status: "owed" }, true],
  ["is issued", { status: "issued" }, true],
  ["is blocked", { status: "blocked" }, true],
  ["is being sent", { status: "sending" }, false],
  ["holds nothing any more", { remaining: 0n }, false],
  ["is a welcome discount, which holds no money", { remaining: 0n, kind: "welcome" }, true],
])("isUnused knows a reward that %s", (_what, changes, is) => {
  expect(isUnused(reward(changes))).toBe(is);
});

test.each<[string, Partial<ChoiceReward>, boolean]>([
  ["was used", {}, true],
  ["was store credit", { status: "issued" }, true],
  ["expired", { status: "expired" }, false],
  ["is another person's", { ofCasePerson: false }, false],
  ["holds a penny", { remaining: 1n }, false],
  ["was a welcome discount", { kind: "welcome" }, false],
  ["was clawed back", { clawedBack: true }, false],
])("isSpent knows a reward that %s", (_what, changes, is) => {
  expect(isSpent({ ...SPENT, ...changes })).toBe(is);
});
