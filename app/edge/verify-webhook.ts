import type { KeyObject } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isSignedBy } from "./secrets.ts";

/** What the headers of a delivery say. Only the body is signed, so none of this proves anything by itself. */
export type DeliveryHeaders = {
  /** As in `shopify.app.toml`, lower-case: `orders/paid`. */
  readonly topic: string;
  readonly shopDomain: string;
  /** The same on every retry of one delivery. */
  readonly webhookId: string;
  /** Shared by all deliveries of one action of the merchant. */
  readonly eventId: string | null;
  /** When it happened, by Shopify's clock; null when absent or no date. */
  readonly triggeredAt: Date | null;
  /** The signature, 32 bytes; null when what was sent is no such thing. */
  readonly hmac: Buffer | null;
};

export type HeadersVerdict =
  { readonly outcome: "complete"; readonly headers: DeliveryHeaders } | { readonly outcome: "missing_header" };

const TOPIC = /^[a-z0-9_./]{3,100}$/;
const SHOP = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/;
const WEBHOOK_ID = /^[\x21-\x7e]{1,200}$/;
const HMAC_BASE64 = /^[A-Za-z0-9+/]{43}=$/;
const MISSING: HeadersVerdict = { outcome: "missing_header" };

/**
 * Reads the headers that every delivery has: topic, HMAC, shop, API version and webhook id. One that is absent, doubled
 * or of an impossible form counts as missing.
 */
export function readDeliveryHeaders(headers: IncomingHttpHeaders): HeadersVerdict {
  const topic = one(headers["x-shopify-topic"])?.toLowerCase();
  const shopDomain = one(headers["x-shopify-shop-domain"])?.toLowerCase();
  const webhookId = one(headers["x-shopify-webhook-id"]);
  const hmac = one(headers["x-shopify-hmac-sha256"]);
  const apiVersion = one(headers["x-shopify-api-version"]);
  if (topic === undefined || shopDomain === undefined || webhookId === undefined) return MISSING;
  if (hmac === undefined || apiVersion === undefined) return MISSING;
  if (!TOPIC.test(topic) || !SHOP.test(shopDomain) || !WEBHOOK_ID.test(webhookId)) return MISSING;
  const eventId = one(headers["x-shopify-event-id"]) ?? "";
  return {
    outcome: "complete",
    headers: {
      topic,
      shopDomain,
      webhookId,
      eventId: WEBHOOK_ID.test(eventId) ? eventId : null,
      triggeredAt: readDate(one(headers["x-shopify-triggered-at"])),
      hmac: HMAC_BASE64.test(hmac) ? Buffer.from(hmac, "base64") : null,
    },
  };
}

/**
 * Whether Shopify sent these bytes: HMAC-SHA256 over the body exactly as it arrived, under the current secret or the
 * one before.
 *
 * @param hmac 32 bytes, or null when the header was no such thing (which is a refusal, not an error).
 */
export function isGenuineBody(body: Buffer, hmac: Buffer | null, secrets: readonly KeyObject[]): boolean {
  return hmac !== null && hmac.length === 32 && isSignedBy(secrets, body, hmac);
}

function one(header: string | string[] | undefined): string | undefined {
  // Node joins a repeated header with commas, which none of the forms below allows; empty counts as absent.
  return typeof header === "string" && header !== "" ? header : undefined;
}

function readDate(text: string | undefined): Date | null {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms);
}
