import { recordAttributions } from "#app/data/attributions.repo.ts";
import { wakeParked } from "#app/data/inbox.repo.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { noteSignals } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { chooseClick } from "#app/domain/attribution/choose-click.ts";
import type { BindFacts } from "#app/domain/event/customer-facts.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";
import { friendFacts } from "./friend-facts.ts";
import { identifyPerson } from "./identify-person.ts";
import { DONE, wakeKeyOf } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { learnProfile, profileOfFacts } from "./learn-profile.ts";
import { askToMeet, openReferral } from "./open-referral.ts";
import { NO_ORDER_EVIDENCE, NOBODY_SEEN } from "./gather-facts.ts";
import { screenReferral } from "./screen-referral.ts";
import { evidenceOf } from "./weigh-clicks.ts";

/**
 * A logged-in customer's browser handed its tokens over: weighs them, and opens the referral if a click wins. Orders that
 * came first and waited for evidence about this customer are woken.
 */
export async function recordBind(deps: EventDeps, event: InboxEvent<BindFacts>): Promise<EventVerdict> {
  const shop = await deps.shops.byId(event.shopId);
  if (shop === null) return DONE;
  const woken = await retryRaces(() =>
    inShop(deps.pools, event.shopId, (tx) => weighBind(tx, deps, event, shop.keyring)),
  );
  if (woken > 0) deps.ringInbox(event.shopId);
  deps.ringOutbox(event.shopId);
  return DONE;
}

async function weighBind(tx: Tx, deps: EventDeps, event: InboxEvent<BindFacts>, keyring: ShopKeyring): Promise<number> {
  const { shopId, facts } = event;
  const now = deps.clock.now();
  const personId = await identifyPerson(tx, { shopId, hashes: facts.person, now });
  if (personId === null) return 0;
  if (facts.device !== null) {
    await noteSignals(tx, {
      shopId,
      personId,
      signals: [{ kind: "device", hash: keyring.fact("device", facts.device) }],
    });
  }
  const { friend } = await friendFacts(tx, shopId, personId);
  const carried = facts.tokens.map((token) => ({ token, carrier: "account_bind" as const }));
  const clicks = await evidenceOf(tx, { keys: deps.keys, shopId, carried });
  if (clicks.length === 0) return 0;
  const attribution = chooseClick({
    at: facts.at,
    cartAt: null,
    device: facts.device,
    cartTokenHash: null,
    friend,
    clicks,
  });
  const opened =
    attribution.outcome === "attributed"
      ? await openReferral(tx, {
          shopId,
          friendPerson: personId,
          winner: attribution.winner,
          browser: { device: facts.device, cartTokenHash: null },
          now,
        })
      : null;
  const referralId = opened?.referralId ?? null;
  const weighed = { id: newId(), event: "bind", inboxId: event.id, personId, orderId: null, referralId, attribution };
  await recordAttributions(tx, shopId, [{ ...weighed, at: now }]);
  if (opened !== null) {
    await askToMeet(tx, { shopId, referralId: opened.referralId, now });
    const learned = profileOfFacts(deps.keys, shopId, facts.person);
    await learnProfile(tx, { keys: deps.keys, shopId, personId, learned });
    const referral = await referralById(tx, shopId, opened.referralId);
    invariant(referral !== null, "a referral that was just opened is there");
    const emails = learned.email == null ? [] : [learned.email];
    const seen = { ...NOBODY_SEEN, friend: { emails, addresses: [] } };
    const { terms } = opened;
    await screenReferral(tx, { shopId, referral, terms, phase: "open", order: NO_ORDER_EVIDENCE, seen, now });
  }
  return facts.person.customerHash === null ? 0 : wakeParked(tx, shopId, [wakeKeyOf(facts.person.customerHash)], now);
}
