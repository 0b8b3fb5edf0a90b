/** The part of `fetch` that Shopify's clients use. */
export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>;

const SHOP_HOST = /^[a-z0-9][a-z0-9_-]*\.myshopify\.com$/i;

/**
 * Leads every call to https://{shop}.myshopify.com to the pretend Shopify, naming the shop in a header; any other call
 * goes where it says. Used only when SHOPIFY_SIMULATOR_URL is set, which production refuses.
 *
 * @param simulatorUrl Origin of the pretend Shopify, without a trailing slash.
 */
export function createSimulatedFetch(simulatorUrl: string): FetchLike {
  return (url, init) => {
    const target = new URL(url);
    if (target.protocol !== "https:" || !SHOP_HOST.test(target.hostname)) return fetch(url, init);
    const headers = new Headers(init?.headers);
    headers.set("x-sim-shop", target.hostname);
    return fetch(`${simulatorUrl}${target.pathname}${target.search}`, { ...init, headers });
  };
}
