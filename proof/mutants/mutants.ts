import type { Proof } from "../lib/proof.ts";
import { startTestCluster } from "../../test/harness/cluster.ts";
import type { TestCluster } from "../../test/harness/cluster.ts";
import { rush } from "./at-once.ts";
import { AT_ONCE } from "./attack.ts";
import type { Attack } from "./attack.ts";
import { ATTACKS } from "./attacks.ts";
import { guardNamedBy, removeGuard, viewsThatSee } from "./guards.ts";
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

/** One guard removed, and whether anything noticed. */
type Mutant = {
  readonly attack: string;
  readonly guard: string;
  /** With every guard in place: how many there were after twenty tried. */
  readonly guarded: number;
  /** The guards that had to go before the double came to be, the named one first. */
  readonly removed: readonly string[];
  /** Without them. */
  readonly unguarded: number;
  readonly atOnce: number;
  /** What saw the double: the count, and views that report it by themselves. */
  readonly caughtBy: readonly string[];
  readonly detected: boolean;
};

/** Twenty at once succeed once; with the guard removed, the same attack is seen to succeed more often. */
export const mutants: Proof = {
  name: "mutants",
  about: "guards removed one by one: the attack that each holds off must then be seen to succeed",
  least: { attempted: 7, guardsRemoved: 7, detected: 7, atOnce: AT_ONCE },
  async run(options) {
    options.say("  starting PostgreSQL …");
    const cluster = await startTestCluster();
    try {
      const found: Mutant[] = [];
      for (const attack of ATTACKS) {
        const mutant = await tryAttack(cluster, attack);
        found.push(mutant);
        options.say(`  ${mutant.detected ? "✓" : "✗"} ${row(mutant)}`);
      }
      return {
        attempted: found.length,
        violations: found.filter(({ guarded, detected }) => guarded !== 1 || !detected).length,
        inconclusive: 0,
        atOnce: Math.min(...found.map(({ atOnce }) => atOnce)),
        guardsRemoved: new Set(found.flatMap(({ removed }) => removed)).size,
        detected: found.filter(({ detected }) => detected).length,
        mutants: found,
      };
    } finally {
      await cluster.stop();
    }
  },
};

function row({ attack, guarded, removed, unguarded, caughtBy }: Mutant): string {
  return `${attack}: ${guarded} · without ${removed.join(", ")}: ${unguarded} · caught by ${caughtBy.join(", ") || "nothing"}`;
}

async function tryAttack(cluster: TestCluster, attack: Attack): Promise<Mutant> {
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
      attack: attack.name,
      guard: attack.guard,
      guarded: whole.count,
      removed,
      unguarded: broken.count,
      atOnce: Math.min(whole.atOnce, broken.atOnce),
      caughtBy: detected ? ["count", ...broken.views] : [],
      detected,
    };
  });
}

async function remove({ owner }: Scratch, guard: string): Promise<void> {
  if ((await removeGuard(owner, guard)) === null) throw new Error(`there is no guard "${guard}" to remove`);
}

async function play({ pools, owner }: Scratch, attack: Attack, isGuarded: boolean): Promise<Round> {
  const assault = await attack.prepare(pools, isGuarded ? undefined : attack.unguarded);
  const { atOnce, outcomes } = await rush(owner, attack.gate, assault.works);
  const { rows } = await owner.query<{ count: number }>(assault.count.text, [...assault.count.values]);
  const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [guardNamedBy(outcome.reason)] : []));
  const refusedBy = [...new Set(refusals)].filter((name) => name !== null);
  return { atOnce, count: rows[0]?.count ?? 0, refusedBy, views: await viewsThatSee(owner, assault.shopId) };
}
