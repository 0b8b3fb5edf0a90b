import type { AttributionFacts } from "./attribution-facts.ts";
import type { ClickEvidence } from "./click-evidence.ts";
import { CLICK_FLAG } from "./click-evidence.ts";
import { CLOCK_SLACK_MS, isExistingCustomer } from "./existing-customer.ts";

export type InvalidReason =
  | "no_token"
  | "expired"
  | "retired_code"
  | "self_click"
  | "bot"
  | "forced"
  | "late"
  | "existing_customer"
  | "campaign_closed"
  | "claim_unproven"
  | "already_referred";

/**
 * Why a click does not count for an event, or null when it does. The first reason found is told, most telling first:
 * what the link was, then when it was used, then who used it.
 */
export function invalidReason(click: ClickEvidence, facts: AttributionFacts): InvalidReason | null {
  return reasonOfLink(click) ?? reasonOfTime(click, facts) ?? reasonOfPerson(click, facts);
}

function reasonOfLink(click: ClickEvidence): InvalidReason | null {
  if (click.codeId === null || click.referrerPerson === null || click.codeState === "unknown") return "no_token";
  if (isRetired(click)) return "retired_code";
  if (!click.campaignOpenAtClick) return "campaign_closed";
  if ((click.flags & CLICK_FLAG.forced) !== 0) return "forced";
  // Every other carrier shows by itself that the page ran or that a person acted.
  if (click.isUnseen && click.carrier === "landing_site") return "forced";
  return click.flags === 0 ? null : "bot";
}

/** A code retired for abuse spoils its earlier clicks as well; any other retirement only those made after it. */
function isRetired(click: ClickEvidence): boolean {
  if (click.codeState !== "retired") return false;
  return click.codeRetiredReason === "abuse" || click.codeRetiredAt === null || click.codeRetiredAt <= click.clickedAt;
}

function reasonOfTime(click: ClickEvidence, facts: AttributionFacts): InvalidReason | null {
  if (facts.at > click.expiresAt) return "expired";
  const checkoutBeganAt = facts.cartAt === null ? facts.at : Math.min(facts.cartAt, facts.at);
  return click.clickedAt > checkoutBeganAt + CLOCK_SLACK_MS ? "late" : null;
}

function reasonOfPerson(click: ClickEvidence, facts: AttributionFacts): InvalidReason | null {
  const { friend } = facts;
  if (click.isOwnersClick || (friend.personId !== null && friend.personId === click.referrerPerson))
    return "self_click";
  if (friend.hasLiveReferral) return "already_referred";
  const isExisting = isExistingCustomer({
    history: friend,
    before: click.clickedAt,
    newCustomerDays: click.newCustomerDays,
  });
  if (friend.hasRewardedReferral || isExisting) return "existing_customer";
  return click.carrier === "claim" && !isClaimProven(click, facts) ? "claim_unproven" : null;
}

/** An address typed by anybody proves nothing: its welcome code or cart must be on the order, or its device seen. */
function isClaimProven(claim: ClickEvidence, facts: AttributionFacts): boolean {
  if (claim.device !== null && claim.device === facts.device) return true;
  if (claim.cartTokenHash !== null && claim.cartTokenHash === facts.cartTokenHash) return true;
  return facts.clicks.some(
    (other) =>
      other.clickId === claim.clickId && (other.carrier === "cart_attribute" || other.carrier === "welcome_code"),
  );
}
