import { createHash } from "node:crypto";
import { appendAudit } from "#app/data/audit.repo.ts";
import { orderReading, READ_TOPIC, savePass, saveReadTo, toldOrders } from "#app/data/order-reading.repo.ts";
import type { ToldOrder } from "#app/data/order-reading.repo.ts";
import { insertOwnEvent } from "#app/data/own-events.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { parsePass, planPass, READ_EVERY_MS, SEARCH_LAG_MS } from "#app/domain/reconcile/order-reading.ts";
import type { Pass } from "#app/domain/reconcile/order-reading.ts";
import { UNNAMED_EDIT } from "#app/domain/review/reversal.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { OutboxWork, ShopifyAdmin, WorkVerdict } from "./ports.ts";
import type { ChangedOrder } from "./reconcile-ports.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

export type ReadOrdersDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
  readonly logger: Logger;
  readonly ringInbox: (shopId: string) => void;
  /** The door's own extraction: what is read and what is delivered become facts in the same way. Null: unreadable. */
  readonly extract: (told: { topic: string; payload: unknown; shop: KnownShop; happenedAt: Date }) => InboxFacts | null;
};

/** Pages of one run: it stays well inside the lease of its row, and other work of the shop gets its turn. */
const PAGES_PER_RUN_MAX = 10;
/** Rows are looked at that came so long before the orders in question, and at most so many hours of them. */
const TOLD_MARGIN_MS = 60 * 60_000;
const TOLD_SPAN_MS_MAX = 26 * 60 * 60_000;
/** Of older orders the deliveries are not looked for, so nothing is said of them. */
const MISSED_SPAN_MS = TOLD_SPAN_MS_MAX - TOLD_MARGIN_MS;

/**
 * Reads from Shopify what changed since the last pass (outbox topic `orders.read`), every quarter of an hour for as long as
 * the app is installed: deliveries may be lost, and no message says that one was. An order that no delivery told of in its
 * present version becomes an inbox row, whose id names order and version, so that reading twice is telling once.
 */
export async function readOrders(deps: ReadOrdersDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null || !shop.installed) return { outcome: "done" };
  let pass = parsePass(row.payload) ?? (await begin(deps, row));
  const admin = deps.admin.forShop(shopId, shop.domain);
  for (let page = 0; page < PAGES_PER_RUN_MAX; page += 1) {
    const answer = await admin.changedOrders({ since: new Date(pass.sinceMs), after: pass.after });
    const now = deps.clock.now();
    if (answer.outcome === "refused") {
      deps.logger.error({ shopId, reason: answer.code }, "orders could not be read");
      return againLater(now, row.attempts, answer.code, READ_EVERY_MS);
    }
    if (answer.outcome !== "ok") return againAfterTrouble(now, row.attempts, answer);
    const { orders, next } = answer;
    pass = { ...pass, after: next };
    const told = await inShop(deps.pools, shopId, async (tx) => {
      const count = await tellUntold(tx, deps, { shop, orders, pass, now });
      if (next === null) await saveReadTo(tx, shopId, new Date(pass.startedMs));
      await savePass(tx, shopId, row.id, next === null ? {} : pass);
      return count;
    });
    if (told > 0) deps.ringInbox(shopId);
    if (next === null)
      return { outcome: "again", at: new Date(now.getTime() + READ_EVERY_MS), reason: "standing_work", anew: true };
  }
  return { outcome: "again", at: deps.clock.now(), reason: "more_orders", anew: true };
}

/** Begins a pass where the last one ended; further back when it was asked for, and never before what Shopify shows. */
async function begin(deps: ReadOrdersDeps, row: OutboxWork): Promise<Pass> {
  const { shopId } = row;
  const now = deps.clock.now();
  return inShop(deps.pools, shopId, async (tx) => {
    const plan = planPass({ ...(await orderReading(tx, shopId)), isDeep: row.payload["deep"] === true, now });
    if (plan.unreadableFromMs !== null) {
      deps.logger.warn({ shopId }, "orders changed so long ago that Shopify does not show them any more");
      const detail = {
        from: new Date(plan.unreadableFromMs).toISOString(),
        to: new Date(plan.pass.sinceMs).toISOString(),
      };
      const entry = { id: newId(), shopId, at: now, actor: "worker", action: "orders.unreadable", subject: null };
      await appendAudit(tx, { ...entry, detail });
    }
    await savePass(tx, shopId, row.id, plan.pass);
    return plan.pass;
  });
}

