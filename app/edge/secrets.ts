import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Env } from "#app/platform/env.ts";

/**
 * The client secrets that a signature may have been made with: the current one, and the one before while a rotation
 * runs (Shopify may sign with the old one for up to an hour). As KeyObjects, which make an HMAC several times cheaper.
 */
export function hmacSecrets(env: Pick<Env, "SHOPIFY_API_SECRET" | "SHOPIFY_API_SECRET_OLD">): readonly KeyObject[] {
  const texts = [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_OLD];
  return texts.filter((text) => text !== undefined).map((text) => createSecretKey(Buffer.from(text)));
}

/**
 * Whether a SHA-256 HMAC of a message was made with one of the secrets. Takes the same time wherever the first
 * difference lies.
 *
 * @param expected 32 bytes.
 */
export function isSignedBy(secrets: readonly KeyObject[], message: Buffer, expected: Buffer): boolean {
  return secrets.some((secret) => timingSafeEqual(createHmac("sha256", secret).update(message).digest(), expected));
}
