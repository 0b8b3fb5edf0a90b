import { wakeParked } from "#app/data/inbox.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { CustomerFacts } from "#app/domain/event/customer-facts.ts";
import { openReferralOf } from "./friend-facts.ts";
import { identifyPerson } from "./identify-person.ts";
import { DONE, wakeKeyOf } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { recordBind } from "./record-bind.ts";
import { learnProfile, profileOf, profileOfFacts } from "./learn-profile.ts";

/**
 * A customer was created, enabled or changed: remembers who they are by keyed hashes (a new address joins the ones they had,
 * and makes one person of two), keeps what is needed for a note if they take part in a referral, and wakes orders that waited for them. A sign-up by itself says nothing about a link: the
 * browser's bind does, and so does a classic registration form that brought the link along.
 */
export async function recordCustomer(deps: EventDeps, event: InboxEvent<CustomerFacts>): Promise<EventVerdict> {
  const { person, token } = event.facts;
  const signedUpAt = event.facts.updatedAt ?? event.facts.createdAt;
  if (token !== null && signedUpAt !== null)
    return recordBind(deps, {
      ...event,
      facts: { kind: "bind", person, tokens: [token], device: null, at: signedUpAt },
    });
  const woken = await retryRaces(() =>
    inShop(deps.pools, event.shopId, async (tx) => {
      const now = deps.clock.now();
      const personId = await identifyPerson(tx, { shopId: event.shopId, hashes: person, now });
      if (personId === null) return 0;
      const whose = { keys: deps.keys, shopId: event.shopId, personId };
      const openReferral = await openReferralOf(tx, event.shopId, personId);
      const { customerId } = await profileOf(tx, whose);
      const learned = profileOfFacts(deps.keys, event.shopId, person);
      if (openReferral !== null) await learnProfile(tx, { ...whose, learned });
      // Whoever owns a link goes by their new name and address. Their rewards stay with the account that asked for the link.
      else if (customerId != null) await learnProfile(tx, { ...whose, learned: { ...learned, customerId } });
      return person.customerHash === null ? 0 : wakeParked(tx, event.shopId, [wakeKeyOf(person.customerHash)], now);
    }),
  );
  if (woken > 0) deps.ringInbox(event.shopId);
  return DONE;
}
