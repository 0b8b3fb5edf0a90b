import type { Rule } from "../rule.ts";

/** The friend's mailbox is the referrer's but for a letter, at the same domain: it says little alone. */
export const similarEmail: Rule = {
  id: "similar_email",
  family: "self",
  outcome: "none",
  weight: 20,
  threshold: { usual: 1, least: 1, most: 3, unit: "letters" },
  mildest: "none",
  sees: ({ sameEmail, emailEdits }, lettersMost) =>
    sameEmail !== true && emailEdits !== null && emailEdits <= lettersMost ? { evidence: { emailEdits } } : null,
};
