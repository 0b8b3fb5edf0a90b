import type { KeyObject } from "node:crypto";
import { isObject } from "#app/domain/json/read.ts";
import { isSignedBy } from "./secrets.ts";

/** Clocks of Shopify and of this machine may differ by so much. */
const SKEW_SECONDS = 10;
const TOKEN_CHARACTERS_MAX = 4_096;
const SHOP = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/;
const STAFF = /^\d{1,20}$/;
const CUSTOMER = /^gid:\/\/shopify\/Customer\/(\d{1,20})$/;

export type SessionTokenVerdict =
  | {
      readonly outcome: "genuine";
      /** The myshopify domain. */
      readonly shop: string;
      /** Digits; null when the token names no customer. */
      readonly customerId: string | null;
    }
  | Refusal;

type Refusal = { readonly outcome: "unauthorised" } | { readonly outcome: "foreign_audience" };
type Expected = { readonly secrets: readonly KeyObject[]; readonly apiKey: string; readonly nowMs: number };

const REFUSED: Refusal = { outcome: "unauthorised" };

/**
 * Verifies the session token of a customer-account or checkout extension. The algorithm is pinned to HS256, whatever the
 * header asks for; signature, times, audience and shop must all hold. (The library accepts a foreign audience here, so a
 * token made for another app of the same secret would pass.) `dest` is a bare domain in these tokens.
 * https://shopify.dev/docs/api/customer-account-ui-extensions/latest/apis/session-token
 *
 * @param expected.apiKey The audience that the token must name.
 * @param expected.nowMs Real time, epoch milliseconds: tokens never follow a simulated clock.
 */
export function verifySessionToken(token: string, expected: Expected): SessionTokenVerdict {
  const read = readToken(token, expected);
  if (read.outcome !== "genuine") return read;
  const { sub } = read.claims;
  const customer = typeof sub === "string" ? CUSTOMER.exec(sub) : null;
  return { outcome: "genuine", shop: read.shop, customerId: customer?.[1] ?? null };
}

/**
 * Verifies the id token of an extension in the merchant's admin: as a session token, and it must come from that shop's admin
 * and name a member of staff. A customer's token is signed with the same secret and for the same app: it is refused here.
 */
export function verifyStaffToken(
  token: string,
  expected: Expected,
): { readonly outcome: "genuine"; readonly shop: string } | Refusal {
  const read = readToken(token, expected);
  if (read.outcome !== "genuine") return read;
  const { iss, sub } = read.claims;
  const isStaff = iss === `https://${read.shop}/admin` && typeof sub === "string" && STAFF.test(sub);
  return isStaff ? { outcome: "genuine", shop: read.shop } : REFUSED;
}

type Claims = Readonly<Record<string, unknown>>;

function readToken(
  token: string,
  expected: Expected,
): { readonly outcome: "genuine"; readonly shop: string; readonly claims: Claims } | Refusal {
  const parts = token.length > TOKEN_CHARACTERS_MAX ? [] : token.split(".");
  const [head, body, signature] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined) return REFUSED;
  if (readJson(head)?.["alg"] !== "HS256") return REFUSED;
  const mac = Buffer.from(signature, "base64url");
  if (mac.length !== 32 || !isSignedBy(expected.secrets, Buffer.from(`${head}.${body}`, "latin1"), mac)) return REFUSED;

  const claims = readJson(body);
  if (claims === null || !isCurrent(claims, expected.nowMs / 1000)) return REFUSED;
  if (claims["aud"] !== expected.apiKey) return { outcome: "foreign_audience" };
  const shop = typeof claims["dest"] === "string" ? claims["dest"].replace(/^https:\/\//, "").toLowerCase() : "";
  return SHOP.test(shop) ? { outcome: "genuine", shop, claims } : REFUSED;
}

/** A token without an end is refused; one without a beginning is not. */
function isCurrent(claims: Readonly<Record<string, unknown>>, nowSeconds: number): boolean {
  const { exp, nbf } = claims;
  if (typeof exp !== "number" || exp + SKEW_SECONDS <= nowSeconds) return false;
  return nbf === undefined || (typeof nbf === "number" && nbf - SKEW_SECONDS <= nowSeconds);
}

function readJson(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isObject(read) ? read : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
