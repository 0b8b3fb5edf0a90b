import { keepClickPartitions } from "#app/data/keep-click-partitions.ts";
import { eraseProfile } from "#app/data/people.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { replayDecisions } from "#app/usecases/replay-decisions.ts";
import type { ReplayReport } from "#app/usecases/replay-decisions.ts";
import { upkeep } from "#app/usecases/upkeep.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { startTestCluster } from "../../test/harness/cluster.ts";
import { countFlag } from "../lib/proof.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import { onScratch } from "../mutants/scratch.ts";
import type { Scratch } from "../mutants/scratch.ts";
import { liveThrough } from "./crowd.ts";

const PEOPLE = 400;
const PEOPLE_SHORT = 36;
/** Long after everything that decides on raw facts: clicks are dropped after 165 days. */
const YEAR_MS = 365 * DAY_MS;

/**
 * Friends are screened by the real use cases over a real database. Then every decision is made anew from what is stored of it:
 * at once, and when the raw facts are gone. A decision that was tampered with has to be found, or the comparison sees nothing.
 */
export const replay: Proof = {
  name: "replay",
  about: "every stored decision comes out the same again, also when the raw facts are gone (--people 400)",
  least: {
    attempted: 48,
    referrals: 24,
    withRules: 15,
    rulesThatFired: 6,
    verdicts: 3,
    forgotten: 20,
    tamperedFound: 3,
  },
  async run(options) {
    options.say("  starting PostgreSQL …");
    const cluster = await startTestCluster();
    try {
      return await onScratch(cluster, (scratch) => tryIt(scratch, options));
    } finally {
      await cluster.stop();
    }
  },
};

async function tryIt(scratch: Scratch, options: ProofOptions): Promise<ProofReport> {
  const people = countFlag(options, "people", options.short ? PEOPLE_SHORT : PEOPLE);
  const world = await buildUseCases(scratch);
  await liveThrough(world, createRandom(options.seed), people);
  const fresh = await replayDecisions(world, { shopId: world.shopId });
  const forgotten = await forget(scratch, world);
  const later = await replayDecisions(world, { shopId: world.shopId });
  const told = await countDecisions(world);
  const tamperedFound = await tamper(scratch, world);
  const lost = later.replayed === told.decisions ? 0 : 1;
  return {
    attempted: fresh.replayed + later.replayed,
    violations: wrong(fresh) + wrong(later) + lost,
    inconclusive: 0,
    ...told,
    forgotten,
    tamperedFound,
    odd: [...fresh.odd, ...later.odd].slice(0, 5),
  };
}

function wrong({ differing, unreadable }: ReplayReport): number {
  return differing + unreadable;
}

/** What time, the retention jobs and an erasure of everybody take away. @returns how many rows that was */
async function forget(scratch: Scratch, world: UseCases): Promise<number> {
  const later = new Date(world.clock.now().getTime() + YEAR_MS);
  const before = await rawRows(scratch, world.shopId);
  await keepClickPartitions(scratch.databaseUrl, later);
  await upkeep({ ...world, isRotating: false }, later);
  await inShop(world.pools, world.shopId, async (tx) => {
    for (const { id } of await tx.query<{ id: string }>("SELECT id FROM people"))
      await eraseProfile(tx, world.shopId, id, later);
  });
  return before - (await rawRows(scratch, world.shopId));
}

async function rawRows({ owner }: Scratch, shopId: string): Promise<number> {
  const sql = `SELECT (SELECT count(*) FROM clicks WHERE shop_id = $1)
                    + (SELECT count(*) FROM person_keys WHERE shop_id = $1 AND NOT identifies)
                    + (SELECT count(*) FROM inbox WHERE shop_id = $1 AND facts IS NOT NULL) AS rows`;
  const { rows } = await owner.query<{ rows: string | bigint }>(sql, [shopId]);
  return Number(rows[0]?.rows ?? 0);
}

async function countDecisions(world: UseCases) {
  const [row] = await world.query<{
    decisions: number;
    referrals: number;
    withRules: number;
    rulesThatFired: number;
    verdicts: number;
    terms: number;
  }>(
    `SELECT count(*)::int AS decisions, count(DISTINCT referral_id)::int AS referrals, count(DISTINCT verdict)::int AS verdicts,
            count(*) FILTER (WHERE rules <> '[]')::int AS "withRules",
            (SELECT count(DISTINCT rule ->> 'id')::int FROM decisions, jsonb_array_elements(rules) AS rule) AS "rulesThatFired",
            (SELECT count(DISTINCT terms_version)::int FROM referrals) AS terms
       FROM decisions`,
  );
  return row ?? { decisions: 0, referrals: 0, withRules: 0, rulesThatFired: 0, verdicts: 0, terms: 0 };
}

const CHANGES = [
  "score = (score + 1) % 101",
  `features = features || '{"sameEmail": true}'`,
  "ruleset = 'none'",
] as const;

/**
 * Changes a stored score, a feature and a rule set behind the program's back, past the trigger that forbids it.
 * @returns how many of the three are found
 */
async function tamper({ owner }: Scratch, world: UseCases): Promise<number> {
  const client = await owner.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    for (const [n, change] of CHANGES.entries())
      await client.query(
        `UPDATE decisions SET ${change}
          WHERE shop_id = $1 AND id = (SELECT id FROM decisions WHERE shop_id = $1 AND verdict = 'hold' ORDER BY id OFFSET $2 LIMIT 1)`,
        [world.shopId, n],
      );
    await client.query("COMMIT");
  } finally {
    client.release();
  }
  return wrong(await replayDecisions(world, { shopId: world.shopId }));
}
