import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The friend's network address is one that the referrer used: alone it means little. */
export const sameNetwork: Rule = {
  id: "same_network",
  family: "self",
  outcome: "none",
  weight: 20,
  threshold: null,
  mildest: "none",
  sees: (features) => seesWhen(features.sameNetwork, "sameNetwork"),
};
