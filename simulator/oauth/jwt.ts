import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

export type Claims = Readonly<Record<string, unknown>>;

/** Signs claims as a compact JWT with HS256. */
export function signJwt(claims: Claims, secret: string): string {
  const head = encode({ alg: "HS256", typ: "JWT" });
  const body = encode(claims);
  return `${head}.${body}.${signature(`${head}.${body}`, secret)}`;
}

/** Checks form, algorithm and signature of a JWT and gives its claims; null when anything is wrong. Times are not checked. */
export function verifyJwt(token: string, secret: string): Claims | null {
  const [head, body, given, ...rest] = token.split(".");
  if (head === undefined || body === undefined || given === undefined || rest.length > 0) return null;
  const header = decode(head);
  if (header?.["alg"] !== "HS256") return null;
  const expected = Buffer.from(signature(`${head}.${body}`, secret));
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return null;
  return decode(body);
}

function encode(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): Claims | null {
  try {
    const parsed = z
      .record(z.string(), z.unknown())
      .safeParse(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function signature(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}
