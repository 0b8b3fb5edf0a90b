import { appendAudit } from "#app/data/audit.repo.ts";
import { keepResult, latestResults, stopPayouts } from "#app/data/checks.repo.ts";
import { endOldDifferences, openSubjects, parentsToCompare } from "#app/data/differences.repo.ts";
import { endOldCreditDifferences } from "#app/data/given-credits.repo.ts";
import { savePass } from "#app/data/order-reading.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { compareCredits } from "./compare-credits.ts";
import { compareOrders } from "./compare-orders.ts";
import { compareParent } from "./compare-parent.ts";
import { parseRound } from "./compare-round.ts";
import type { CompareDeps, CompareStep, Round } from "./compare-round.ts";
import type { OutboxWork, ReadTrouble, WorkVerdict } from "./ports.ts";
import type { FoundDiscount } from "./reconcile-ports.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

/** Discounts that one call reads. */
const PARENTS_PER_CALL = 25;
/** Calls after which other work of the shop gets its turn. */
const PAGES_PER_RUN_MAX = 20;
const COMPARE_EVERY_MS = 24 * 60 * 60_000;
/** A use whose order was not told yet is looked at again when the orders were read meanwhile. */
const SUSPECTS_AGAIN_MS = 60 * 60_000;
const CHECK = "check_discounts";

/**
 * Compares a shop with its books, once a day (outbox topic `discounts.compare`): every discount of ours, then what was given as
 * store credit and gift cards, then the orders that were rewarded. Each code that somebody can use by the books is there,
 * worth what it was made for, and each code that is there is somebody's. What differs is kept for a person; what is new
 * about it stops the shop's payouts, since money may be wrong.
 */
export async function compareDiscounts(deps: CompareDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null || !shop.installed) return { outcome: "done" };
  let round = parseRound(row.payload);
  for (let pages = 0; pages < PAGES_PER_RUN_MAX;) {
    const step = STEPS[round.step];
    if (step === undefined) return finish(deps, row, shop, round);
    const some = await step(deps, shop, round);
    if (some.outcome !== "ok") return afterTrouble(deps, row, some);
    round = some.isLast ? { ...some.round, step: round.step + 1, after: null } : some.round;
    pages += some.pages;
    const passed = round;
    await inShop(deps.pools, shopId, (tx) => savePass(tx, shopId, row.id, passed));
  }
  return { outcome: "again", at: deps.clock.now(), reason: "more_discounts", anew: true };
}

const compareSomeDiscounts: CompareStep = async (deps, shop, begun) => {
  const { shopId } = shop;
  const { after } = begun;
  const parents = await inShop(deps.pools, shopId, (tx) =>
    parentsToCompare(tx, { shopId, after, now: deps.clock.now(), limit: PARENTS_PER_CALL }),
  );
  if (parents.length === 0) return { outcome: "ok", round: begun, pages: 0, isLast: true };
  const admin = deps.admin.forShop(shopId, shop.domain);
  const answer = await admin.discountsById(parents.map(({ discountId }) => discountId));
  if (answer.outcome !== "ok") return answer;
  const found = new Map<string, FoundDiscount>(answer.discounts.map((discount) => [discount.discountId, discount]));
  let round = begun;
  let pages = 1;
  for (const parent of parents) {
    const discount = found.get(parent.discountId) ?? null;
    const compared = await compareParent(deps, shop, { parent, discount, round });
    if (compared.outcome !== "ok") return compared;
    ({ round } = compared);
    pages += compared.pages;
    if (pages >= PAGES_PER_RUN_MAX) break;
  }
  return { outcome: "ok", round, pages, isLast: false };
};

const STEPS: readonly CompareStep[] = [compareSomeDiscounts, compareCredits, compareOrders];

async function finish(deps: CompareDeps, row: OutboxWork, shop: KnownShop, round: Round): Promise<WorkVerdict> {
  const { shopId } = shop;
  const now = deps.clock.now();
  const hasNews = round.seen.some((code) => !round.suspects.includes(code));
  const paused = await inShop(deps.pools, shopId, async (tx) => {
    await endOldDifferences(tx, shopId, now);
    await endOldCreditDifferences(tx, shopId, now);
    const findings = await keepFindings(tx, shopId, now);
    await savePass(tx, shopId, row.id, { suspects: round.seen, missingBefore: round.missing });
    return round.opened > 0 && (await pause(tx, { shopId, findings, now }));
  });
  if (paused) {
    deps.shops.forget(shopId);
    deps.logger.error({ shopId, reason: CHECK }, "Shopify and the books disagree: the shop's payouts are paused");
  }
  const waitMs = hasNews ? SUSPECTS_AGAIN_MS : COMPARE_EVERY_MS;
  return { outcome: "again", at: new Date(now.getTime() + waitMs), reason: "standing_work", anew: true };
}

/** The result stands beside those of the other checks. @returns how many differences are open */
async function keepFindings(tx: Tx, shopId: string, now: Date): Promise<number> {
  const { count, subjects } = await openSubjects(tx, shopId);
  const before = (await latestResults(tx, shopId)).find(({ name }) => name === CHECK) ?? null;
  await keepResult(tx, shopId, { name: CHECK, findings: count, subjects, at: now, watermark: null, before });
  return count;
}

async function pause(tx: Tx, args: { shopId: string; findings: number; now: Date }): Promise<boolean> {
  const { shopId, findings, now } = args;
  const reason = `check_failed:${CHECK}`;
  if (!(await stopPayouts(tx, shopId, reason))) return false;
  const entry = { id: newId(), shopId, at: now, actor: "worker", action: "payouts.paused", subject: null };
  await appendAudit(tx, { ...entry, detail: { reason, findings } });
  return true;
}

function afterTrouble(deps: CompareDeps, row: OutboxWork, trouble: ReadTrouble): WorkVerdict {
  const now = deps.clock.now();
  if (trouble.outcome !== "refused") return againAfterTrouble(now, row.attempts, trouble);
  deps.logger.error({ shopId: row.shopId, reason: trouble.code }, "discounts could not be read");
  return againLater(now, row.attempts, trouble.code, SUSPECTS_AGAIN_MS);
}
