import { recordAttributions, wasOrderWeighed } from "#app/data/attributions.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { Attribution } from "#app/domain/attribution/choose-click.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { convertByOrders, qualifyingOrderOf } from "./convert-referral.ts";
import type { QualifyingOrder } from "./convert-referral.ts";
import type { EventDeps, InboxEvent } from "./inbox-event.ts";
import { learnProfile, profileOfFacts } from "./learn-profile.ts";
import { askToMeet, openReferrals } from "./open-referral.ts";
import type { OpenedReferral, WonFriend } from "./open-referral.ts";

/** An order of a person, the canonical one, whose clicks were weighed. */
export type WeighedOrder = {
  readonly event: InboxEvent<OrderFacts>;
  readonly personId: string;
  readonly attribution: Attribution;
};

type Opening = { readonly deps: EventDeps; readonly shopId: string; readonly shop: KnownShop; readonly now: Date };

/**
 * Opens the referrals of those orders whose click won and which count, puts on record how each was weighed, and records the
 * orders that qualify. Of each person there is one order.
 *
 * @returns the referrals that were opened, by their friends
 */
export async function openByOrders(
  tx: Tx,
  args: Opening,
  weighed: readonly WeighedOrder[],
): Promise<ReadonlyMap<string, OpenedReferral>> {
  const opened = await openReferrals(tx, args, weighed.flatMap(wonBy));
  await record(tx, args, weighed, opened);
  const qualifying: QualifyingOrder[] = [];
  for (const { event, personId } of weighed) {
    const referral = opened.get(personId);
    if (referral === undefined) continue;
    const { referralId, terms, evidence, expiresAt } = referral;
    invariant(evidence !== null, "a referral that a click opened has its evidence");
    const { clickedAt } = evidence;
    const order = qualifyingOrderOf(event.facts, terms, { clickedAt, expiresAt });
    if (order === null) await meetWithoutOrder(tx, args, { event, personId, referralId });
    else qualifying.push({ facts: event.facts, referralId, friendPerson: personId, order });
  }
  if (qualifying.length > 0) await convertByOrders(tx, args, qualifying);
  return opened;
}

function wonBy({ event, personId, attribution }: WeighedOrder): WonFriend[] {
  const { test, renewal, cancelledAt, device, cartTokenHash = null } = event.facts;
  if (attribution.outcome !== "attributed" || test || renewal || cancelledAt !== null) return [];
  return [{ friendPerson: personId, winner: attribution.winner, browser: { device, cartTokenHash } }];
}

/** The order opened the referral and does not qualify for it: who the friend is was told all the same. */
async function meetWithoutOrder(
  tx: Tx,
  { deps, shopId, now }: Opening,
  { event, personId, referralId }: { event: InboxEvent<OrderFacts>; personId: string; referralId: string },
): Promise<void> {
  const { person } = event.facts;
  invariant(person !== null, "an order of somebody tells who they are");
  const learned = profileOfFacts(deps.keys, shopId, person);
  await learnProfile(tx, { keys: deps.keys, shopId, personId, learned });
  await askToMeet(tx, { shopId, referralId, now });
}

/** One row for an order however often it is delivered, and another only if it is the one that opened the referral. */
async function record(
  tx: Tx,
  { shopId, now }: Opening,
  weighed: readonly WeighedOrder[],
  opened: ReadonlyMap<string, OpenedReferral>,
): Promise<void> {
  const rows = [];
  for (const { event, personId, attribution } of weighed) {
    const { orderId } = event.facts;
    const referralId = opened.get(personId)?.referralId ?? null;
    if (referralId === null && (await wasOrderWeighed(tx, shopId, orderId))) continue;
    rows.push({ id: newId(), event: "order", inboxId: event.id, personId, orderId, referralId, attribution, at: now });
  }
  if (rows.length > 0) await recordAttributions(tx, shopId, rows);
}
