import { wakeParked } from "#app/data/inbox.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { CustomerFacts } from "#app/domain/event/customer-facts.ts";
import { friendFacts } from "./friend-facts.ts";
import { identifyPerson } from "./identify-person.ts";
import { DONE, wakeKeyOf } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { learnProfile, profileOfFacts } from "./learn-profile.ts";

/**
 * A customer was created, enabled or changed: remembers who they are by keyed hashes, keeps what is needed for a note if
 * they take part in a referral, and wakes orders that waited for them. A sign-up by itself says nothing about a link:
 * the browser's bind does.
 */
export async function recordCustomer(deps: EventDeps, event: InboxEvent<CustomerFacts>): Promise<EventVerdict> {
  const { person } = event.facts;
  const woken = await retryRaces(() =>
    inShop(deps.pools, event.shopId, async (tx) => {
      const now = deps.clock.now();
      const personId = await identifyPerson(tx, { shopId: event.shopId, hashes: person, now });
      if (personId === null) return 0;
      const { openReferral } = await friendFacts(tx, event.shopId, personId);
      if (openReferral !== null) {
        const learned = profileOfFacts(deps.keys, event.shopId, person);
        await learnProfile(tx, { keys: deps.keys, shopId: event.shopId, personId, learned });
      }
      return person.customerHash === null ? 0 : wakeParked(tx, event.shopId, wakeKeyOf(person.customerHash), now);
    }),
  );
  if (woken > 0) deps.ringInbox(event.shopId);
  return DONE;
}
