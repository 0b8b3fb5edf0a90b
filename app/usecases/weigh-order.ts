import { clicksClaimedBy, clicksOfWelcomeCodes } from "#app/data/claims.repo.ts";
import { pixelTokens } from "#app/data/own-events.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { chooseClick } from "#app/domain/attribution/choose-click.ts";
import type { ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { isWithoutBrowser } from "#app/domain/event/referred-order.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import type { EventDeps } from "./inbox-event.ts";
import { openByOrders } from "./open-by-orders.ts";
import type { PersonsOrder } from "./persons-order.ts";
import { evidenceOf, evidenceOfClaims } from "./weigh-clicks.ts";
import type { CarriedToken } from "./weigh-clicks.ts";

/**
 * Weighs the clicks that an order carries, and opens the referral if one wins and the order qualifies.
 *
 * @returns "nothing_opened" when it carries no click, or none that counts: better evidence may still come
 */
export async function weighOrder(tx: Tx, deps: EventDeps, order: PersonsOrder): Promise<"opened" | "nothing_opened"> {
  const { event, shop, personId, before, now } = order;
  const { facts, shopId } = event;
  const carried = await evidenceOf(tx, { keys: deps.keys, shopId, carried: await carriedBy(tx, shopId, facts) });
  const clicks = [...carried, ...(await claimedBy(tx, shopId, facts))];
  if (clicks.length === 0) return "nothing_opened";
  const attribution = chooseClick({
    at: orderTime(facts),
    cartAt: facts.cartAt,
    device: facts.device,
    cartTokenHash: facts.cartTokenHash ?? null,
    friend: before.friend,
    clicks,
  });
  const opened = await openByOrders(tx, { deps, shopId, shop, now }, [{ event, personId, attribution }]);
  return opened.size === 0 ? "nothing_opened" : "opened";
}

async function carriedBy(tx: Tx, shopId: string, facts: OrderFacts): Promise<CarriedToken[]> {
  if (isWithoutBrowser(facts)) return [];
  const seenAtCheckout = facts.checkoutTokenHash === null ? [] : await pixelTokens(tx, shopId, facts.checkoutTokenHash);
  return [...tokensOf(facts), ...seenAtCheckout.map((token) => ({ token, carrier: "pixel" as const }))];
}

/** The tokens that an order itself carries. */
export function tokensOf({ tokens }: OrderFacts): CarriedToken[] {
  return [
    ...tokens.cartAttribute.map((token) => ({ token, carrier: "cart_attribute" as const })),
    ...tokens.landingSite.map((token) => ({ token, carrier: "landing_site" as const })),
  ];
}

/**
 * Taps that were claimed: by a welcome code on the order, whichever way it was bought; else by the buyer's address or
 * device, which the domain asks proof of.
 */
async function claimedBy(tx: Tx, shopId: string, facts: OrderFacts): Promise<ClickEvidence[]> {
  const codes = facts.discountCodes.map((code) => code.toUpperCase());
  const byCode = await clicksOfWelcomeCodes(tx, shopId, codes);
  const emailHash = facts.person?.emailHash ?? null;
  const { device, cartTokenHash = null } = facts;
  const byBuyer = isWithoutBrowser(facts)
    ? []
    : await clicksClaimedBy(tx, { shopId, emailHash, device, cartTokenHash });
  return [
    ...(await evidenceOfClaims(tx, shopId, byCode, "welcome_code")),
    ...(await evidenceOfClaims(tx, shopId, byBuyer, "claim")),
  ];
}
