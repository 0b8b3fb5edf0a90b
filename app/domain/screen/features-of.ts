import { compareAddresses } from "../person/address.ts";
import { emailDomainOf } from "../person/email.ts";
import { emailEdits, isNumbered } from "../person/email-edits.ts";
import { busiest } from "./busiest.ts";
import { isCouponHost } from "./coupon-hosts.ts";
import type { Party, ScreenFacts, ScreenHistory, Traces } from "./facts.ts";
import type { ScreenFeatures } from "./features.ts";

/** Spans that bursts are counted over. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Makes features of facts: compares, counts and measures, and leaves what was compared behind. Pure and total. */
export function featuresOf(facts: ScreenFacts): ScreenFeatures {
  const { friend, referrer, click, order, history } = facts;
  const shared = (kind: string): boolean | null => shares(friend.traces, referrer.traces, kind);
  const address = nearestAddress(friend, referrer);
  return {
    sameAccount: shared("customer"),
    sameEmail: shared("email"),
    samePhone: shared("phone"),
    sameCard: shared("card"),
    sameDevice: shared("device"),
    sameAddress: address?.isSame === true ? true : (shared("address") ?? (address === null ? null : false)),
    addressEdits: address?.edits ?? null,
    emailEdits: fewestEmailEdits(friend, referrer),
    emailIsNumbered: someIsNumbered(friend, referrer),
    sameNetwork: shared("network"),
    ...historyFeatures(facts, history),
    boughtBefore: order.boughtBefore === true ? true : history.boughtBefore,
    clickToOrderMs: facts.orderAt === null || click === null ? null : Math.max(0, facts.orderAt - click.clickedAt),
    agentIsBot: order.agentIsBot,
    couponSource: click === null || click.referrerHost === null ? null : isCouponHost(click.referrerHost),
    emailIsDisposable: isDisposable(friend),
    riskRecommendation: order.riskRecommendation,
    evidenceMissing: order.evidenceMissing,
  };
}

type HistoryFeatures = Pick<
  ScreenFeatures,
  | "otherReferral"
  | "householdFriends"
  | "peopleAlike"
  | "peopleStopped"
  | "networksInHour"
  | "signUpsOnCode"
  | "signUpsOnDevice"
  | "signUpsOnNetwork"
  | "claimedEmails"
  | "refundedOfLastFive"
  | "ringHops"
  | "blockListed"
>;

function historyFeatures({ click, openedAt }: ScreenFacts, history: ScreenHistory): HistoryFeatures {
  const { claims } = history;
  const signUps = (of: ScreenHistory["signUpsOnDevice"]): number | null =>
    of === null ? null : busiest(of, openedAt, DAY_MS);
  return {
    otherReferral: history.otherReferral,
    householdFriends: history.householdFriends,
    peopleAlike: history.peopleAlike,
    peopleStopped: history.peopleStopped,
    networksInHour: click === null ? null : busiest(history.taps, click.clickedAt, HOUR_MS),
    signUpsOnCode: signUps(history.signUpsOnCode),
    signUpsOnDevice: signUps(history.signUpsOnDevice),
    signUpsOnNetwork: signUps(history.signUpsOnNetwork),
    claimedEmails: claims === null || click?.isBareClaim !== true ? null : busiest(claims.others, claims.at, DAY_MS),
    refundedOfLastFive: history.refundedOfLastFive,
    ringHops: history.ringHops,
    blockListed: history.blockListed,
  };
}

/** Null when one of the two was never seen with anything of that kind. */
function shares(ours: Traces, theirs: Traces, kind: string): boolean | null {
  const [left, right] = [ours.get(kind), theirs.get(kind)];
  return left === undefined || right === undefined ? null : !left.isDisjointFrom(right);
}

/** The pair of addresses that are closest; null where there is none to compare. */
function nearestAddress(friend: Party, referrer: Party): { isSame: boolean; edits: number | null } | null {
  const pairs = friend.addresses.flatMap((ours) =>
    referrer.addresses.map((theirs) => compareAddresses(ours, theirs)).filter((pair) => pair !== null),
  );
  if (pairs.length === 0) return null;
  return { isSame: pairs.some(({ isSame }) => isSame), edits: least(pairs.map(({ edits }) => edits)) };
}

function fewestEmailEdits(friend: Party, referrer: Party): number | null {
  return least(friend.emails.flatMap((ours) => referrer.emails.map((theirs) => emailEdits(ours, theirs))));
}

function someIsNumbered(friend: Party, referrer: Party): boolean | null {
  const pairs = friend.emails.flatMap((ours) => referrer.emails.map((theirs) => isNumbered(ours, theirs)));
  return pairs.length === 0 ? null : pairs.includes(true);
}

function least(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function isDisposable({ emails }: Party): boolean | null {
  const kinds = emails.map(emailDomainOf).filter((kind) => kind !== null);
  return kinds.length === 0 ? null : kinds.includes("disposable");
}
