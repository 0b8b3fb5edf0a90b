import type { Rule } from "../rule.ts";

/** The delivery address is the referrer's but for a typing error, an abbreviation, or a unit that one of them left out. */
export const nearAddress: Rule = {
  id: "near_address",
  family: "self",
  outcome: "hold",
  weight: 30,
  threshold: { usual: 2, least: 0, most: 4, unit: "letters" },
  mildest: "none",
  sees: ({ sameAddress, addressEdits }, lettersMost) =>
    sameAddress !== true && addressEdits !== null && addressEdits <= lettersMost
      ? { evidence: { addressEdits } }
      : null,
};
