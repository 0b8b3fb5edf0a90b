import type { Rule } from "../rule.ts";

/** More e-mail addresses were claimed on the code within a day than a person has friends, and nothing but the claim speaks for this one. */
export const claimSpray: Rule = {
  id: "claim_spray",
  family: "leak",
  outcome: "hold",
  weight: 50,
  threshold: { usual: 10, least: 1, most: 10_000, unit: "addresses" },
  mildest: "none",
  sees: ({ claimedEmails }, addressesMost) =>
    claimedEmails !== null && claimedEmails > addressesMost ? { evidence: { claimedEmails } } : null,
};
