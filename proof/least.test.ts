import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createRandom } from "./lib/random.ts";
import { heldToLeast } from "./lib/proof.ts";
import { PROOFS } from "./registry.ts";

const NOTHING = { attempted: 0, violations: 0, inconclusive: 0 };

test.each(PROOFS.map((proof) => [proof.name, proof] as const))(
  "%s that tried nothing is inconclusive",
  (_name, proof) => {
    expect(heldToLeast(proof, NOTHING).inconclusive).toBeGreaterThan(0);
  },
);

test("crash is held to kills that met something in flight", () => {
  const report = {
    ...NOTHING,
    attempted: 48,
    referrals: 48,
    kills: 3,
    inFlightLeast: 2,
    acknowledged: 300,
    entries: 192,
  };
  expect(heldToLeast(proofNamed("crash"), report)).toEqual(report);
  const idle = heldToLeast(proofNamed("crash"), { ...report, inFlightLeast: 0 });
  expect(idle).toMatchObject({ inconclusive: 1, below: ["inFlightLeast is 0, not at least 1"] });
});

test("a full crash is held to a control that was seen losing, a short one is not", () => {
  const report = {
    ...NOTHING,
    referrals: 48,
    kills: 3,
    inFlightLeast: 2,
    acknowledged: 300,
    entries: 192,
    controlLost: 0,
  };
  expect(heldToLeast(proofNamed("crash"), report, false).inconclusive).toBe(0);
  expect(heldToLeast(proofNamed("crash"), report, true)).toMatchObject({
    inconclusive: 1,
    below: ["controlLost is 0, not at least 1"],
  });
});

test("wipe is held to a queue that had something in it", () => {
  const report = { ...NOTHING, attempted: 6, referrals: 6, bellsLeast: 0, rowsWaitingLeast: 9 };
  expect(heldToLeast(proofNamed("wipe"), report).inconclusive).toBe(1);
});

test("mutants is held to twenty at once, to the schema and to guards in code", () => {
  const report = { ...NOTHING, attempted: 150, guardsRemoved: 150, detected: 150, codeGuards: 6, atOnce: 19 };
  expect(heldToLeast(proofNamed("mutants"), report).inconclusive).toBe(1);
  expect(heldToLeast(proofNamed("mutants"), { ...report, atOnce: 20 }).inconclusive).toBe(0);
});

test("reach is held to thirty-two ways, and to enough reasons and carriers among them", () => {
  const report = { ...NOTHING, attempted: 54, paths: 54, credited: 29, reasons: 13, carriers: 6 };
  expect(heldToLeast(proofNamed("reach"), report)).toEqual(report);
  const few = heldToLeast(proofNamed("reach"), { ...report, paths: 31, carriers: 5 });
  expect(few).toMatchObject({ inconclusive: 2 });
});

test("fraud is held to people of every label, replay to decisions that were tampered with and found", () => {
  const people = {
    ...NOTHING,
    attempted: 6_000,
    people: 6_000,
    honest: 5_000,
    cheats: 700,
    seeds: 1,
    rulesThatFired: 20,
  };
  expect(heldToLeast(proofNamed("fraud"), { ...people, family: 0 }).inconclusive).toBe(1);
  expect(heldToLeast(proofNamed("fraud"), { ...people, family: 100 }).inconclusive).toBe(0);
  const decisions = {
    ...NOTHING,
    attempted: 90,
    referrals: 34,
    withRules: 30,
    rulesThatFired: 9,
    verdicts: 3,
    forgotten: 200,
  };
  expect(heldToLeast(proofNamed("replay"), { ...decisions, tamperedFound: 2 }).inconclusive).toBe(1);
  expect(heldToLeast(proofNamed("replay"), { ...decisions, tamperedFound: 3 }).inconclusive).toBe(0);
});

test("a count that is missing from the report is below its least", () => {
  expect(heldToLeast({ least: { kills: 1 } }, NOTHING).inconclusive).toBe(1);
});

test("the same seed gives the same numbers, another seed others", () => {
  const drawn = (seed: number): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 8 }, () => random.int(0, 1_000_000));
  };
  expect(drawn(7)).toEqual(drawn(7));
  expect(drawn(7)).not.toEqual(drawn(8));
});

test("a proof that there is not is answered with the names of those that there are", () => {
  const { status, stderr } = spawnSync(process.execPath, ["proof/run.ts", "nonsense"], { encoding: "utf8" });
  expect(status).toBe(1);
  for (const { name } of PROOFS) expect(stderr).toContain(name);
});

function proofNamed(name: string) {
  const found = PROOFS.find((proof) => proof.name === name);
  if (found === undefined) throw new Error(`there is no proof "${name}"`);
  return found;
}
