import type { Reader } from "../json/read.ts";
import { nullable, objectOf, oneOf, textUpTo, truth, wholeNumber } from "../json/read.ts";
import type { ClickEvidence } from "./click-evidence.ts";
import { CARRIERS } from "./click-evidence.ts";

const EPOCH_MS_MAX = 8_640_000_000_000_000;
const FLAGS_MAX = 0x7fff_ffff;
const DAYS_MAX = 3_650;
const word = textUpTo(64);
const time = wholeNumber(0, EPOCH_MS_MAX);

const readEvidence: Reader<ClickEvidence> = objectOf({
  clickId: word,
  code: word,
  codeId: nullable(word),
  referrerPerson: nullable(word),
  clickedAt: time,
  expiresAt: time,
  flags: wholeNumber(0, FLAGS_MAX),
  device: nullable(word),
  carrier: oneOf(CARRIERS),
  codeState: oneOf(["active", "retired", "unknown"]),
  codeRetiredReason: nullable(word),
  codeRetiredAt: nullable(time),
  campaignOpenAtClick: truth,
  isOwnersClick: truth,
  newCustomerDays: nullable(wholeNumber(1, DAYS_MAX)),
});

/** Reads the winning click's evidence as it was copied to its referral (plain JSON). Null for anything else; never throws. */
export function parseClickEvidence(json: unknown): ClickEvidence | null {
  return readEvidence(json)?.value ?? null;
}
