import { noteOrder } from "#app/data/people.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { noteSignals } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import { verdictWithoutEvidence } from "./await-evidence.ts";
import { friendFacts } from "./friend-facts.ts";
import { identifyPerson } from "./identify-person.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { signalsOfOrder } from "./order-signals.ts";
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
  const { verdict, touched } = await retryRaces(() =>
    inShop(deps.pools, event.shopId, async (tx) => {
      const now = deps.clock.now();
      const personId = await identifyPerson(tx, { shopId: event.shopId, hashes: person, now });
      if (personId === null) return UNTOUCHED;
      const before = await friendFacts(tx, event.shopId, personId);
      await rememberOrder(tx, event, shop, personId);
      return handle(tx, deps, { event, shop, personId, before, now });
    }),
  );
  if (touched) deps.ringOutbox(event.shopId);
  return verdict;
}

/** `touched`: the order met a referral or a click, so that there may be work in the outbox. */
type Handled = { readonly verdict: EventVerdict; readonly touched: boolean };

const UNTOUCHED: Handled = { verdict: DONE, touched: false };

async function handle(tx: Tx, deps: EventDeps, order: PersonsOrder): Promise<Handled> {
  const { event, before } = order;
  if (before.openReferral !== null) {
    if (event.facts.cancelledAt === null) await convertByOrder(tx, { ...order, deps, referral: before.openReferral });
    else await dropOrder(tx, { ...order, referral: before.openReferral, reason: "order_cancelled" });
    return { verdict: DONE, touched: true };
  }
  if ((await weighOrder(tx, deps, order)) === "opened") return { verdict: DONE, touched: true };
  return { verdict: verdictWithoutEvidence(event, before.friend, order.now), touched: false };
}

/** Keeps what the order says about its customer: when they bought, and the browser and address they bought with. */
async function rememberOrder(tx: Tx, event: InboxEvent<OrderFacts>, shop: KnownShop, personId: string): Promise<void> {
  const { facts, shopId } = event;
  if (facts.test) return;
  await noteOrder(tx, shopId, personId, new Date(orderTime(facts)));
  await noteSignals(tx, { shopId, personId, signals: signalsOfOrder(facts, shop.keyring) });
}
