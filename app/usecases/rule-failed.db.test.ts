import { afterAll, expect, onTestFinished, test } from "vitest";
import { ruleById } from "#app/domain/screen/registry.ts";
import type { RuleId } from "#app/domain/screen/rule-ids.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import {
  bind,
  buy,
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  paidOf,
  tap,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { reviewCase } from "./review-case.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A rule of the set whose code is broken until the test ends, or until it is mended. @returns what mends it */
function broken(id: RuleId): () => void {
  const rule = ruleById(id);
  const { sees } = rule;
  const mend = () => void Object.assign(rule, { sees });
  Object.assign(rule, {
    sees: () => {
      throw new Error("a rule that cannot look");
    },
  });
  onTestFinished(mend);
  return mend;
}

async function lastRules(world: UseCases): Promise<{ id: string; outcome: string; evidence: object }[]> {
  const [last] = await world.query<{ rules: { id: string; outcome: string; evidence: object }[] }>(
    "SELECT rules FROM decisions ORDER BY at DESC, id DESC LIMIT 1",
  );
  return last?.rules ?? [];
}

test.each(["same_card", "same_email", "block_list"] as const)(
  "a referral that %s could not look at is held with the rule named: nobody is paid, nobody is blocked",
  async (id) => {
    const world = await buildUseCases(db);
    const code = await mintCode(world);
    await bind(world, MARA, [tap(world, code)]);
    broken(id);
    world.clock.skip(HOUR_MS);
    await buy(world, { orderId: "5001" });
    world.clock.skip(2 * COOLING_OFF_MS);
    await world.work();
    expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "rule_failed", order: "5001" });
    const held = (await lastRules(world)).filter(({ outcome }) => outcome !== "none");
    expect(held).toMatchObject([{ id: "rule_failed", outcome: "hold", evidence: { rule: id } }]);
    expect(await casesOf(world)).toMatchObject([{ kind: "fraud_hold", state: "open", reason: "rule_failed" }]);
    expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
    expect(await findingsOf(world)).toEqual([]);
  },
);

test("a rule that breaks only at the payout holds it there", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  broken("ring");
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "rule_failed" });
  expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
});

test("an approval passes the failure that was seen and no other: a second rule that fails holds it again", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  const mend = broken("ring");
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const approve = async () => {
    const [open] = (await casesOf(world)).filter(({ state }) => state === "open");
    if (open === undefined) throw new Error("no case is open");
    const said = { intent: "approve", reason: null, note: null, actor: "staff-1" } as const;
    await reviewCase(world, { shopId: world.shopId, caseId: open.id, version: open.version, ...said });
    await world.work();
  };
  broken("too_fast");
  await approve();
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "rule_failed" });
  expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
  mend();
  await approve();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
});
