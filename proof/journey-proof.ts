import { playJourney } from "./journey/journey.ts";
import { JourneyFailed } from "./journey/http.ts";
import type { Proof, ProofOptions } from "./lib/proof.ts";
import { isRedisHere } from "./lib/redis-here.ts";
import { withTestBed } from "./lib/test-bed.ts";

type Journey = { readonly currency: string; readonly protectedFields: boolean };
type Played = Journey & {
  readonly backend: string;
  readonly steps: number;
  readonly rewards: number;
  readonly duplicatesPaid: number;
  readonly fault: string | null;
};

const ALL: readonly Journey[] = [
  { currency: "GBP", protectedFields: true },
  { currency: "GBP", protectedFields: false },
  { currency: "JPY", protectedFields: true },
  { currency: "JPY", protectedFields: false },
];
/** One a backend, and between them every setting. */
const SHORT: Readonly<Record<string, readonly Journey[]>> = {
  postgres: [{ currency: "JPY", protectedFields: false }],
  redis: [{ currency: "GBP", protectedFields: true }],
};

/** The whole story over HTTP, with the queue in PostgreSQL and on Redis, with and without protected fields, in GBP and JPY. */
export const journey: Proof = {
  name: "journey",
  about: "the whole story over HTTP on both queues, with and without protected fields, in GBP and JPY",
  least: { attempted: 1, stepsLeast: 12 },
  async run(options) {
    const hasRedis = isRedisHere(options);
    // Beds of their own: the one story works while the other waits.
    const backends = hasRedis ? (["postgres", "redis"] as const) : (["postgres"] as const);
    const played = (await Promise.all(backends.map((backend) => playAll(options, backend)))).flat();
    return {
      attempted: played.length,
      violations: played.filter(({ fault, duplicatesPaid }) => fault !== null || duplicatesPaid !== 0).length,
      inconclusive: 0,
      stepsLeast: Math.min(...played.map(({ steps }) => steps)),
      redis: hasRedis ? "played" : "not installed",
      journeys: played,
    };
  },
};

async function playAll(options: ProofOptions, backend: "postgres" | "redis"): Promise<Played[]> {
  const bedOptions = { name: "journey", firstPort: options.firstPort, redis: backend === "redis", say: options.say };
  return withTestBed(bedOptions, async ({ target }) => {
    const played: Played[] = [];
    for (const one of (options.short ? SHORT[backend] : ALL) ?? ALL) {
      const shop = `journey-${one.currency.toLowerCase()}-${one.protectedFields ? "open" : "null"}.myshopify.com`;
      const steps: string[] = [];
      const onStep = (name: string): void => void steps.push(name);
      const result = await playJourney({ target, shop, ...one, onStep }).catch((error: unknown) => {
        if (error instanceof JourneyFailed) return `after ${steps.at(-1) ?? "the start"}: ${error.message}`;
        throw error;
      });
      const fault = typeof result === "string" ? result : null;
      const rewards = typeof result === "string" ? 0 : result.rewards;
      const duplicatesPaid = typeof result === "string" ? 0 : result.duplicatesPaid;
      options.say(
        `  ${fault === null ? "✓" : "✗"} ${backend}, ${one.currency}, protected fields ${one.protectedFields ? "given" : "null"}: ${fault ?? `${steps.length} steps, ${rewards} rewards`}`,
      );
      played.push({ ...one, backend, steps: steps.length, rewards, duplicatesPaid, fault });
    }
    return played;
  });
}
