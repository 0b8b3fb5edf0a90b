import { canonicalOfEach, historyOfEach } from "#app/data/people-of-many.repo.ts";
import type { PersonHistory } from "#app/data/people.repo.ts";
import type { ReferralEvidence } from "#app/data/referral-evidence.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { readScreenHistories } from "#app/data/screen-history.repo.ts";
import { tracesOfEach } from "#app/data/signals.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { isExistingCustomer } from "#app/domain/attribution/existing-customer.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import { domainOf } from "#app/domain/person/email.ts";
import { endsOf } from "#app/domain/screen/coupon-hosts.ts";
import type { ClickFacts, OrderEvidence, Party, ScreenFacts } from "#app/domain/screen/facts.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";

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
  readonly referral: ReferralRow;
  readonly terms: Terms;
  readonly order: OrderEvidence;
  readonly seen: SeenParties;
};

/**
 * Gathers what the screen looks at for referrals: traces of both people, the shop's own history, the order.
 * @returns as many facts, in the same order
 */
export async function gatherFacts(tx: Tx, shopId: string, all: readonly Gathering[]): Promise<ScreenFacts[]> {
  const people = all.flatMap(({ referral }) => [referral.friendPerson, referral.referrerPerson]);
  // Either may have been merged since it opened: look-ups lead to the canonical person, who has all of the names.
  const canonical = await canonicalOfEach(tx, shopId, people);
  const pairs = all.map((one): Pair => {
    const { referral } = one;
    const { evidence } = referral;
    const friendPerson = canonical.get(referral.friendPerson);
    const referrerPerson = canonical.get(referral.referrerPerson);
    invariant(friendPerson && referrerPerson, "people of a referral are there, since keys point at them");
    return {
      ...one,
      referralId: referral.id,
      friendPerson,
      referrerPerson,
      codeId: referral.codeId,
      click: evidence === null ? null : clickOf(evidence),
      claimedClickId: evidence !== null && CLAIM_CARRIERS.has(evidence.carrier) ? evidence.clickId : null,
      openedAt: referral.openedAt,
      orderAt: referral.orderAt,
      broughtAt: broughtAt(referral),
    };
  });
  return gather(tx, shopId, pairs);
}

/** Two people and what lies between them; `referralId` and `click` are null as long as no referral does. */
export type Pair = {
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

/** Gathers the facts of pairs of people, who are all canonical. @returns as many, in the same order */
export async function gather(tx: Tx, shopId: string, pairs: readonly Pair[]): Promise<ScreenFacts[]> {
  const asked = pairs.map((pair) => ({ ...pair, ...lookedAt(pair) }));
  const histories = await readScreenHistories(tx, shopId, asked);
  const friends = asked.map(({ friendPerson, signalsAt }) => ({ personId: friendPerson, at: signalsAt }));
  const referrers = asked.map(({ referrerPerson, signalsAt }) => ({ personId: referrerPerson, at: signalsAt }));
  const traces = await tracesOfEach(tx, shopId, [...friends, ...referrers]);
  const friendIds = friends.map(({ personId }) => personId);
  const orders = await historyOfEach(tx, shopId, friendIds);
  return pairs.map((pair, n) => {
    const [history, friend, referrer] = [histories[n], traces[n], traces[pairs.length + n]];
    invariant(history && friend && referrer, "each pair asked about has its answers");
    const bought = orders.get(pair.friendPerson) ?? NEVER_BOUGHT;
    return {
      friend: { ...pair.seen.friend, traces: friend },
      referrer: { ...pair.seen.referrer, traces: referrer },
      click: pair.click,
      openedAt: pair.openedAt.getTime(),
      orderAt: pair.orderAt?.getTime() ?? null,
      order: pair.order,
      history: { ...history, boughtBefore: boughtBefore(pair, bought) },
    };
  });
}

const NEVER_BOUGHT: PersonHistory = { firstOrderAt: null, lastOrderAt: null };

function lookedAt({ click, seen, openedAt, orderAt }: Pair) {
  return {
    clickedAt: click === null ? null : new Date(click.clickedAt),
    domains: domainsOf(seen.friend.emails, click),
    signalsAt: orderAt ?? openedAt,
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
function boughtBefore(pair: Pair, history: PersonHistory): boolean | null {
  const firstOrderAt = history.firstOrderAt?.getTime() ?? null;
  const lastOrderAt = history.lastOrderAt?.getTime() ?? null;
  const before = pair.broughtAt;
  const { newCustomerDays } = pair.terms;
  if (newCustomerDays !== null && lastOrderAt !== null && lastOrderAt >= before) return null;
  return isExistingCustomer({ history: { firstOrderAt, lastOrderAt }, before, newCustomerDays });
}
