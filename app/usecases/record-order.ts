import { noteOrder } from "#app/data/people.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { noteSignals } from "#app/data/signals.repo.ts";
import type { Signal } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import { LATE_EVENTS_MS } from "#app/domain/referral/durations.ts";
import { friendFacts } from "./friend-facts.ts";
import { identifyPerson } from "./identify-person.ts";
import { DONE, wakeKeyOf } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import type { PersonsOrder } from "./persons-order.ts";
import { convertByOrder, dropOrder } from "./convert-referral.ts";
import { weighOrder } from "./weigh-order.ts";

/**
 * An order was made, paid, edited or cancelled. Opens a referral if the order carries a click that wins, records it as
 * the qualifying order of the friend's open referral, notes its payment or takes it off again. Events come in any order
 * and any number of times: every step is a guarded write that happens once.
 */
export async function recordOrder(deps: EventDeps, event: InboxEvent<OrderFacts>): Promise<EventVerdict> {
  const shop = await deps.shops.byId(event.shopId);
  const { person } = event.facts;
  if (shop === null || person === null) return DONE;
  const verdict = await retryRaces(() =>
    inShop(deps.pools, event.shopId, async (tx) => {
      const now = deps.clock.now();
      const personId = await identifyPerson(tx, { shopId: event.shopId, hashes: person, now });
      if (personId === null) return DONE;
      const before = await friendFacts(tx, event.shopId, personId);
      await rememberOrder(tx, event, shop, personId);
      return handle(tx, deps, { event, shop, personId, before, now });
    }),
  );
  deps.ringOutbox(event.shopId);
  return verdict;
}

async function handle(tx: Tx, deps: EventDeps, order: PersonsOrder): Promise<EventVerdict> {
  const { event, before } = order;
  if (before.openReferral !== null) {
    if (event.facts.cancelledAt === null) await convertByOrder(tx, { ...order, deps, referral: before.openReferral });
    else await dropOrder(tx, { ...order, referral: before.openReferral, reason: "order_cancelled" });
    return DONE;
  }
  const weighed = await weighOrder(tx, deps, order);
  return weighed === "no_evidence" && mayStillBeTold(order) ? parked(order) : DONE;
}

/** Keeps what the order says about its customer: when they bought, and the browser and address they bought with. */
async function rememberOrder(tx: Tx, event: InboxEvent<OrderFacts>, shop: KnownShop, personId: string): Promise<void> {
  const { facts, shopId } = event;
  if (facts.test) return;
  await noteOrder(tx, shopId, personId, new Date(orderTime(facts)));
  const signals: Signal[] = [];
  if (facts.device !== null) signals.push({ kind: "device", hash: shop.keyring.fact("device", facts.device) });
  if (facts.addressHash?.length === 64) signals.push({ kind: "address", hash: facts.addressHash });
  await noteSignals(tx, { shopId, personId, signals });
}

/** A new customer's order without evidence waits for it: a bind or a pixel may be under way. */
function mayStillBeTold(order: PersonsOrder): boolean {
  const { event, before, now } = order;
  const { facts } = event;
  const isNew = before.friend.firstOrderAt === null || before.friend.firstOrderAt >= orderTime(facts);
  const isOver = now.getTime() >= event.receivedAt.getTime() + LATE_EVENTS_MS;
  const counts = !facts.test && !facts.renewal && facts.cancelledAt === null;
  return (
    isNew && counts && !isOver && !before.friend.hasRewardedReferral && (facts.person?.customerHash ?? null) !== null
  );
}

function parked(order: PersonsOrder): EventVerdict {
  const { receivedAt, facts } = order.event;
  return {
    outcome: "parked",
    wakeKey: wakeKeyOf(facts.person?.customerHash ?? ""),
    until: new Date(receivedAt.getTime() + LATE_EVENTS_MS),
  };
}
