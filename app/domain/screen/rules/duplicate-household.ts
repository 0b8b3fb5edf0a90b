import type { Rule } from "../rule.ts";

/** A friend who was referred earlier paid with this card and had it sent to this address. */
export const duplicateHousehold: Rule = {
  id: "duplicate_household",
  family: "duplicate",
  outcome: "hold",
  weight: 60,
  threshold: null,
  mildest: "none",
  sees: ({ householdFriends }) =>
    householdFriends !== null && householdFriends > 0 ? { evidence: { householdFriends } } : null,
};
