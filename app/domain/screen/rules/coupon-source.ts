import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The winning click came from a coupon or cash-back site: nobody recommended anything. */
export const couponSource: Rule = {
  id: "coupon_source",
  family: "leak",
  outcome: "hold",
  weight: 50,
  threshold: null,
  mildest: "none",
  sees: ({ couponSource: isCoupon }) => seesWhen(isCoupon, "couponSource"),
};
