import { findRedisServer, REDIS_HOWTO } from "../../scripts/lib/redis.ts";
import { UsageError } from "./proof.ts";
import type { ProofOptions } from "./proof.ts";

/** Says whether the half of a proof that needs Redis can run; a loud skip if not, and an error in CI, where nothing may be missing. */
export function isRedisHere(options: Pick<ProofOptions, "say">): boolean {
  if (findRedisServer() !== null) return true;
  if (process.env["CI"] === "true") throw new UsageError(`Redis is not installed; ${REDIS_HOWTO}`);
  options.say(`  SKIP what needs Redis: ${REDIS_HOWTO}`);
  return false;
}
