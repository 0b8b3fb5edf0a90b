import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { MergeFacts } from "#app/domain/event/customer-facts.ts";
import { identifyPerson } from "./identify-person.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { mergePeople } from "./merge-people.ts";

/** Shopify made one customer of two: the people behind them are one from now on. */
export async function mergeByShopify(deps: EventDeps, event: InboxEvent<MergeFacts>): Promise<EventVerdict> {
  const { shopId, facts } = event;
  await retryRaces(() =>
    inShop(deps.pools, shopId, async (tx) => {
      const now = deps.clock.now();
      const known = (customerHash: string): Promise<string | null> =>
        identifyPerson(tx, { shopId, hashes: { customerHash, emailHash: null, phoneHash: null }, now });
      const kept = await known(facts.keptHash);
      const deleted = await known(facts.deletedHash);
      if (kept !== null && deleted !== null && kept !== deleted)
        await mergePeople(tx, { shopId, people: [kept, deleted], now });
    }),
  );
  deps.ringOutbox(shopId);
  return DONE;
}
