import { appendAudit } from "#app/data/audit.repo.ts";
import {
  CHECK_NAMES,
  FOLD_CHECK,
  hasNews,
  isMoneyCheck,
  keepResult,
  latestResults,
  ROUND_CHECKS,
  runCheck,
  stopPayouts,
  TIME_CHECKS,
} from "#app/data/checks.repo.ts";
import type { CheckResult, KeptResult } from "#app/data/checks.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";

export type CheckDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly shops: Pick<ShopDirectory, "forget">;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "checkFindings">;
};

const DAY_MS = 86_400_000;
/** Ids are made before their transaction commits, and on machines whose clocks differ a little. */
const NEWS_MARGIN_MS = 10 * 60_000;

/**
 * Runs the invariant checks of every shop: those of money where something was booked or recorded since they were last
 * clean, that of late work always, and once a day all of them in full. Results are kept; a new finding about money stops the payouts
 * of its shop. A shop that cannot be checked does not keep the others from being.
 *
 * @returns how many findings there are now, over all shops
 * @throws AggregateError after the round, when shops could not be checked
 */
export async function runChecks(deps: CheckDeps): Promise<number> {
  const { rows } = await deps.pools.sweep.query<{ id: string }>("SELECT id FROM shops ORDER BY id");
  const totals = new Map(CHECK_NAMES.map((name) => [name, 0]));
  const failures: unknown[] = [];
  for (const { id } of rows) {
    try {
      for (const { name, findings } of await checkShop(deps, { shopId: id }))
        totals.set(name, (totals.get(name) ?? 0) + findings);
    } catch (error) {
      failures.push(error);
    }
  }
  for (const [check, findings] of totals) deps.metrics.checkFindings.set({ check }, findings);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} shops could not be checked`);
  return [...totals.values()].reduce((sum, findings) => sum + findings, 0);
}

/**
 * Checks one shop.
 *
 * @param input.full Every check, whatever was clean before; else what the shop's news and the day ask for.
 * @returns what every check finds now, those that were not run again included
 */
export async function checkShop(
  deps: CheckDeps,
  input: { shopId: string; full?: boolean },
): Promise<readonly CheckResult[]> {
  const { shopId, full = false } = input;
  const now = deps.clock.now();
  // The machine's clock, as ids have it: taken before anything is read.
  const startedAt = new Date();
  const { results, paused } = await inShop(deps.pools, shopId, async (tx) => {
    const before = new Map((await latestResults(tx, shopId)).map((result) => [result.name, result]));
    const names = full ? CHECK_NAMES : await checksDue(tx, shopId, before, now);
    const results = new Map<string, CheckResult>(before);
    let paused: string | null = null;
    for (const name of names) {
      const result = await runCheck(tx, shopId, name, now);
      const last = before.get(name) ?? null;
      const watermark = result.findings === 0 ? startedAt : (last?.watermark ?? null);
      await keepResult(tx, shopId, { ...result, at: now, watermark, before: last });
      results.set(name, result);
      if (isMoneyCheck(name) && isNew(result, last)) paused ??= await pauseFor(tx, shopId, result, now);
    }
    return { results: [...results.values()], paused };
  });
  if (paused !== null) {
    deps.shops.forget(shopId);
    deps.logger.error({ shopId, reason: paused }, "an invariant check found something: the shop's payouts are paused");
  }
  return results;
}

/** All checks once a day; between, all but the slow ones where there is news or a finding; else what time alone can fail. */
async function checksDue(
  tx: Tx,
  shopId: string,
  before: ReadonlyMap<string, KeptResult>,
  now: Date,
): Promise<readonly string[]> {
  const fullAt = before.get(FOLD_CHECK)?.at;
  if (fullAt === undefined || now.getTime() - fullAt.getTime() >= DAY_MS) return CHECK_NAMES;
  const last = ROUND_CHECKS.filter((name) => !TIME_CHECKS.includes(name)).map((name) => before.get(name));
  const marks = last.map((result) => (result?.findings === 0 ? Number(result.watermark) : 0));
  const since = new Date(Math.min(...marks) - NEWS_MARGIN_MS);
  return since.getTime() < 0 || (await hasNews(tx, shopId, since)) ? ROUND_CHECKS : TIME_CHECKS;
}

/** A finding that stands since the last run was seen by whoever resumed the payouts; anything beside it is new. */
function isNew(result: CheckResult, last: KeptResult | null): boolean {
  if (last === null) return result.findings > 0;
  return result.findings > last.findings || result.subjects.some((subject) => !last.subjects.includes(subject));
}

async function pauseFor(tx: Tx, shopId: string, { name, findings }: CheckResult, now: Date): Promise<string | null> {
  const reason = `check_failed:${name}`;
  if (!(await stopPayouts(tx, shopId, reason))) return null;
  const entry = { id: newId(), shopId, at: now, actor: "worker", action: "payouts.paused", subject: null };
  await appendAudit(tx, { ...entry, detail: { reason, findings } });
  return reason;
}
