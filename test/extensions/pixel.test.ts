import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { bundleExtension } from "#simulator/extensions/bundle.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "extensions", "referral-pixel");
const bundle = await bundleExtension(join(FOLDER, "src", "index.ts"), "https://goodword.test");
const GZIP_BYTES_MAX = 2_048;

type World = {
  readonly consent?: boolean;
  readonly cookie?: string;
  readonly storage?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly isOffline?: boolean;
};
type Heard = (event: unknown) => unknown;

/** Runs the built pixel as Shopify's strict sandbox does: with its API and fetch, without a page. */
function runPixel(world: World = {}) {
  const sent: { url: string; body: unknown; init: RequestInit }[] = [];
  const listeners = new Map<string, Heard>();
  const consentHeard: Heard[] = [];
  const api = {
    analytics: { subscribe: (name: string, heard: Heard) => listeners.set(name, heard) },
    browser: {
      cookie: { get: async () => world.cookie ?? "" },
      localStorage: { getItem: async (key: string) => world.storage?.[key] ?? null },
    },
    init: {
      data: { shop: { myshopifyDomain: "freshbox.myshopify.com" } },
      customerPrivacy: { marketingAllowed: world.consent ?? true },
    },
    settings: world.settings ?? { appUrl: "https://goodword.test" },
    customerPrivacy: { subscribe: (_name: string, heard: Heard) => consentHeard.push(heard) },
  };
  const send = (url: string, init: RequestInit & { body: string }) => {
    sent.push({ url, body: JSON.parse(init.body), init });
    return world.isOffline === true ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve();
  };
  const sandbox = { fetch: send, shopify: { extend: (_point: string, run: (given: unknown) => void) => run(api) } };
  runInContext(bundle, createContext(sandbox));
  return {
    sent,
    subscribed: [...listeners.keys()],
    emit: async (name: string, checkout: unknown) => listeners.get(name)?.({ data: { checkout } }),
    collectConsent: (marketingAllowed: boolean) =>
      consentHeard.forEach((heard) => heard({ customerPrivacy: { marketingAllowed } })),
  };
}

const CHECKOUT = {
  token: "6a7f9943815c1867",
  attributes: [
    { key: "_ref_token", value: "newest,older" },
    { key: "_ref_device", value: "0f8fad5b-d9cb-469f-a165-70867728950e" },
  ],
  order: { id: "gid://shopify/Order/6123456789012" },
};

test("the pixel tells the app at both ends of a checkout which links the cart carries", async () => {
  const pixel = runPixel();
  expect(pixel.subscribed).toEqual(["checkout_started", "checkout_completed"]);
  await pixel.emit("checkout_started", { ...CHECKOUT, order: null });
  await pixel.emit("checkout_completed", CHECKOUT);
  const body = {
    shop: "freshbox.myshopify.com",
    checkoutToken: "6a7f9943815c1867",
    tokens: ["newest", "older"],
    device: "0f8fad5b-d9cb-469f-a165-70867728950e",
  };
  expect(pixel.sent.map((each) => each.body)).toEqual([body, { ...body, orderId: "6123456789012" }]);
  expect(pixel.sent[0]?.url).toBe("https://goodword.test/api/pixel");
  expect(pixel.sent[0]?.init).toMatchObject({ method: "POST", keepalive: true });
});

test.each([
  ["the cookie", { cookie: "fromcookie" }, ["fromcookie"]],
  ["storage", { storage: { gw_ref: "a,b,c,d,e,f" } }, ["a", "b", "c", "d", "e"]],
])("the pixel finds in %s what another app took off the cart", async (_what, world, tokens) => {
  const pixel = runPixel(world);
  await pixel.emit("checkout_completed", { ...CHECKOUT, attributes: [] });
  expect(pixel.sent.map((each) => each.body)).toMatchObject([{ tokens }]);
});

test("the pixel says nothing while marketing is not allowed, speaks once it is, and stops when it is withdrawn", async () => {
  const pixel = runPixel({ consent: false });
  await pixel.emit("checkout_started", CHECKOUT);
  expect(pixel.sent).toEqual([]);
  pixel.collectConsent(true);
  await pixel.emit("checkout_started", CHECKOUT);
  expect(pixel.sent).toHaveLength(1);
  pixel.collectConsent(false);
  await pixel.emit("checkout_completed", CHECKOUT);
  expect(pixel.sent).toHaveLength(1);
});

test.each([
  ["of a buyer who came by no link", {}, { ...CHECKOUT, attributes: [] }],
  ["without a checkout", {}, undefined],
  ["of a checkout without a token", {}, { ...CHECKOUT, token: null }],
  ["before it knows the app's address", { settings: {} }, CHECKOUT],
])("the pixel is silent %s", async (_what, world, checkout) => {
  const pixel = runPixel(world);
  await pixel.emit("checkout_completed", checkout);
  expect(pixel.sent).toEqual([]);
});

test("the pixel breaks nothing when the app cannot be reached", async () => {
  const pixel = runPixel({ isOffline: true });
  await expect(pixel.emit("checkout_completed", CHECKOUT)).resolves.toBeUndefined();
  expect(pixel.sent).toHaveLength(1);
});

test("the pixel is small, runs without a page, and asks Shopify for marketing consent alone", () => {
  expect(gzipSync(bundle).length).toBeLessThanOrEqual(GZIP_BYTES_MAX);
  const toml = parse(readFileSync(join(FOLDER, "shopify.extension.toml"), "utf8"));
  expect(toml).toMatchObject({
    type: "web_pixel_extension",
    runtime_context: "strict",
    customer_privacy: { marketing: true, analytics: false, preferences: false, sale_of_data: "disabled" },
    settings: { fields: { appUrl: { type: "single_line_text_field" } } },
  });
});
