import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { MergeFacts } from "#app/domain/event/customer-facts.ts";
import { invariant } from "#app/platform/errors.ts";
import { identifyPerson } from "./identify-person.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { learnProfile, profileOf } from "./learn-profile.ts";
import { mergePeople } from "./merge-people.ts";

/**
 * Shopify made one customer of two: the people behind them are one from now on. Where the one that is gone is whom their
 * profile leads to, it leads to the one that stays, since rewards go there.
 */
export async function mergeByShopify(deps: EventDeps, event: InboxEvent<MergeFacts>): Promise<EventVerdict> {
  const shop = await deps.shops.byId(event.shopId);
  if (shop === null) return DONE;
  const { shopId, facts } = event;
  await retryRaces(() =>
    inShop(deps.pools, shopId, async (tx) => {
      const now = deps.clock.now();
      const known = (customerHash: string): Promise<string | null> =>
        identifyPerson(tx, { shopId, hashes: { customerHash, emailHash: null, phoneHash: null }, now });
      const kept = await known(facts.keptHash);
      const deleted = await known(facts.deletedHash);
      invariant(kept !== null && deleted !== null, "a customer id identifies");
      const personId = kept === deleted ? kept : await mergePeople(tx, { shopId, people: [kept, deleted], now });
      const { customerId } = await profileOf(tx, { keys: deps.keys, shopId, personId });
      const leadsNowhere = customerId != null && shop.keyring.person("customer", customerId) === facts.deletedHash;
      if (leadsNowhere && facts.keptId !== null)
        await learnProfile(tx, { keys: deps.keys, shopId, personId, learned: { customerId: facts.keptId } });
    }),
  );
  deps.ringOutbox(shopId);
  return DONE;
}
