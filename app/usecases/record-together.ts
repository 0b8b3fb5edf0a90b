import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { recordFriendsOrders } from "./record-friends-orders.ts";
import { recordPlainCustomers } from "./record-plain-customers.ts";
import { recordPlainOrders } from "./record-plain-orders.ts";
import { recordReferredOrders } from "./record-referred-orders.ts";

/**
 * Works at once on what of a batch needs no unit of work of its own: sign-ups first, so that their orders find them; then the
 * many orders that concern no referral; then those that open one, and those that one waits for. Each takes what the one before
 * has left.
 *
 * @param events of one shop, in the order in which they were received
 * @returns what becomes of the rows that were taken, by their ids
 */
export async function recordTogether(
  deps: EventDeps,
  shopId: string,
  events: readonly InboxEvent[],
): Promise<ReadonlyMap<string, EventVerdict>> {
  const verdicts = new Map<string, EventVerdict>();
  for (const record of [recordPlainCustomers, recordPlainOrders, recordReferredOrders, recordFriendsOrders]) {
    const left = events.filter(({ id }) => !verdicts.has(id));
    for (const [id, verdict] of await record(deps, shopId, left)) verdicts.set(id, verdict);
  }
  return verdicts;
}
