import { isObject } from "#app/domain/json/read.ts";
import { READ_EVERY_MS } from "#app/domain/reconcile/order-reading.ts";
import { AppError } from "#app/platform/errors.ts";
import { leastIdAt } from "#app/platform/ids.ts";
import type { DifferenceView, ReadingView, ReconciliationView } from "#app/reconcile-views.ts";
import { forShop } from "../prisma.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";

const DAY_MS = 86_400_000;
/** Passes that may fail in a row before the page says so. */
const PASSES_MISSED_MAX = 4;
/** The days that today's deliveries are held against, and how many a day make their absence worth a word. */
const BASELINE_DAYS = 7;
const BASELINE_LEAST = 5;

type ReadingRow = {
  readonly readTo: Date | null;
  readonly installedAt: Date;
  readonly found: number;
  readonly deliveries: number;
  readonly ofAnyKind: number;
  readonly before: number;
  readonly unreadable: unknown;
};

/** What the comparison with Shopify found. @throws AppError `shop_unknown` when the shop has no row */
export async function reconciliationView(
  deps: QueryDeps,
  input: { shopId: string; now: Date },
): Promise<ReconciliationView> {
  const { shopId } = input;
  return forShop(deps.prisma, shopId, async (tx) => {
    const [compared] = await tx.$queryRaw<{ at: Date }[]>`
      SELECT at FROM check_results WHERE shop_id = ${shopId}::uuid AND check_name = 'check_discounts' ORDER BY at DESC LIMIT 1`;
    const differences = await openDifferences(tx, shopId);
    return { reading: await readingView(tx, input), comparedAt: compared?.at.toISOString() ?? null, differences };
  });
}

type DifferenceRow = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: unknown;
  readonly foundAt: Date;
  readonly rewardId: string | null;
  readonly referralId: string | null;
};

async function openDifferences(tx: ReadTx, shopId: string): Promise<DifferenceView[]> {
  const rows = await tx.$queryRaw<DifferenceRow[]>`
    SELECT d.id::text, d.kind, d.subject, d.detail, d.found_at AS "foundAt", d.reward_id::text AS "rewardId",
           w.referral_id::text AS "referralId"
      FROM differences d LEFT JOIN rewards w ON w.shop_id = d.shop_id AND w.id = d.reward_id
     WHERE d.shop_id = ${shopId}::uuid AND d.state = 'open' ORDER BY d.found_at, d.id LIMIT 100`;
  return rows.map(({ id, kind, subject, detail, foundAt, rewardId, referralId }) => ({
    id,
    kind,
    subject: subject.replace(/^gid:.*\//, ""),
    foundAt: foundAt.toISOString(),
    referralId,
    fields: fieldsIn(detail),
    choices: choicesFor(kind, rewardId),
  }));
}

function fieldsIn(detail: unknown): string[] {
  const fields = isObject(detail) ? detail["fields"] : null;
  return Array.isArray(fields) ? fields.filter((field) => typeof field === "string") : [];
}

function choicesFor(kind: string, rewardId: string | null): DifferenceView["choices"] {
  if (kind === "code_unknown") return ["withdraw", "accept"];
  const isMadeAgain = kind === "discount_missing" || (kind === "code_missing" && rewardId !== null);
  return isMadeAgain ? ["make_again", "accept"] : ["accept"];
}

async function readingView(tx: ReadTx, { shopId, now }: { shopId: string; now: Date }): Promise<ReadingView> {
  const since = new Date(now.getTime() - DAY_MS);
  // Ids have the machine's clock; the rows between are few, and tell the followed one.
  const leastId = leastIdAt(new Date(Date.now() - DAY_MS));
  const baselineSince = new Date(since.getTime() - BASELINE_DAYS * DAY_MS);
  const baselineId = leastIdAt(new Date(Date.now() - (BASELINE_DAYS + 1) * DAY_MS));
  const [row] = await tx.$queryRaw<ReadingRow[]>`
    SELECT s.orders_read_to AS "readTo", s.installed_at AS "installedAt",
           (SELECT coalesce(sum((a.detail ->> 'count')::int), 0)::int FROM audit a
             WHERE a.shop_id = s.id AND a.id >= ${leastId}::uuid AND a.action = 'orders.found' AND a.at > ${since}) AS found,
           (SELECT count(*)::int FROM inbox i
             WHERE i.shop_id = s.id AND i.id >= ${leastId}::uuid AND i.topic LIKE 'orders/%' AND i.received_at > ${since}) AS deliveries,
           d."ofAnyKind", d.before,
           (SELECT a.detail FROM audit a
             WHERE a.shop_id = s.id AND a.action = 'orders.unreadable' ORDER BY a.id DESC LIMIT 1) AS unreadable
      FROM shops s,
           (SELECT count(*) FILTER (WHERE i.received_at > ${since})::int AS "ofAnyKind",
                   count(*) FILTER (WHERE i.received_at <= ${since})::int AS before
              FROM inbox i
             WHERE i.shop_id = ${shopId}::uuid AND i.id >= ${baselineId}::uuid AND i.topic NOT LIKE 'goodword/%'
               AND i.received_at > ${baselineSince}) d
     WHERE s.id = ${shopId}::uuid`;
  if (row === undefined) throw new AppError("shop_unknown");
  const lastMs = (row.readTo ?? row.installedAt).getTime();
  return {
    readTo: row.readTo?.toISOString() ?? null,
    isBehind: now.getTime() - lastMs > PASSES_MISSED_MAX * READ_EVERY_MS,
    found: row.found,
    deliveries: row.deliveries,
    silentAfter: silentAfter(row),
    unreadable: spanOf(row.unreadable),
  };
}

/** A subscription that Shopify removed, or an address that leads nowhere, shows in nothing but silence. */
function silentAfter({ ofAnyKind, before }: ReadingRow): number | null {
  const usual = Math.round(before / BASELINE_DAYS);
  return ofAnyKind === 0 && usual >= BASELINE_LEAST ? usual : null;
}

function spanOf(detail: unknown): ReadingView["unreadable"] {
  if (!isObject(detail)) return null;
  const { from, to } = detail;
  return typeof from === "string" && typeof to === "string" ? { from, to } : null;
}
