import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { clearOrder, convertReferral, recordPayment, voidReferral } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { noteSignals } from "#app/data/signals.repo.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { appendAudit } from "#app/data/audit.repo.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { afterUnpayable } from "#app/domain/referral/after-unpayable.ts";
import { convertingOrderOf } from "#app/domain/referral/converting-order.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import { conversionOf, eligibleAtOf } from "#app/domain/referral/conversion.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { EventDeps } from "./inbox-event.ts";
import { learnProfile, profileOfFacts } from "./learn-profile.ts";
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
    await askForScreen(tx, args, "paid");
    return false;
  }
  if (referral.qualifyingOrder !== null) return false;
  const order = convertingOrderOf(facts, terms);
  if (order === null) return false;
  const conversion = conversionOf(order, {
    clickedAt: broughtAt(referral),
    expiresAt: referral.expiresAt.getTime(),
    coolingOffDays: terms.coolingOffDays,
  });
  if (conversion.outcome === "not_converted") return false;
  const converted = await convertReferral(tx, {
    shopId,
    referralId: referral.id,
    order: {
      orderId: facts.orderId,
      orderAt: new Date(conversion.orderAt),
      paidAt: conversion.paidAt === null ? null : new Date(conversion.paidAt),
      eligibleAt: conversion.eligibleAt === null ? null : new Date(conversion.eligibleAt),
      snapshot: snapshotOf(facts),
    },
    now,
  });
  if (!converted) return false;
  invariant(facts.person !== null, "an order of a known person says whose it is");
  const learned = profileOfFacts(args.deps.keys, shopId, facts.person);
  await learnProfile(tx, { keys: args.deps.keys, shopId, personId: referral.friendPerson, learned });
  const signals = earlierNetworkOf(facts, args.shop.keyring);
  await noteSignals(tx, { shopId, personId: referral.friendPerson, signals });
  await askForScreen(tx, args, "order");
  return true;
}

/** The order has to be read again for what a webhook does not carry (the card, the risk): that is the worker's, not ours. */
async function askForScreen(tx: Tx, args: Converting, occasion: "order" | "paid"): Promise<void> {
  const { event, referral, now } = args;
  await enqueueOutbox(tx, {
    id: newId(),
    shopId: event.shopId,
    topic: "referral.screen",
    dedupeKey: `screen:${referral.id}:${event.facts.orderId}:${occasion}`,
    payload: { referralId: referral.id, askedAt: now.getTime() },
    nextAt: now,
    now,
  });
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
