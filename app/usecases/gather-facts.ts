import { canonicalOf, historyOf } from "#app/data/people.repo.ts";
import type { ReferralEvidence } from "#app/data/referral-evidence.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { readScreenHistory } from "#app/data/screen-history.repo.ts";
import { tracesOf } from "#app/data/signals.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { isExistingCustomer } from "#app/domain/attribution/existing-customer.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import { domainOf } from "#app/domain/person/email.ts";
import { endsOf } from "#app/domain/screen/coupon-hosts.ts";
import type { ClickFacts, OrderEvidence, Party, ScreenFacts } from "#app/domain/screen/facts.ts";
import type { Terms } from "#app/domain/terms/terms.ts";

/** What is known of a person in clear while a referral is judged; none of it is stored. */
export type Seen = Pick<Party, "emails" | "addresses">;
export type SeenParties = { readonly friend: Seen; readonly referrer: Seen };

const NOTHING_SEEN: Seen = { emails: [], addresses: [] };
export const NOBODY_SEEN: SeenParties = { friend: NOTHING_SEEN, referrer: NOTHING_SEEN };

export const NO_ORDER_EVIDENCE: OrderEvidence = {
  agentIsBot: null,
  riskRecommendation: null,
  boughtBefore: null,
  evidenceMissing: false,
};

export type Gathering = {
  readonly shopId: string;
  readonly referral: ReferralRow;
  readonly terms: Terms;
  readonly order: OrderEvidence;
  readonly seen: SeenParties;
};

/** Gathers what the screen looks at for one referral: traces of both people, the shop's own history, the order. */
export async function gatherFacts(tx: Tx, args: Gathering): Promise<ScreenFacts> {
  const { referral } = args;
  const { evidence, openedAt, orderAt } = referral;
  return gather(tx, {
    ...args,
    referralId: referral.id,
    // Either may have been merged since it opened: look-ups lead to the canonical person, who has all of the names.
    friendPerson: await canonicalOf(tx, args.shopId, referral.friendPerson),
    referrerPerson: await canonicalOf(tx, args.shopId, referral.referrerPerson),
    codeId: referral.codeId,
    click: evidence === null ? null : clickOf(evidence),
    claimedClickId: evidence !== null && CLAIM_CARRIERS.has(evidence.carrier) ? evidence.clickId : null,
    openedAt,
    orderAt,
    broughtAt: broughtAt(referral),
  });
}

/** Two people and what lies between them; `referralId` and `click` are null as long as no referral does. */
export type Pair = {
  readonly shopId: string;
  readonly terms: Terms;
  readonly order: OrderEvidence;
  readonly seen: SeenParties;
  readonly referralId: string | null;
  readonly friendPerson: string;
  readonly referrerPerson: string;
  readonly codeId: string | null;
  readonly click: ClickFacts | null;
  readonly claimedClickId: string | null;
  readonly openedAt: Date;
  readonly orderAt: Date | null;
  /** Orders before this moment make an existing customer of the friend; epoch milliseconds. */
  readonly broughtAt: number;
};

/** Gathers the facts of two people, who are both canonical. */
export async function gather(tx: Tx, pair: Pair): Promise<ScreenFacts> {
  const { shopId, friendPerson, referrerPerson, click, seen, openedAt, orderAt } = pair;
  const signalsAt = orderAt ?? openedAt;
  const history = await readScreenHistory(tx, {
    ...pair,
    clickedAt: click === null ? null : new Date(click.clickedAt),
    domains: domainsOf(seen.friend.emails, click),
    signalsAt,
  });
  return {
    friend: { ...seen.friend, traces: await tracesOf(tx, shopId, friendPerson, signalsAt) },
    referrer: { ...seen.referrer, traces: await tracesOf(tx, shopId, referrerPerson, signalsAt) },
    click,
    openedAt: openedAt.getTime(),
    orderAt: orderAt?.getTime() ?? null,
    order: pair.order,
    history: { ...history, boughtBefore: await boughtBefore(tx, pair) },
  };
}

const CLAIM_CARRIERS: ReadonlySet<string> = new Set(["claim", "welcome_code"]);

/** Rows from before a field was kept are without it: what is not known must not stop the judgement. */
function clickOf(evidence: Partial<ReferralEvidence> & Pick<ReferralEvidence, "clickedAt">): ClickFacts {
  const { clickedAt, referrerHost = null, isBareClaim = false } = evidence;
  return { clickedAt, referrerHost, isBareClaim };
}

/** Every name that the friend's mailbox or the page of the link lies under: a merchant may have listed any of them. */
function domainsOf(emails: readonly string[], click: ClickFacts | null): string[] {
  const hosts = [...emails.map(domainOf), click?.referrerHost ?? null].filter((host) => host !== null);
  return [...new Set(hosts.flatMap(endsOf))];
}

/**
 * By the friend's own history. Where only orders of the last days count, the history tells nothing once the friend's order
 * is in it: it was weighed without that order when the referral opened.
 */
async function boughtBefore(tx: Tx, pair: Pair): Promise<boolean | null> {
  const history = await historyOf(tx, pair.shopId, pair.friendPerson);
  const firstOrderAt = history.firstOrderAt?.getTime() ?? null;
  const lastOrderAt = history.lastOrderAt?.getTime() ?? null;
  const before = pair.broughtAt;
  const { newCustomerDays } = pair.terms;
  if (newCustomerDays !== null && lastOrderAt !== null && lastOrderAt >= before) return null;
  return isExistingCustomer({ history: { firstOrderAt, lastOrderAt }, before, newCustomerDays });
}
