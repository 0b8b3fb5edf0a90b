import type { TestCluster } from "../../test/harness/cluster.ts";
import { rush } from "./at-once.ts";
import type { Attack } from "./attack.ts";
import { ATTACKS } from "./attacks.ts";
import { guardNamedBy, removeGuard, viewsThatSee } from "./guards.ts";
import type { Mutant } from "./mutant.ts";
import { onScratch } from "./scratch.ts";
import type { Scratch } from "./scratch.ts";

/** Guards that may stand behind one another; a double that they still refuse is counted as not detected. */
const LAYERS_MAX = 10;

type Round = {
  readonly atOnce: number;
  readonly count: number;
  readonly refusedBy: readonly string[];
  readonly views: readonly string[];
};

/** A race, and how many really stood at the gate when it opened. */
export type RaceMutant = Mutant & { readonly atOnce: number };

/** Lets twenty do at once what may be done once, with the guard in place and without it. */
export async function tryTheRaces(cluster: TestCluster): Promise<RaceMutant[]> {
  const found: RaceMutant[] = [];
  for (const attack of ATTACKS) found.push(await tryAttack(cluster, attack));
  return found;
}

async function tryAttack(cluster: TestCluster, attack: Attack): Promise<RaceMutant> {
  const whole = await onScratch(cluster, (scratch) => play(scratch, attack, true));
  return onScratch(cluster, async (scratch) => {
    const removed = [attack.guard];
    if (attack.unguarded === undefined) await remove(scratch, attack.guard);
    let broken = await play(scratch, attack, false);
    // What refuses now stood behind the first guard: it goes too, until nothing is left that refuses.
    while (broken.count <= 1 && removed.length < LAYERS_MAX) {
      const next = broken.refusedBy.find((name) => !removed.includes(name));
      if (next === undefined) break;
      await remove(scratch, next);
      removed.push(next);
      broken = await play(scratch, attack, false);
    }
    const detected = broken.count > 1;
    return {
      guard: attack.guard,
      kind: "race",
      attack: attack.name,
      passesGuarded: whole.count === 1,
      detected,
      behind: removed.slice(1),
      caughtBy: detected ? [`${broken.count} where one may be`, ...broken.views] : [],
      atOnce: Math.min(whole.atOnce, broken.atOnce),
    };
  });
}

async function remove({ owner }: Scratch, guard: string): Promise<void> {
  if ((await removeGuard(owner, guard)) === 0) throw new Error(`there is no guard "${guard}" to remove`);
}

async function play({ pools, owner }: Scratch, attack: Attack, isGuarded: boolean): Promise<Round> {
  const assault = await attack.prepare(pools, isGuarded ? undefined : attack.unguarded);
  const { atOnce, outcomes } = await rush(owner, attack.gate, assault.works);
  const { rows } = await owner.query<{ count: number }>(assault.count.text, [...assault.count.values]);
  const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [guardNamedBy(outcome.reason)] : []));
  const refusedBy = [...new Set(refusals)].filter((name) => name !== null);
  return { atOnce, count: rows[0]?.count ?? 0, refusedBy, views: await viewsThatSee(owner, assault.shopId) };
}
