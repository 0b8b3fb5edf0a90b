import type { ProofOptions } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { TestBed, TestBedOptions } from "../lib/test-bed.ts";
import { createCalls } from "../load/calls.ts";
import { openShops } from "../load/shops.ts";
import { readDeliveries } from "../oracle/acknowledged.ts";
import { createObserver } from "../oracle/observer.ts";
import { bellsInPostgres } from "../queue/bells.ts";
import { startLoad } from "./load.ts";
import { inFlightOf, strike } from "./strike.ts";

const ROUNDS_MAX = 20;
/** What was lost may bring a world's people to an end before it is seen: then another world is begun. */
const WORLDS_MAX = 3;
const SHOPS = 6;

/** What the control saw: in which round an acknowledged delivery was first missing. */
export type ControlReport = {
  readonly control: { readonly rounds: number; readonly acknowledged: number; readonly lost: number };
  readonly controlLost: number;
};

/**
 * The same people, the same kill and the same list of acknowledged deliveries, on a database that answers before it has
 * written (`synchronous_commit=off`): a proof that cannot see a loss there could not have seen one before.
 */
export async function playControl(
  bedOptions: Omit<TestBedOptions, "redis" | "postgresSettings">,
  options: ProofOptions,
): Promise<ControlReport> {
  options.say("the control: the same with synchronous_commit=off, until something acknowledged is lost …");
  const unsafe = { ...bedOptions, name: "control", redis: false, postgresSettings: { synchronous_commit: "off" } };
  const seen = { rounds: 0, acknowledged: 0, lost: 0 };
  for (let world = 0; world < WORLDS_MAX && seen.lost === 0; world += 1) {
    const seed = options.seed + world;
    const { control } = await withTestBed(unsafe, (bed) => killUntilLost(bed, { ...options, seed }));
    seen.rounds += control.rounds;
    seen.acknowledged += control.acknowledged;
    seen.lost += control.lost;
  }
  return { control: seen, controlLost: seen.lost };
}

async function killUntilLost(bed: TestBed, { seed, say }: ProofOptions): Promise<ControlReport> {
  const observer = createObserver(bed.databaseUrl);
  const bells = bellsInPostgres(observer, { drop: false });
  const calls = createCalls();
  const shops = await openShops(bed.target, SHOPS, "control");
  const load = startLoad({ bed, shops, calls, seed, observer });
  const deps = { bed, observer, bells, calls, random: createRandom(seed + 2), leaseMs: 0 };
  let [rounds, seen] = [0, { acknowledged: 0, lost: [] as readonly string[] }];
  try {
    while (rounds < ROUNDS_MAX && seen.lost.length === 0 && !load.hasFailed()) {
      const done = await strike(deps, "postgres");
      rounds += 1;
      seen = await readDeliveries({ observer, shops });
      say(
        `  kill ${rounds}: ${inFlightOf(done)} in flight, ${seen.lost.length} of ${seen.acknowledged} deliveries lost`,
      );
    }
  } finally {
    // What the people of this world find after a loss is no matter: it has shown what it had to show.
    await load.stop().catch(() => []);
    await bells.close();
    await observer.close();
  }
  const { acknowledged, lost } = seen;
  return { control: { rounds, acknowledged, lost: lost.length }, controlLost: lost.length };
}
