import type { Party, ScreenFacts, ScreenHistory } from "#app/domain/screen/facts.ts";
import { NOON } from "./domain.ts";

/** Nothing in the shop's history speaks. */
export function buildHistory(changes: Partial<ScreenHistory> = {}): ScreenHistory {
  return {
    otherReferral: false,
    boughtBefore: false,
    householdFriends: 0,
    peopleAlike: 0,
    peopleStopped: 0,
    taps: [],
    signUpsOnCode: [],
    signUpsOnDevice: null,
    signUpsOnNetwork: null,
    claims: null,
    refundedOfLastFive: 0,
    ringHops: null,
    blockListed: null,
    ...changes,
  };
}

/** A person known by the given traces, one hash a kind. */
export function buildParty(traces: Readonly<Record<string, string>> = {}, changes: Partial<Party> = {}): Party {
  const sets = Object.entries(traces).map(([kind, hash]): [string, Set<string>] => [kind, new Set([hash])]);
  return { traces: new Map(sets), emails: [], addresses: [], ...changes };
}

/** Two people who share nothing, an hour between tap and order. */
export function buildFacts(changes: Partial<ScreenFacts> = {}): ScreenFacts {
  return {
    friend: buildParty(),
    referrer: buildParty(),
    click: { clickedAt: NOON - 3_600_000, referrerHost: null, isBareClaim: false },
    openedAt: NOON,
    orderAt: NOON,
    order: { agentIsBot: false, riskRecommendation: "accept", boughtBefore: null, evidenceMissing: false },
    history: buildHistory(),
    ...changes,
  };
}
