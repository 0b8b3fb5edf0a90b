import { createHmac, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** Where deliveries go: origin and path apart, and the host as a request names it. */
export type Address = { readonly origin: string; readonly host: string; readonly path: string };

/** What all copies of a delivery share. */
export type Sealed = {
  readonly to: Address;
  /** The request up to the id of the copy, signed once for all of them. */
  readonly head: string;
  /** The raw body, made once: retries send the original payload. */
  readonly body: string;
};

export type Parcel = Sealed & { readonly webhookId: string };

export type Labels = {
  readonly topic: string;
  readonly shop: string;
  readonly apiVersion: string;
  readonly eventId: string;
  readonly triggeredAt: string;
};

/** Takes an address apart. */
export function addressOf(url: string): Address {
  const { origin, host, pathname, search } = new URL(url);
  return { origin, host, path: `${pathname}${search}` };
}

/** Signs a body and writes the headers of its delivery; the HMAC is over the raw body, in base64. */
export function seal(to: Address, labels: Labels, { body, secret }: { body: string; secret: string }): Sealed {
  const headers = {
    host: to.host,
    "content-type": "application/json",
    accept: "*/*",
    "user-agent": "Shopify-Captain-Hook",
    "content-length": Buffer.byteLength(body),
    "x-shopify-topic": labels.topic,
    "x-shopify-hmac-sha256": createHmac("sha256", keyOf(secret)).update(body, "utf8").digest("base64"),
    "x-shopify-shop-domain": labels.shop,
    "x-shopify-api-version": labels.apiVersion,
    "x-shopify-event-id": labels.eventId,
    "x-shopify-triggered-at": labels.triggeredAt,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { to, head: `POST ${to.path} HTTP/1.1\r\n${lines.join("")}`, body };
}

/** The whole request, as it goes over the wire. */
export function requestOf({ head, webhookId, body }: Parcel): string {
  return `${head}x-shopify-webhook-id: ${webhookId}\r\n\r\n${body}`;
}

const keys = new Map<string, KeyObject>();

/** A key that is made once costs a fifth of a text that becomes one each time. */
function keyOf(secret: string): KeyObject {
  const key = keys.get(secret) ?? createSecretKey(secret, "utf8");
  keys.set(secret, key);
  return key;
}
