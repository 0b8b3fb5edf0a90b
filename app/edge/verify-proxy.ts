import type { KeyObject } from "node:crypto";
import { isSignedBy } from "./secrets.ts";

/** How far a signed request's time may lie from ours, to either side, in real time. */
const AGE_SECONDS_MAX = 90;

/** Parameters that Shopify adds itself. A second one of a name can only be the buyer's, so the request is refused. */
const ONCE = ["shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature"] as const;

const SHOP = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/;
const CUSTOMER_ID = /^\d{1,20}$/;

export type ProxyVerdict =
  | {
      readonly outcome: "genuine";
      /** The myshopify domain. */
      readonly shop: string;
      /** Numeric id as text; null when nobody is logged in. */
      readonly customerId: string | null;
      /** Where the proxy is mounted on the storefront, such as `/a/r`; the merchant may move it. */
      readonly pathPrefix: string;
      /** Language of the page, where the request names one; whoever asks may have written it. Null else. */
      readonly locale: string | null;
    }
  | { readonly outcome: "bad_signature" }
  | { readonly outcome: "stale_signature" };

/**
 * What is signed has no separators, so the bytes of one set of parameters can be read as another: whoever signs
 * `a=1shop=victim.myshopify.comshopX=` on a shop of their own may send its parts to us as parameters. But Shopify's own
 * value stays in the message, so a message that holds one of these twice was put together by somebody.
 */
const HELD_ONCE = [/logged_in_customer_id=/g, /shop=[a-z0-9][a-z0-9-]*\.myshopify\.com/g];

const BAD: ProxyVerdict = { outcome: "bad_signature" };

/**
 * Verifies a request that came through Shopify's app proxy, by the documented algorithm: all parameters but `signature`,
 * values of one name joined with commas, `name=value` strings sorted by their bytes and run together, HMAC-SHA256 in hex.
 * (The library sorts by name with a locale, and so refuses links to which a buyer's app added `Ref=1` or `ref=1&ref2=2`.)
 *
 * Everything is compared as bytes: names and values are percent-decoded to one character per byte.
 * https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies
 *
 * @param query The raw query string, without the question mark.
 * @param nowMs Real time, epoch milliseconds: proxy timestamps never follow a simulated clock.
 */
export function verifyProxy(query: string, secrets: readonly KeyObject[], nowMs: number): ProxyVerdict {
  const parameters = parametersOf(query);
  if (ONCE.some((name) => (parameters.get(name)?.length ?? 0) > 1)) return BAD;

  const signature = parameters.get("signature")?.[0] ?? "";
  if (!/^[0-9a-f]{64}$/.test(signature)) return BAD;
  parameters.delete("signature");
  const message = signedMessage(parameters);
  if (!isSignedBy(secrets, Buffer.from(message, "latin1"), Buffer.from(signature, "hex"))) return BAD;
  if (HELD_ONCE.some((pattern) => (message.match(pattern)?.length ?? 0) > 1)) return BAD;

  const shop = parameters.get("shop")?.[0] ?? "";
  const customerId = parameters.get("logged_in_customer_id")?.[0] ?? "";
  const timestamp = parameters.get("timestamp")?.[0] ?? "";
  if (!SHOP.test(shop) || !/^\d{1,12}$/.test(timestamp)) return BAD;
  if (customerId !== "" && !CUSTOMER_ID.test(customerId)) return BAD;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > AGE_SECONDS_MAX) return { outcome: "stale_signature" };

  const pathPrefix = parameters.get("path_prefix")?.[0] ?? "";
  const locale = parameters.get("locale")?.[0] ?? null;
  return { outcome: "genuine", shop, customerId: customerId === "" ? null : customerId, pathPrefix, locale };
}

/** What Shopify signs, one character a byte. */
function signedMessage(parameters: ReadonlyMap<string, readonly string[]>): string {
  const pairs = [...parameters].map(([name, values]) => `${name}=${values.join(",")}`);
  // One character is one byte here, so the default order of strings is the order of bytes.
  return pairs.toSorted().join("");
}

function parametersOf(query: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  for (const part of query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decodeToBytes(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? "" : decodeToBytes(part.slice(equals + 1));
    const values = parameters.get(name);
    if (values === undefined) parameters.set(name, [value]);
    else values.push(value);
  }
  return parameters;
}

/**
 * Percent-decodes to one character per byte (Node hands over a URL's raw bytes that way already). An escape that is none
 * stays as it stands, as it does on Shopify's side.
 */
function decodeToBytes(text: string): string {
  if (!/[%+]/.test(text)) return text;
  return text
    .replaceAll("+", " ")
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
