import type { Reader } from "../json/read.ts";
import { nullable, objectOf, oneOf, truth, wholeNumber } from "../json/read.ts";
import type { ScreenFeatures } from "./features.ts";
import { BLOCK_KINDS } from "./features.ts";

const COUNT_MAX = 1_000_000_000;
const MS_MAX = 8_640_000_000_000_000;

const fact = nullable(truth);
const count = nullable(wholeNumber(0, COUNT_MAX));

const READERS: { readonly [K in keyof ScreenFeatures]: Reader<ScreenFeatures[K]> } = {
  sameAccount: fact,
  sameEmail: fact,
  samePhone: fact,
  sameCard: fact,
  sameDevice: fact,
  sameAddress: fact,
  addressEdits: count,
  emailEdits: count,
  emailIsNumbered: fact,
  sameNetwork: fact,
  otherReferral: fact,
  boughtBefore: fact,
  householdFriends: count,
  peopleAlike: count,
  peopleStopped: count,
  networksInHour: count,
  signUpsOnCode: count,
  signUpsOnDevice: count,
  signUpsOnNetwork: count,
  clickToOrderMs: nullable(wholeNumber(0, MS_MAX)),
  agentIsBot: fact,
  couponSource: fact,
  claimedEmails: count,
  emailIsDisposable: fact,
  riskRecommendation: nullable(oneOf(["none", "accept", "investigate", "cancel", "pending"])),
  refundedOfLastFive: count,
  ringHops: count,
  blockListed: nullable(oneOf(BLOCK_KINDS)),
  evidenceMissing: truth,
};

const read: Reader<ScreenFeatures> = objectOf(READERS);

/**
 * Reads the features that a decision was stored with. One that an older version did not know is absent, as it was then.
 *
 * @returns null for what this program did not write
 */
export function readFeatures(json: unknown): ScreenFeatures | null {
  return read(json)?.value ?? null;
}
