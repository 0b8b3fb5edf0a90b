import { createHmac } from "node:crypto";

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

/** Posts a webhook. Gives the status, or null when there was none. Only 2xx counts as delivered; a redirect does not. */
export async function sendWebhook(parcel: Parcel, secret: string): Promise<number | null> {
  try {
    const response = await fetch(parcel.url, {
      method: "POST",
      redirect: "manual",
      body: parcel.body,
      headers: webhookHeaders(parcel, secret),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The headers of a signed delivery; the HMAC is over the raw body, in base64. */
export function webhookHeaders(parcel: Parcel, secret: string): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: "*/*",
    "user-agent": "Shopify-Captain-Hook",
    "x-shopify-topic": parcel.topic,
    "x-shopify-hmac-sha256": createHmac("sha256", secret).update(parcel.body, "utf8").digest("base64"),
    "x-shopify-shop-domain": parcel.shop,
    "x-shopify-api-version": parcel.apiVersion,
    "x-shopify-webhook-id": parcel.webhookId,
    "x-shopify-event-id": parcel.eventId,
    "x-shopify-triggered-at": parcel.triggeredAt,
  };
}
