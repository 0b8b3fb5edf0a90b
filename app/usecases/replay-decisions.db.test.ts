import { afterAll, expect, test } from "vitest";
import { convertedFriend, onlyReferral } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { replayDecisions } from "./replay-decisions.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** As many decisions beside the real ones, stored with a score that the screen does not give. */
const FORGED = `INSERT INTO decisions (shop_id, id, referral_id, phase, ruleset, verdict, score, features, rules, at)
  SELECT d.shop_id, gen_random_uuid(), d.referral_id, d.phase, $2, d.verdict, 99, d.features, d.rules, d.at
    FROM (SELECT * FROM decisions WHERE shop_id = $1 ORDER BY id LIMIT 1) d, generate_series(1, $3)`;

async function decided() {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  const { id: referralId } = await onlyReferral(world);
  const { shopId } = world;
  const before = await replayDecisions(world, { shopId });
  const [{ ruleset } = { ruleset: "" }] = await world.query<{ ruleset: string }>(
    "SELECT ruleset FROM decisions LIMIT 1",
  );
  const forge = (rows: number, by = ruleset) => world.query(FORGED, [shopId, by, rows]);
  return { world, shopId, referralId, before, forge };
}

test("a decision that does not come out as it was stored is told of, with what comes out now", async () => {
  const { world, shopId, referralId, before, forge } = await decided();
  await forge(1);
  await forge(1, "a rule set of another program");
  const after = await replayDecisions(world, { shopId });
  expect(after).toMatchObject({ same: before.same, differing: 1, unreadable: 1, replayed: before.replayed + 2 });
  const told = after.odd.toSorted((left, right) => left.replay.outcome.localeCompare(right.replay.outcome));
  expect(told).toMatchObject([
    { referralId, replay: { outcome: "differs", decision: { verdict: "pass", score: 0 } } },
    { referralId, replay: { outcome: "unreadable", what: "ruleset" } },
  ]);
});

test("of many that differ all are counted, over more than one page, and the first hundred are told of", async () => {
  const { world, shopId, before, forge } = await decided();
  await forge(501);
  const after = await replayDecisions(world, { shopId });
  expect(after).toMatchObject({ same: before.same, differing: 501, replayed: before.replayed + 501 });
  expect(after.odd).toHaveLength(100);
});
