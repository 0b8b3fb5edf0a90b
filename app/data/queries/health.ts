import { AppError } from "#app/platform/errors.ts";
import type { HealthView } from "#app/read-models.ts";
import { forShop } from "../prisma.ts";
import type { QueryDeps } from "./raw.ts";

type Row = {
  readonly payoutsPaused: string | null;
  readonly inboxWaiting: bigint;
  readonly inboxOldest: Date | null;
  readonly inboxDead: bigint;
  readonly outboxWaiting: bigint;
  readonly outboxOldest: Date | null;
  readonly outboxDead: bigint;
  readonly notesUnknown: bigint;
  readonly rewardsBlocked: bigint;
  readonly checks: HealthView["checks"] | null;
};

/**
 * What is due and not done, and what got stuck. Work that is planned for later is not waiting.
 *
 * @throws AppError `shop_unknown` when the shop has no row.
 */
export async function healthView(deps: QueryDeps, input: { shopId: string; now: Date }): Promise<HealthView> {
  const { shopId, now } = input;
  const [row] = await forShop(
    deps.prisma,
    shopId,
    (tx) => tx.$queryRaw<Row[]>`
      SELECT s.payouts_paused AS "payoutsPaused", i.waiting AS "inboxWaiting", i.oldest AS "inboxOldest", i.dead AS "inboxDead",
             o.waiting AS "outboxWaiting", o.oldest AS "outboxOldest", o.dead AS "outboxDead",
             (SELECT count(*) FROM notes WHERE shop_id = ${shopId}::uuid AND state = 'unknown') AS "notesUnknown",
             (SELECT count(*) FROM rewards WHERE shop_id = ${shopId}::uuid AND status = 'blocked') AS "rewardsBlocked",
             (SELECT json_agg(json_build_object('name', c.check_name, 'findings', c.findings,
                       'at', to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ORDER BY c.check_name)
                FROM (SELECT DISTINCT ON (check_name) check_name, findings, at FROM check_results
                       WHERE shop_id = ${shopId}::uuid ORDER BY check_name, at DESC) c) AS checks
        FROM shops s,
             (SELECT count(*) FILTER (WHERE state = 'new' AND next_at <= ${now}) AS waiting,
                     min(next_at) FILTER (WHERE state = 'new' AND next_at <= ${now}) AS oldest,
                     count(*) FILTER (WHERE state = 'dead') AS dead FROM inbox WHERE shop_id = ${shopId}::uuid) i,
             (SELECT count(*) FILTER (WHERE next_at <= ${now}) AS waiting, min(next_at) FILTER (WHERE next_at <= ${now}) AS oldest,
                     count(*) FILTER (WHERE state = 'dead') AS dead FROM outbox WHERE shop_id = ${shopId}::uuid) o
       WHERE s.id = ${shopId}::uuid`,
  );
  if (row === undefined) throw new AppError("shop_unknown");
  return {
    payoutsPaused: row.payoutsPaused,
    inboxWaiting: Number(row.inboxWaiting),
    inboxOldestSeconds: ageSeconds(row.inboxOldest, now),
    inboxDead: Number(row.inboxDead),
    outboxWaiting: Number(row.outboxWaiting),
    outboxOldestSeconds: ageSeconds(row.outboxOldest, now),
    outboxDead: Number(row.outboxDead),
    notesUnknown: Number(row.notesUnknown),
    rewardsBlocked: Number(row.rewardsBlocked),
    checks: row.checks ?? [],
  };
}

function ageSeconds(since: Date | null, now: Date): number {
  return since === null ? 0 : Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
}
