import { createRandom } from "../lib/random.ts";
import { UsageError, countFlag } from "../lib/proof.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { judgePopulation } from "./judge.ts";
import { makePopulation } from "./population.ts";
import { OTHER_STYLE, PLAIN_STYLE } from "./style.ts";
import type { Style } from "./style.ts";
import { added, judged, tally } from "./tally.ts";
import type { Judged, Tally } from "./tally.ts";

const PEOPLE = 20_000;
const PEOPLE_SHORT = 6_000;
const SEEDS = 10;
/** The reviewers draw from a stream of their own, so that they change nothing about the population. */
const REVIEWER_SEED = 0x5eed;
const STYLES: Readonly<Record<string, Style>> = { plain: PLAIN_STYLE, other: OTHER_STYLE };

/**
 * A labelled population of friends goes through the screen, which never sees the labels, and through reviewers who err. Asks
 * whether the honest are let alone and the cheats are not paid.
 */
export const fraud: Proof = {
  name: "fraud",
  about: "honest friends and cheats, labelled, through the screen (--people 20000 --seeds 10 --style plain|other)",
  least: { people: 6_000, honest: 4_500, family: 60, cheats: 600, seeds: 1, rulesThatFired: 18 },
  run: (options) => Promise.resolve(run(options)),
};

function run(options: ProofOptions): ProofReport {
  const people = countFlag(options, "people", options.short ? PEOPLE_SHORT : PEOPLE);
  const seeds = countFlag(options, "seeds", options.short ? 1 : SEEDS);
  const style = STYLES[options.flags["style"] ?? "plain"];
  if (style === undefined) throw new UsageError("--style is plain or other");
  const tallies: Tally[] = [];
  for (let n = 0; n < seeds; n += 1) {
    const seed = options.seed + n;
    const population = makePopulation({ seed, people, style });
    const one = tally(judgePopulation(population, { random: createRandom(seed ^ REVIEWER_SEED) }));
    tallies.push(one);
    options.say(`  seed ${seed}: ${lineOf(judged(one))}`);
  }
  const all = added(tallies);
  const each = tallies.map((one) => judged(one, true));
  // All seeds together are held to the limits as they stand; one population alone may miss them by what chance does to it.
  const { broken: brokenTogether, ...shares } = judged(all, options.short);
  const broken = [...brokenTogether, ...each.flatMap((one) => one.broken)];
  return {
    attempted: all.counts.people,
    violations: broken.length,
    inconclusive: 0,
    ...all.counts,
    ...shares,
    style: style.name,
    seeds,
    rulesThatFired: Object.keys(all.rules).length,
    worst: worstOf(each),
    ...(broken.length === 0 ? {} : { broken }),
    rules: sorted(all.rules),
    kinds: sorted(all.kinds),
  };
}

function lineOf({
  honestBlocked,
  honestHeldOfUnrelated,
  honestHeld,
  honestPaid,
  fraudPaid,
  fraudOfPaid,
}: Judged): string {
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  return [
    `honest blocked ${honestBlocked}`,
    `held ${percent(honestHeldOfUnrelated)} of the unrelated, ${percent(honestHeld)} of all`,
    `paid ${percent(honestPaid)}`,
    `cheats are ${percent(fraudOfPaid)} of what is paid (${percent(fraudPaid)} of them got through)`,
  ].join("; ");
}

/** The worst seed by each limit, so that a mean hides nothing. */
function worstOf(each: readonly Judged[]) {
  const most = (of: (one: Judged) => number): number => Math.max(...each.map(of));
  return {
    honestBlocked: most((one) => one.honestBlocked),
    honestHeldOfUnrelated: most((one) => one.honestHeldOfUnrelated),
    honestHeld: most((one) => one.honestHeld),
    honestPaid: Math.min(...each.map((one) => one.honestPaid)),
    fraudPaid: most((one) => one.fraudPaid),
    fraudOfPaid: most((one) => one.fraudOfPaid),
  };
}

function sorted<Value>(table: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
