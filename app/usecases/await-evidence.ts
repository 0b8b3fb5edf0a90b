import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import { LATE_EVENTS_MS } from "#app/domain/referral/durations.ts";
import { DONE, wakeKeyOf } from "./inbox-event.ts";
import type { EventVerdict, InboxEvent } from "./inbox-event.ts";

/** What was known of the buyer before the order. `firstOrderAt`: epoch milliseconds. */
export type BuyerBefore = { readonly firstOrderAt: number | null; readonly hasRewardedReferral: boolean };

/**
 * The verdict on an order that opened nothing: it carries no evidence, or none that counts. A new customer's waits for
 * better, since a bind or a pixel may be under way; every other one is done.
 */
export function verdictWithoutEvidence(event: InboxEvent<OrderFacts>, before: BuyerBefore, now: Date): EventVerdict {
  const { facts, receivedAt } = event;
  const customerHash = facts.person?.customerHash ?? null;
  const until = new Date(receivedAt.getTime() + LATE_EVENTS_MS);
  const isNew = before.firstOrderAt === null || before.firstOrderAt >= orderTime(facts);
  const counts = !facts.test && !facts.renewal && facts.cancelledAt === null;
  const mayStillBeTold = isNew && counts && now < until && !before.hasRewardedReferral;
  if (!mayStillBeTold || customerHash === null) return DONE;
  return { outcome: "parked", wakeKey: wakeKeyOf(customerHash), until };
}
