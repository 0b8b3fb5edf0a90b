import type { Reader } from "../json/read.ts";
import { nullable, objectOf, oneOf, textUpTo } from "../json/read.ts";
import { idText, keyHash } from "./readers.ts";

export type EmailDomain = "disposable" | "free" | "other";

/** What is kept of a customer. Hashes are keyed by the shop; the profile is sealed before it is stored. */
export type PersonFacts = {
  readonly customerId: string | null;
  readonly customerHash: string | null;
  readonly emailHash: string | null;
  readonly phoneHash: string | null;
  readonly profileSealed: string | null;
  readonly emailDomain: EmailDomain | null;
};

const PROFILE_LENGTH_MAX = 8_192;

export const readPersonFacts: Reader<PersonFacts> = objectOf({
  customerId: nullable(idText),
  customerHash: nullable(keyHash),
  emailHash: nullable(keyHash),
  phoneHash: nullable(keyHash),
  profileSealed: nullable(textUpTo(PROFILE_LENGTH_MAX)),
  emailDomain: nullable(oneOf(["disposable", "free", "other"])),
});
