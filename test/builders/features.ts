import fc from "fast-check";
import type { ScreenFeatures } from "#app/domain/screen/features.ts";
import { BLOCK_KINDS, NO_FEATURES } from "#app/domain/screen/features.ts";

const maybe = fc.constantFrom(true, false, null);
const count = (most: number) => fc.option(fc.nat(most));

/** Any features that the screen may be shown. */
export const anyFeatures: fc.Arbitrary<ScreenFeatures> = fc.record({
  sameAccount: maybe,
  sameEmail: maybe,
  samePhone: maybe,
  sameCard: maybe,
  sameDevice: maybe,
  sameAddress: maybe,
  addressEdits: count(6),
  emailEdits: count(4),
  emailIsNumbered: maybe,
  sameNetwork: maybe,
  otherReferral: maybe,
  boughtBefore: maybe,
  householdFriends: count(3),
  peopleAlike: count(3),
  peopleStopped: count(2),
  networksInHour: count(400),
  signUpsOnCode: count(30),
  signUpsOnDevice: count(6),
  signUpsOnNetwork: count(20),
  clickToOrderMs: count(10_000),
  agentIsBot: maybe,
  couponSource: maybe,
  claimedEmails: count(30),
  emailIsDisposable: maybe,
  riskRecommendation: fc.option(fc.constantFrom("none", "accept", "investigate", "cancel", "pending")),
  refundedOfLastFive: count(5),
  ringHops: fc.option(fc.integer({ min: 1, max: 5 })),
  blockListed: fc.option(fc.constantFrom(...BLOCK_KINDS)),
  evidenceMissing: fc.boolean(),
});

/** The names of all features. */
export const FEATURE_NAMES = Object.keys(NO_FEATURES).filter((name): name is keyof ScreenFeatures =>
  Object.hasOwn(NO_FEATURES, name),
);
