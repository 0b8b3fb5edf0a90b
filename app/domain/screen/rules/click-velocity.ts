import type { Rule } from "../rule.ts";

/** The click lies in a burst: more networks of people tapped the code within an hour than a person has friends. */
export const clickVelocity: Rule = {
  id: "click_velocity",
  family: "velocity",
  outcome: "hold",
  weight: 50,
  threshold: { usual: 200, least: 20, most: 100_000, unit: "taps" },
  mildest: "none",
  sees: ({ networksInHour }, tapsMost) =>
    networksInHour !== null && networksInHour > tapsMost ? { evidence: { networksInHour } } : null,
};
