import { enqueueAll } from "#app/data/outbox.repo.ts";
import type { NewWork } from "#app/data/outbox.repo.ts";
import { clearOrder, convertReferrals, recordPayment, voidReferral } from "#app/data/referrals.repo.ts";
import type { RecordedOrder, ReferralRow } from "#app/data/referrals.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { noteSignalsOfMany } from "#app/data/signals.repo.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { appendAudit } from "#app/data/audit.repo.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { afterUnpayable } from "#app/domain/referral/after-unpayable.ts";
import { convertingOrderOf } from "#app/domain/referral/converting-order.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import { conversionOf, eligibleAtOf } from "#app/domain/referral/conversion.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { EventDeps } from "./inbox-event.ts";
import { learnProfiles, profileOfFacts } from "./learn-profile.ts";
import { earlierNetworkOf } from "./order-signals.ts";
import type { PersonsOrder } from "./persons-order.ts";

type Converting = PersonsOrder & { readonly deps: EventDeps; readonly referral: ReferralRow };

/**
 * Records an order of the friend on their open referral: as the qualifying one, or that the qualifying one was paid. What it
 * tells of the friend is kept with it.
 *
 * @returns whether it is the qualifying order from now on, so that Shopify will be asked about it and both people
 */
export async function convertByOrder(tx: Tx, args: Converting): Promise<boolean> {
  const { event, referral, now } = args;
  const { facts, shopId } = event;
  const terms = await termsOfVersion(tx, shopId, referral.termsVersion);
  if (referral.qualifyingOrder === facts.orderId) {
    if (facts.paidAt === null || referral.paidAt !== null) return false;
    const eligibleAt = new Date(eligibleAtOf(facts.paidAt, terms.coolingOffDays));
    const payment = { orderId: facts.orderId, paidAt: new Date(facts.paidAt), eligibleAt, snapshot: snapshotOf(facts) };
    await recordPayment(tx, { shopId, referralId: referral.id, ...payment, now });
    await enqueueAll(tx, shopId, [screenWork(referral.id, facts.orderId, "paid", now)], now);
    return false;
  }
  if (referral.qualifyingOrder !== null) return false;
  const order = qualifyingOrderOf(facts, terms, { clickedAt: broughtAt(referral), expiresAt: referral.expiresAt });
  if (order === null) return false;
  const converting = { facts, referralId: referral.id, friendPerson: referral.friendPerson, order };
  return (await convertByOrders(tx, { ...args, shopId }, [converting])).size === 1;
}

/** An order that qualifies for an open referral. */
export type QualifyingOrder = {
  readonly facts: OrderFacts;
  readonly referralId: string;
  readonly friendPerson: string;
  readonly order: RecordedOrder;
};

/** @returns what is recorded of an order as the qualifying one of a referral, or null when it does not qualify */
export function qualifyingOrderOf(
  facts: OrderFacts,
  terms: Terms,
  { clickedAt, expiresAt }: { clickedAt: number; expiresAt: Date },
): RecordedOrder | null {
  const order = convertingOrderOf(facts, terms);
  if (order === null) return null;
  const { coolingOffDays } = terms;
  const conversion = conversionOf(order, { clickedAt, expiresAt: expiresAt.getTime(), coolingOffDays });
  if (conversion.outcome === "not_converted") return null;
  return {
    orderId: facts.orderId,
    orderAt: new Date(conversion.orderAt),
    paidAt: conversion.paidAt === null ? null : new Date(conversion.paidAt),
    eligibleAt: conversion.eligibleAt === null ? null : new Date(conversion.eligibleAt),
    snapshot: snapshotOf(facts),
  };
}

/**
 * Records orders as the qualifying ones of their referrals, with what they tell of the friends, and has them screened.
 * @returns the referrals whose orders these are from now on
 */
export async function convertByOrders(
  tx: Tx,
  args: { readonly deps: EventDeps; readonly shopId: string; readonly shop: KnownShop; readonly now: Date },
  all: readonly QualifyingOrder[],
): Promise<ReadonlySet<string>> {
  const { shopId, shop, now } = args;
  const { keys } = args.deps;
  const orders = all.map(({ referralId, order }) => ({ referralId, ...order }));
  const converted = await convertReferrals(tx, { shopId, now }, orders);
  const told = all.filter(({ referralId }) => converted.has(referralId));
  const learned = told.map(({ friendPerson, facts: { person } }) => {
    invariant(person !== null, "an order of a known person says whose it is");
    return [friendPerson, profileOfFacts(keys, shopId, person)] as const;
  });
  await learnProfiles(tx, { keys, shopId, learned: new Map(learned) });
  const signals = told.flatMap(({ friendPerson, facts }) =>
    earlierNetworkOf(facts, shop.keyring).map((signal) => ({ ...signal, personId: friendPerson })),
  );
  await noteSignalsOfMany(tx, shopId, signals);
  const work = told.map(({ referralId, facts }) => screenWork(referralId, facts.orderId, "order", now));
  await enqueueAll(tx, shopId, work, now);
  return converted;
}

/** The order has to be read again for what a webhook does not carry (the card, the risk): that is the worker's, not ours. */
function screenWork(referralId: string, orderId: string, occasion: "order" | "paid", now: Date): NewWork {
  return {
    id: newId(),
    topic: "referral.screen",
    dedupeKey: `screen:${referralId}:${orderId}:${occasion}`,
    payload: { referralId, askedAt: now.getTime() },
    nextAt: now,
  };
}

/**
 * Takes an order that earns nothing off the open referral it was recorded on: another may count while the window lasts,
 * and after that the referral ends.
 */
export async function dropOrder(
  tx: Tx,
  args: { event: { shopId: string; facts: { orderId: string } }; referral: ReferralRow; reason: string; now: Date },
): Promise<"cleared" | "voided" | "not_this_one"> {
  const { event, referral, now } = args;
  const { shopId } = event;
  if (referral.qualifyingOrder !== event.facts.orderId) return "not_this_one";
  const next = afterUnpayable({ expiresAt: referral.expiresAt.getTime(), now: now.getTime() });
  if (next === "void") {
    await voidReferral(tx, {
      shopId,
      referralId: referral.id,
      to: "VOIDED",
      reason: args.reason,
      now,
      actor: "worker",
    });
    return "voided";
  }
  await clearOrder(tx, { shopId, referralId: referral.id, orderId: event.facts.orderId });
  await appendAudit(tx, {
    id: newId(),
    shopId,
    at: now,
    actor: "worker",
    action: "referral.order_dropped",
    subject: referral.id,
    detail: { orderId: event.facts.orderId, reason: args.reason },
  });
  return "cleared";
}

/** What is kept of the order as the webhook brought it; amounts as decimal text, nothing that names a person. */
function snapshotOf(facts: OrderFacts): Record<string, unknown> {
  return {
    currency: facts.currency,
    totalPrice: facts.totalPrice,
    financialStatus: facts.financialStatus,
    sourceName: facts.sourceName,
    agentIsBot: facts.agentIsBot,
    updatedAt: facts.updatedAt,
  };
}
