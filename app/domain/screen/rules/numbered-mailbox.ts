import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/**
 * The mailbox is the referrer's with a number more, and so is the card or the browser: one person who keeps a second mailbox
 * apart. A shared address is not enough, for a father and a son may have one name. A merchant may have it looked at instead.
 */
export const numberedMailbox: Rule = {
  id: "numbered_mailbox",
  family: "self",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "hold",
  sees: ({ emailIsNumbered, sameCard, sameDevice }) =>
    sameCard === true || sameDevice === true ? seesWhen(emailIsNumbered, "emailIsNumbered") : null,
};
