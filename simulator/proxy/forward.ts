import { request } from "node:http";
import { request as requestTls } from "node:https";
import type { AppConfig } from "../app-config.ts";
import type { Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { signProxyQuery } from "./sign.ts";

export type ProxyRequest = {
  readonly method: string;
  /** What follows the proxy's prefix on the storefront: "DAN42", "api/bind". Not encoded again. */
  readonly path: string;
  /** The buyer's own query, without "?". */
  readonly query?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: Buffer | string | undefined;
  /** The storefront host that the buyer used. */
  readonly host: string;
  readonly ip: string;
  /** Numeric id of the logged-in customer, or null. */
  readonly customerId: string | null;
};

export type ProxyAnswer = {
  readonly status: number;
  /** Lower-case names; what Shopify strips is gone. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
};

/** Headers of an app's answer that never reach the buyer. */
const STRIPPED_ANSWER_HEADERS = new Set(
  `accept-patch accept-ranges connection cookie date delta-base im p3p pragma preference-applied proxy-authenticate
   public-key-pins server service-worker-allowed set-cookie trailer tk warning x-powered-by transfer-encoding keep-alive`.split(
    /\s+/,
  ),
);
/** Headers of the buyer that never reach the app, and those that are set anew. */
const STRIPPED_REQUEST_HEADERS = new Set(
  "cookie host connection keep-alive transfer-encoding content-length upgrade x-forwarded-for x-forwarded-host expect".split(
    " ",
  ),
);

const TIMEOUT_MS = 10_000;

/** The storefront path under which the app's proxy answers, "/a/r". */
export function proxyPrefix(config: AppConfig): string {
  return `/${config.proxy.prefix}/${config.proxy.subpath}`;
}

/** The signed address on the app for a proxy request: the buyer's parameters first, then Shopify's. Timestamp in real seconds. */
export function signedProxyUrl(
  context: { world: World; config: AppConfig; shop: Shop },
  request: ProxyRequest,
): string {
  const { world, config, shop } = context;
  const parameters = new URLSearchParams(request.query ?? "");
  parameters.append("shop", shop.domain);
  parameters.append("logged_in_customer_id", request.customerId ?? "");
  parameters.append("path_prefix", proxyPrefix(config));
  parameters.append("timestamp", String(Math.floor(Date.now() / 1000)));
  parameters.append("signature", signProxyQuery(parameters, world.app.apiSecret));
  const base = new URL(config.proxy.url, world.app.appUrl).href.replace(/\/$/, "");
  return `${base}/${request.path}?${parameters.toString()}`;
}

/**
 * Forwards a storefront request to the app as Shopify's app proxy does: signed, without cookies, with the buyer's
 * address and host in X-Forwarded-*. Redirects are not followed. Rejects when the app does not answer within ten seconds.
 */
export function forwardProxy(
  context: { world: World; config: AppConfig; shop: Shop },
  proxied: ProxyRequest,
): Promise<ProxyAnswer> {
  const url = new URL(signedProxyUrl(context, proxied));
  const open = url.protocol === "https:" ? requestTls : request;
  return new Promise((resolve, reject) => {
    const outgoing = open(
      url,
      { method: proxied.method, headers: outgoingHeaders(proxied), timeout: TIMEOUT_MS },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
            value === undefined || STRIPPED_ANSWER_HEADERS.has(name) ? [] : [[name, value] as const],
          );
          resolve({
            status: incoming.statusCode ?? 502,
            headers: Object.fromEntries(headers),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("The app did not answer in time.")));
    outgoing.on("error", reject);
    outgoing.end(proxied.body);
  });
}

function outgoingHeaders(proxied: ProxyRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(proxied.headers ?? {})) {
    if (value !== undefined && !STRIPPED_REQUEST_HEADERS.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  }
  headers["x-forwarded-for"] = proxied.ip;
  headers["x-forwarded-host"] = proxied.host;
  headers["x-forwarded-proto"] = "https";
  if (proxied.body !== undefined) headers["content-length"] = String(Buffer.byteLength(proxied.body));
  return headers;
}
