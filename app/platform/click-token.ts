import { createHmac, timingSafeEqual } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { invariant } from "./errors.ts";
import { uuidFromBytes, uuidToBytes } from "./ids.ts";
import type { Keys } from "./keys.ts";

/** What a token says about a click. It is the evidence; the click row is only its record. */
export type ClickTokenFacts = {
  readonly shopId: string;
  /** The code as it stood in the link, upper-case; a code that does not exist gets a token of the same shape. */
  readonly codeText: string;
  readonly clickId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** Bits that were known at the tap; 0 for an ordinary one. */
  readonly flags: number;
};

export type OpenedClickToken =
  { readonly outcome: "genuine"; readonly facts: ClickTokenFacts } | { readonly outcome: "forged" };

const VERSION = 1;
const MAC_BYTES = 32;
const HEAD_BYTES = 1 + 2 + 16 + 16 + 6 + 6 + 2;
const CODE_TEXT = /^[A-Z0-9-]{1,32}$/;
const TOKEN_TEXT = /^[A-Za-z0-9_-]{110,151}$/;
const FORGED: OpenedClickToken = { outcome: "forged" };

/**
 * Writes a click token: version, key id, shop, click, issued-at and expiry in ms, flags, code, HMAC-SHA256 over all of
 * it; base64url, at most 151 characters.
 *
 * @param facts Times to the millisecond; `codeText` of 1 to 32 characters of A-Z, 0-9 and hyphen.
 */
export function sealClickToken(keys: Keys, facts: ClickTokenFacts): string {
  invariant(CODE_TEXT.test(facts.codeText), "a token carries the text of a code");
  const key = keys.clickTokenKey(keys.clickTokenKeyId);
  invariant(key !== null, "the current key is always at hand");
  const body = Buffer.alloc(HEAD_BYTES + facts.codeText.length);
  body.writeUInt8(VERSION, 0);
  body.write(keys.clickTokenKeyId, 1, "hex");
  uuidToBytes(facts.shopId).copy(body, 3);
  uuidToBytes(facts.clickId).copy(body, 19);
  body.writeUIntBE(facts.issuedAt.getTime(), 35, 6);
  body.writeUIntBE(facts.expiresAt.getTime(), 41, 6);
  body.writeUInt16BE(facts.flags, 47);
  body.write(facts.codeText, HEAD_BYTES, "latin1");
  return Buffer.concat([body, macOf(key, body)]).toString("base64url");
}

/**
 * Reads a token that came back from a browser, a cart or an order. Whether it is still valid for an event is for the
 * domain to say; this only tells whether we made it.
 *
 * @param token Anything a stranger may send.
 */
export function openClickToken(keys: Keys, token: string): OpenedClickToken {
  if (!TOKEN_TEXT.test(token)) return FORGED;
  const bytes = Buffer.from(token, "base64url");
  // A base64 text with stray bits at its end decodes to the same bytes: two texts would be one token.
  if (bytes.toString("base64url") !== token || bytes[0] !== VERSION) return FORGED;
  const key = keys.clickTokenKey(bytes.toString("hex", 1, 3));
  if (key === null) return FORGED;
  const body = bytes.subarray(0, bytes.length - MAC_BYTES);
  if (!timingSafeEqual(macOf(key, body), bytes.subarray(bytes.length - MAC_BYTES))) return FORGED;
  return {
    outcome: "genuine",
    facts: {
      shopId: uuidFromBytes(body.subarray(3, 19)),
      clickId: uuidFromBytes(body.subarray(19, 35)),
      issuedAt: new Date(body.readUIntBE(35, 6)),
      expiresAt: new Date(body.readUIntBE(41, 6)),
      flags: body.readUInt16BE(47),
      codeText: body.toString("latin1", HEAD_BYTES),
    },
  };
}

function macOf(key: KeyObject, body: Buffer): Buffer {
  return createHmac("sha256", key).update(body).digest();
}
