import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { Agent, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";

export type Parcel = {
  readonly url: string;
  readonly topic: string;
  readonly shop: string;
  readonly apiVersion: string;
  readonly webhookId: string;
  readonly eventId: string;
  readonly triggeredAt: string;
  /** The raw body, made once: retries send the original payload. */
  readonly body: string;
};

/** Shopify waits one second for the connection and five in all. */
const TIMEOUT_MS = 5_000;

/** Connections are kept: a storm sends thousands of deliveries to one address. */
const agents = { "http:": new Agent({ keepAlive: true }), "https:": new TlsAgent({ keepAlive: true }) } as const;

/** Posts a webhook. Gives the status, or null when there was none. Only 2xx counts as delivered; a redirect does not. */
export function sendWebhook(parcel: Parcel, secret: string): Promise<number | null> {
  return new Promise((resolve) => {
    const url = new URL(parcel.url);
    const isTls = url.protocol === "https:";
    const headers = { ...webhookHeaders(parcel, secret), "content-length": Buffer.byteLength(parcel.body) };
    const options = { method: "POST", headers, agent: agents[isTls ? "https:" : "http:"] };
    const sent = (isTls ? tlsRequest : request)(url, options, (response) => {
      response.on("end", () => end(response.statusCode ?? null));
      response.on("error", () => end(null));
      response.resume();
    });
    const late = setTimeout(() => sent.destroy(new Error("no answer in time")), TIMEOUT_MS);
    const end = (status: number | null): void => {
      clearTimeout(late);
      resolve(status);
    };
    sent.on("error", () => end(null));
    sent.end(parcel.body);
  });
}

/** The headers of a signed delivery; the HMAC is over the raw body, in base64. */
export function webhookHeaders(parcel: Parcel, secret: string): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: "*/*",
    "user-agent": "Shopify-Captain-Hook",
    "x-shopify-topic": parcel.topic,
    "x-shopify-hmac-sha256": createHmac("sha256", keyOf(secret)).update(parcel.body, "utf8").digest("base64"),
    "x-shopify-shop-domain": parcel.shop,
    "x-shopify-api-version": parcel.apiVersion,
    "x-shopify-webhook-id": parcel.webhookId,
    "x-shopify-event-id": parcel.eventId,
    "x-shopify-triggered-at": parcel.triggeredAt,
  };
}

const keys = new Map<string, KeyObject>();

/** A key that is made once costs a fifth of a text that becomes one each time. */
function keyOf(secret: string): KeyObject {
  const key = keys.get(secret) ?? createSecretKey(secret, "utf8");
  keys.set(secret, key);
  return key;
}