type Page = {
  readonly shop: KnownShop;
  readonly orders: readonly ChangedOrder[];
  readonly pass: Pass;
  readonly now: Date;
};

/** Writes the rows of orders, refunds and edits that nobody told of. @returns how many orders were news */
async function tellUntold(tx: Tx, deps: ReadOrdersDeps, { shop, orders, pass, now }: Page): Promise<number> {
  const { shopId } = shop;
  const spanMs = Math.min(now.getTime() - pass.sinceMs + TOLD_MARGIN_MS, TOLD_SPAN_MS_MAX);
  // Ids are made by the machine's clock, whatever clock the shop lives by.
  const since = new Date(Date.now() - spanMs);
  const orderIds = orders.map(({ orderId }) => orderId);
  const told = new Map((await toldOrders(tx, { shopId, orderIds, since })).map((one) => [one.orderId, one]));
  const untold = orders.filter((order) => !isTold(order, told.get(order.orderId)));
  for (const order of untold) for (const event of eventsOf(deps, shop, order)) await tell(tx, { shopId, event, now });
  const missed = orders.filter((order) => isMissed(order, told.get(order.orderId), pass));
  if (missed.length > 0) {
    const entry = { id: newId(), shopId, at: now, actor: "worker", action: "orders.found", subject: null };
    await appendAudit(tx, { ...entry, detail: { count: missed.length } });
  }
  return untold.length;
}

/** Whether deliveries have told of an order as it is now. That it was paid is told apart from its version. */
function isTold(order: ChangedOrder, told: ToldOrder | undefined): boolean {
  if (told === undefined || told.updatedAt < BigInt(order.updatedAt.getTime())) return false;
  return (order.paidAt === null || told.paid) && (order.cancelledAt === null || told.cancelled);
}

/** Whether a new order should have been delivered by now, and was not. Each order is looked at so in one pass alone. */
function isMissed(order: ChangedOrder, told: ToldOrder | undefined, pass: Pass): boolean {
  const [createdMs, fromMs] = [order.createdAt.getTime(), Math.max(pass.sinceMs, pass.startedMs - MISSED_SPAN_MS)];
  return told?.delivered !== true && createdMs >= fromMs && createdMs < pass.startedMs - SEARCH_LAG_MS;
}

type ReadEvent = { readonly key: string; readonly facts: InboxFacts };

/** Everything there is to tell of an order, each under the name of what happened. */
function eventsOf(deps: ReadOrdersDeps, shop: KnownShop, order: ChangedOrder): ReadEvent[] {
  const { orderId, updatedAt } = order;
  const version = `${orderId}_${updatedAt.getTime()}`;
  const read = (topic: string, payload: unknown): InboxFacts | null =>
    deps.extract({ topic, payload, shop, happenedAt: updatedAt });
  const events: ReadEvent[] = [];
  const facts = read("orders/create", order.payload);
  if (facts?.kind === "order") {
    const paidAt = order.paidAt?.getTime() ?? null;
    events.push({ key: `recon_${version}`, facts: { ...facts, paidAt } });
  } else deps.logger.error({ shopId: shop.shopId }, "an order that was read cannot be told");
  for (const { refundId, payload } of order.refunds) {
    const refund = read("refunds/create", payload);
    if (refund !== null) events.push({ key: `recon_refund_${refundId}`, facts: refund });
  }
  if (order.wasReduced) {
    const edit: InboxFacts = { kind: "order_edited", orderId, editId: UNNAMED_EDIT, removes: true };
    events.push({ key: `recon_edit_${version}`, facts: edit });
  }
  return events;
}

async function tell(tx: Tx, { shopId, event, now }: { shopId: string; event: ReadEvent; now: Date }): Promise<void> {
  const digest = createHash("sha256").update(JSON.stringify(event.facts)).digest();
  const row = { shopId, id: newId(), topic: READ_TOPIC, dedupeKey: event.key, digest, facts: event.facts, now };
  await insertOwnEvent(tx, row);
}
