import { TOKENS_PER_CARRIER_MAX } from "#app/domain/event/order-facts.ts";

const TOKEN = /^[A-Za-z0-9_-]{20,160}$/;
const CART_TOKEN = /^[\w-]{8,128}$/;
const DEVICE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Picks out what may be click tokens, newest first as they came; whether one is genuine is for the worker to find out.
 *
 * @param candidates Anything a stranger may send; what has no token's shape, or came twice, is left out.
 */
export function pickTokens(candidates: readonly unknown[]): string[] {
  if (candidates.length === 0) return [];
  const shaped = candidates.filter((candidate) => typeof candidate === "string" && TOKEN.test(candidate));
  return [...new Set(shaped)].slice(0, TOKENS_PER_CARRIER_MAX).map((token) => String(token));
}

/** Reads the storefront script's random id of a browser: a UUID, or nothing. */
export function readDevice(candidate: unknown): string | null {
  const device = typeof candidate === "string" ? candidate.toLowerCase() : "";
  return DEVICE.test(device) ? device : null;
}

/**
 * Reads a cart's token: `/cart.js` puts a key behind it (`?key=…`) that the order does not have.
 * @returns the token alone, or null for what is none
 */
export function readCartToken(candidate: unknown): string | null {
  const [token = ""] = typeof candidate === "string" ? candidate.split("?") : [];
  return CART_TOKEN.test(token) ? token : null;
}
