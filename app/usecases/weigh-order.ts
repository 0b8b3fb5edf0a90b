import { recordAttribution, wasOrderWeighed } from "#app/data/attributions.repo.ts";
import { clicksClaimedBy, clicksOfWelcomeCodes } from "#app/data/claims.repo.ts";
import { pixelTokens } from "#app/data/own-events.repo.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { chooseClick } from "#app/domain/attribution/choose-click.ts";
import type { Attribution } from "#app/domain/attribution/choose-click.ts";
import type { ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { convertByOrder } from "./convert-referral.ts";
import type { EventDeps } from "./inbox-event.ts";
import { learnProfile, profileOfFacts } from "./learn-profile.ts";
import { askToMeet, openReferral } from "./open-referral.ts";
import type { PersonsOrder } from "./persons-order.ts";
import { evidenceOf, evidenceOfClaims } from "./weigh-clicks.ts";
import type { CarriedToken } from "./weigh-clicks.ts";

/** Sources of orders that no browser made: they attribute by code alone. */
const WITHOUT_BROWSER: ReadonlySet<string> = new Set(["pos", "shopify_draft_order"]);

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
  const opens = attribution.outcome === "attributed" && !facts.test && !facts.renewal && facts.cancelledAt === null;
  const opened = opens
    ? await openReferral(tx, {
        shopId,
        friendPerson: personId,
        winner: attribution.winner,
        browser: { device: facts.device, cartTokenHash: facts.cartTokenHash ?? null },
        now,
      })
    : null;
  await record(tx, order, attribution, opened?.referralId ?? null);
  if (opened === null) return "nothing_opened";
  const referral = await referralById(tx, shopId, opened.referralId);
  invariant(referral !== null, "a referral that was just opened is there");
  const isConverted = await convertByOrder(tx, { event, shop, personId, before, now, deps, referral });
  if (!isConverted) await meetWithoutOrder(tx, deps, order, referral.id);
  return "opened";
}

/** The order opened the referral and does not qualify for it: who the friend is was told all the same. */
async function meetWithoutOrder(tx: Tx, deps: EventDeps, order: PersonsOrder, referralId: string): Promise<void> {
  const { event, personId, now } = order;
  const { facts, shopId } = event;
  invariant(facts.person !== null, "an order of somebody tells who they are");
  const learned = profileOfFacts(deps.keys, shopId, facts.person);
  await learnProfile(tx, { keys: deps.keys, shopId, personId, learned });
  await askToMeet(tx, { shopId, referralId, now });
}

async function carriedBy(tx: Tx, shopId: string, facts: OrderFacts): Promise<CarriedToken[]> {
  if (isWithoutBrowser(facts)) return [];
  const seenAtCheckout = facts.checkoutTokenHash === null ? [] : await pixelTokens(tx, shopId, facts.checkoutTokenHash);
  return [
    ...facts.tokens.cartAttribute.map((token) => ({ token, carrier: "cart_attribute" as const })),
    ...seenAtCheckout.map((token) => ({ token, carrier: "pixel" as const })),
    ...facts.tokens.landingSite.map((token) => ({ token, carrier: "landing_site" as const })),
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

function isWithoutBrowser(facts: OrderFacts): boolean {
  return facts.sourceName !== null && WITHOUT_BROWSER.has(facts.sourceName);
}

/** One row for an order however often it is delivered, and another only if it is the one that opened the referral. */
async function record(tx: Tx, order: PersonsOrder, attribution: Attribution, referralId: string | null): Promise<void> {
  const { event, personId, now } = order;
  const { orderId } = event.facts;
  if (referralId === null && (await wasOrderWeighed(tx, event.shopId, orderId))) return;
  await recordAttribution(tx, {
    id: newId(),
    shopId: event.shopId,
    event: "order",
    inboxId: event.id,
    personId,
    orderId,
    referralId,
    attribution,
    at: now,
  });
}
