import { expect, test } from "vitest";
import { webhookHeaders } from "#test/builders/door.ts";
import { hmacSecrets } from "./secrets.ts";
import { isGenuineBody, readDeliveryHeaders } from "./verify-webhook.ts";

const SECRETS = hmacSecrets({ SHOPIFY_API_SECRET: "hush", SHOPIFY_API_SECRET_OLD: "before" });
const BODY = Buffer.from('{"id":1.0,"name":"é"}');

function headersOf(changes: Record<string, string | undefined> = {}, secret = "hush") {
  return {
    ...webhookHeaders(BODY, { shop: "freshbox.myshopify.com", topic: "orders/paid", webhookId: "w-1", secret }),
    ...changes,
  };
}

function hmacOf(headers: Record<string, string | undefined>): Buffer | null {
  const read = readDeliveryHeaders(headers);
  return read.outcome === "complete" ? read.headers.hmac : null;
}

test("readDeliveryHeaders reads what Shopify sends, in any case of letters", () => {
  const read = readDeliveryHeaders(
    headersOf({ "x-shopify-topic": "Orders/Paid", "x-shopify-shop-domain": "FreshBox.myshopify.com" }),
  );
  expect(read).toMatchObject({
    outcome: "complete",
    headers: { topic: "orders/paid", shopDomain: "freshbox.myshopify.com", webhookId: "w-1" },
  });
});

test.each([
  "x-shopify-topic",
  "x-shopify-hmac-sha256",
  "x-shopify-shop-domain",
  "x-shopify-api-version",
  "x-shopify-webhook-id",
])("readDeliveryHeaders misses %s when it is absent or empty", (name) => {
  expect(readDeliveryHeaders(headersOf({ [name]: undefined }))).toEqual({ outcome: "missing_header" });
  expect(readDeliveryHeaders(headersOf({ [name]: "" }))).toEqual({ outcome: "missing_header" });
});

test("readDeliveryHeaders counts a shop that is none of Shopify's as missing", () => {
  expect(
    readDeliveryHeaders(headersOf({ "x-shopify-shop-domain": "freshbox.myshopify.com.evil.example" })).outcome,
  ).toBe("missing_header");
});

test("isGenuineBody accepts the current secret and the one before", () => {
  expect(isGenuineBody(BODY, hmacOf(headersOf()), SECRETS)).toBe(true);
  expect(isGenuineBody(BODY, hmacOf(headersOf({}, "before")), SECRETS)).toBe(true);
  expect(isGenuineBody(BODY, hmacOf(headersOf({}, "somebody else's")), SECRETS)).toBe(false);
});

test("isGenuineBody refuses a body that was read and printed anew", () => {
  const printed = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
  expect(isGenuineBody(printed, hmacOf(headersOf()), SECRETS)).toBe(false);
});

test.each(["AAAA", "not base64 at all!", `${"A".repeat(43)}`, `${"A".repeat(86)}==`, "0".repeat(64)])(
  "isGenuineBody refuses %s for a signature without a throw",
  (hmac) => {
    expect(isGenuineBody(BODY, hmacOf(headersOf({ "x-shopify-hmac-sha256": hmac })), SECRETS)).toBe(false);
  },
);
