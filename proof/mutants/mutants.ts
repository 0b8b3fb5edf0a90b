import type { Proof, ProofReport } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import { startTestCluster } from "../../test/harness/cluster.ts";
import { AT_ONCE } from "./attack.ts";
import { tryTheCode } from "./code-mutants.ts";
import type { CodeGuard } from "./code/code-guard.ts";
import { CODE_GUARDS } from "./code/guards.ts";
import type { Mutant } from "./mutant.ts";
import { tryTheRaces } from "./race-mutants.ts";
import { tryTheRights } from "./rights-mutants.ts";
import { tryTheSchema } from "./schema-mutants.ts";
import { onScratch } from "./scratch.ts";

/** A child process each: the short form draws so many of the guards that are code. */
const CODE_GUARDS_SHORT = 6;

/** Every guard is removed in turn; the attack that it holds off must then be seen to succeed, and fails with it in place. */
export const mutants: Proof = {
  name: "mutants",
  about: "guards removed one by one: the attack that each holds off must then be seen to succeed",
  least: { attempted: 140, guardsRemoved: 140, detected: 140, codeGuards: CODE_GUARDS_SHORT, atOnce: AT_ONCE },
  leastFull: { codeGuards: CODE_GUARDS.length },
  async run(options) {
    options.say("  starting PostgreSQL …");
    const cluster = await startTestCluster();
    const show = (found: readonly Mutant[]): void => found.forEach((mutant) => options.say(row(mutant)));
    try {
      const schema = await onScratch(cluster, tryTheSchema);
      show(schema.mutants);
      const rights = await onScratch(cluster, tryTheRights);
      show(rights);
      const races = await tryTheRaces(cluster);
      show(races);
      const guards = options.short ? drawn(options.seed) : CODE_GUARDS;
      const code = await tryTheCode(cluster, guards);
      show(code);
      if (options.short) options.say(`  ${guards.length} of ${CODE_GUARDS.length} guards in code, by the seed`);
      return reportOn([...schema.mutants, ...rights, ...races, ...code], {
        atOnce: Math.min(...races.map(({ atOnce }) => atOnce)),
        codeGuards: code.length,
        codeGuardsOfAll: CODE_GUARDS.length,
        untried: schema.untried.length,
        untriedGuards: schema.untried,
      });
    } finally {
      await cluster.stop();
    }
  },
};

function drawn(seed: number): CodeGuard[] {
  const random = createRandom(seed);
  const weighed = CODE_GUARDS.map((guard) => ({ guard, weight: random.next() }));
  const first = weighed.toSorted((a, b) => a.weight - b.weight).slice(0, CODE_GUARDS_SHORT);
  return first.map(({ guard }) => guard);
}

function row({ guard, attack, passesGuarded, detected, behind, caughtBy, inconclusive }: Mutant): string {
  const sign = inconclusive !== undefined ? "?" : passesGuarded && detected ? "✓" : "✗";
  const also = behind.length === 0 ? "" : ` (and behind it ${behind.join(", ")})`;
  const caught = inconclusive ?? (caughtBy.join(", ") || "nothing");
  return `  ${sign} ${guard}${also} · ${attack} · ${passesGuarded ? "" : "NOT HELD OFF with it · "}caught by: ${caught}`;
}

function reportOn(found: readonly Mutant[], counts: Readonly<Record<string, unknown>>): ProofReport {
  const shown = found.filter(({ inconclusive }) => inconclusive === undefined);
  const missed = shown.filter(({ passesGuarded, detected }) => !passesGuarded || !detected);
  const names = found.flatMap(({ guard, behind }) => [guard, ...behind]);
  return {
    attempted: found.length,
    violations: missed.length,
    inconclusive: found.length - shown.length,
    guardsRemoved: new Set(names).size,
    detected: shown.length - missed.length,
    ...counts,
    missed: missed.map(({ guard }) => guard),
    mutants: found,
  };
}
