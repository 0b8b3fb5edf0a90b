import { createHash } from "node:crypto";
import { rewardedOrders } from "#app/data/given-credits.repo.ts";
import { READ_TOPIC } from "#app/data/order-reading.repo.ts";
import { insertOwnEvent } from "#app/data/own-events.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { newId } from "#app/platform/ids.ts";
import type { CompareDeps, CompareStep } from "./compare-round.ts";
import type { ReadTrouble } from "./ports.ts";
import type { DisputedAmount, OrderStanding } from "./reconcile-ports.ts";

const ORDERS_PER_PAGE = 50;
/** Disputes of one page whose amounts are asked for. */
const DISPUTES_MAX = 50;
/** Shopify shows orders for sixty days: what it does not show of younger ones is not there. */
const SHOWN_FOR_CERTAIN_MS = 55 * 86_400_000;

/**
 * Looks at some of the orders that were rewarded, for what neither a lost message nor their time of change tells: that a bank
 * asks the money back, or that the order was deleted. An order is told as deleted when it was missing in two rounds.
 */
export const compareOrders: CompareStep = async (deps, shop, round) => {
  const { shopId } = shop;
  const { after } = round;
  const since = new Date(deps.clock.now().getTime() - SHOWN_FOR_CERTAIN_MS);
  const rewarded = await inShop(deps.pools, shopId, (tx) =>
    rewardedOrders(tx, { shopId, after, since, limit: ORDERS_PER_PAGE }),
  );
  const last = rewarded.at(-1);
  if (last === undefined) return { outcome: "ok", round, pages: 0, isLast: true };
  const orderIds = rewarded.map(({ orderId }) => orderId);
  const answer = await deps.admin.forShop(shopId, shop.domain).orderStandings(orderIds);
  if (answer.outcome !== "ok") return answer;
  const disputed = await disputedOn(deps, shop, answer.orders);
  if (disputed.outcome !== "ok") return disputed;
  const shown = new Set(answer.orders.map(({ orderId }) => orderId));
  const missing = orderIds.filter((orderId) => !shown.has(orderId));
  const gone = missing.filter((orderId) => round.missingBefore.includes(orderId));
  const events = [...answer.orders.flatMap((order) => disputesOf(order, disputed.disputes)), ...gone.map(deletionOf)];
  const now = deps.clock.now();
  await inShop(deps.pools, shopId, async (tx) => {
    for (const { key, facts } of events) {
      const digest = createHash("sha256").update(JSON.stringify(facts)).digest();
      await insertOwnEvent(tx, { shopId, id: newId(), topic: READ_TOPIC, dedupeKey: key, digest, facts, now });
    }
  });
  if (events.length > 0) deps.ringInbox(shopId);
  const next = { ...round, after: last.referralId, missing: [...round.missing, ...missing] };
  return { outcome: "ok", round: next, pages: 1, isLast: rewarded.length < ORDERS_PER_PAGE };
};

type ReadEvent = { readonly key: string; readonly facts: InboxFacts };

type Disputed = { readonly outcome: "ok"; readonly disputes: readonly DisputedAmount[] } | ReadTrouble;

/** What banks ask for, of these orders' disputes. Without the scope for it, or without Shopify Payments, nothing is known. */
async function disputedOn(deps: CompareDeps, shop: KnownShop, orders: readonly OrderStanding[]): Promise<Disputed> {
  const ids = orders.flatMap(({ disputes }) => disputes.map(({ disputeId }) => disputeId)).slice(0, DISPUTES_MAX);
  if (ids.length === 0) return { outcome: "ok", disputes: [] };
  const answer = await deps.admin.forShop(shop.shopId, shop.domain).disputesById(ids);
  return answer.outcome === "refused" ? { outcome: "ok", disputes: [] } : answer;
}

/** Each dispute under its own name. The order shows no amount. One that was won is told as well: it takes nothing. */
function disputesOf({ orderId, disputes }: OrderStanding, amounts: readonly DisputedAmount[]): ReadEvent[] {
  return disputes.map(({ disputeId, status }) => {
    const known = amounts.find((one) => one.disputeId === disputeId && one.orderId === orderId);
    const { amount, currency } = known ?? { amount: null, currency: null };
    return {
      key: `recon_dispute_${disputeId}_${status}`,
      facts: { kind: "dispute", orderId, disputeId, amount, currency, status },
    };
  });
}

function deletionOf(orderId: string): ReadEvent {
  return { key: `recon_deleted_${orderId}`, facts: { kind: "order_deleted", orderId } };
}
