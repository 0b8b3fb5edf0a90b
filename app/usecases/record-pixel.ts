import { wakeOrdersOfCheckout } from "#app/data/own-events.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { PixelFacts } from "#app/domain/event/pixel-facts.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";

/**
 * The web pixel saw a checkout with tokens: an order of that checkout which waits for evidence is weighed again. One that
 * comes later finds the pixel's row by itself.
 */
export async function recordPixel(deps: EventDeps, event: InboxEvent<PixelFacts>): Promise<EventVerdict> {
  const woken = await inShop(deps.pools, event.shopId, (tx) =>
    wakeOrdersOfCheckout(tx, event.shopId, event.facts.checkoutTokenHash, deps.clock.now()),
  );
  if (woken > 0) deps.ringInbox(event.shopId);
  return DONE;
}
