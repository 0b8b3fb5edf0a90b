import type { Rule } from "../rule.ts";

/** As near as `near_address` usually means it. */
const LETTERS_MOST = 2;

/**
 * Friend and referrer share a card, a browser or an address, and others in referrals share it with them: two may be partners,
 * several are a farm or a ring. Who was approved alone is seen again when another comes before the payout: the number is evidence.
 */
export const matchAgain: Rule = {
  id: "match_again",
  family: "self",
  outcome: "hold",
  weight: 50,
  threshold: { usual: 1, least: 1, most: 100, unit: "people" },
  mildest: "none",
  sees: ({ sameCard, sameDevice, sameAddress, addressEdits, peopleAlike }, peopleLeast) => {
    const isAlike =
      sameCard === true || sameDevice === true || sameAddress === true || (addressEdits ?? Infinity) <= LETTERS_MOST;
    return isAlike && peopleAlike !== null && peopleAlike >= peopleLeast ? { evidence: { peopleAlike } } : null;
  },
};
