import { orderPayload } from "../../simulator/webhooks/payloads/order.ts";
import { includeFields } from "../../simulator/webhooks/subscriptions.ts";
import { placeOrder } from "../../simulator/world/orders.ts";
import { createShop } from "../../simulator/world/shops.ts";
import { createWorld } from "../../simulator/world/world.ts";
import { PHONE_BROWSER } from "#test/builders/door.ts";

/** What the door reads of an order: the least that a subscription could be cut down to. */
const READ_FIELDS = [
  "id",
  "created_at",
  "processed_at",
  "updated_at",
  "cancelled_at",
  "financial_status",
  "test",
  "source_name",
  "customer.id",
  "customer.first_name",
  "customer.email",
  "customer.phone",
  "email",
  "phone",
  "customer_locale",
  "client_details",
  "checkout_token",
  "landing_site",
  "note_attributes",
  "discount_codes",
  "currency",
  "total_price",
  "total_price_set",
  "shipping_address",
];
const ADDRESS = {
  firstName: "Mara",
  lastName: "Jones",
  address1: "10 Main Street",
  address2: "Flat 3",
  city: "London",
  zip: "SW1A 1AA",
  countryCode: "GB",
  phone: "+442079460000",
};
const BYTES = { "8 KB": 8_192, "2 KB": 2_048 } as const;

export type BodySize = keyof typeof BYTES;

/**
 * Bodies of `orders/paid`: whole ones, or cut down to what the door reads.
 * @param ordersEach how often each customer orders
 */
export function orderBodies(size: BodySize, count: number, ordersEach = 1): string[] {
  const world = createWorld({ appUrl: "http://localhost:1", apiKey: "bench", apiSecret: "bench" });
  const shop = createShop(world, { shop: "bench", name: "Bench", currency: "GBP" });
  return Array.from({ length: count }, (_, index) => {
    const { order } = placeOrder(world, shop, {
      email: `customer.${Math.floor(index / ordersEach)}@mail.example`,
      lines: [{ title: "Weekly vegetable box", priceMinor: 4200n, quantity: 1 }],
      shippingAddress: ADDRESS,
      billingAddress: ADDRESS,
      noteAttributes: [{ name: "_ref_device", value: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}` }],
      landingSite: "/collections/boxes?utm_source=newsletter",
      clientIp: `198.18.${index >> 8}.${index & 255}`,
      userAgent: PHONE_BROWSER,
      acceptLanguage: "en-GB",
      sourceName: "web",
      paid: true,
    });
    const payload = orderPayload(shop, order);
    return padded(size === "8 KB" ? payload : includeFields(payload, READ_FIELDS), BYTES[size]);
  });
}

/** Real orders carry a merchant's notes and apps' attributes: text fills a body up to its size. */
function padded(payload: Readonly<Record<string, unknown>>, bytes: number): string {
  const missing = bytes - JSON.stringify(payload).length;
  return JSON.stringify(
    missing > 0
      ? { ...payload, note: "Please leave it with the neighbours. ".repeat(Math.ceil(missing / 37)).slice(0, missing) }
      : payload,
  );
}
