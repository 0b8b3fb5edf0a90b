import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { parseLandingPath } from "#app/domain/landing/landing-path.ts";

/**
 * The storefront that a tap goes back to: the host that the buyer used when it is one of the shop's own, else the main
 * one. The forwarded host alone is never believed, since whoever asks can write it.
 *
 * @param shop Null while the shop cannot be read: then the myshopify domain, which the signature vouches for.
 * @param forwardedHost As the header came; a list or a repeated header matches no host of the shop.
 */
export function storefrontOrigin(
  shop: KnownShop | null,
  signedDomain: string,
  forwardedHost: string | undefined,
): string {
  if (shop === null) return `https://${signedDomain}`;
  const host = forwardedHost?.trim().toLowerCase();
  if (host === undefined || !shop.domains.includes(host)) return shop.primaryOrigin;
  const { protocol } = new URL(shop.primaryOrigin);
  return `${protocol}//${host}`;
}

/**
 * The address that a tap is sent to: a stored path, checked again, on the storefront. A path that would lead elsewhere, or
 * back to the links themselves, counts as the front page; the landing page beside them is a page like any other.
 *
 * @param landingPath As it is stored; null for a code that is not known.
 * @param pathPrefix Where the proxy is mounted, such as `/a/r`.
 * @param token Added as `ref_token`; null for a tap that gets none.
 */
export function landingUrl(args: {
  origin: string;
  landingPath: string | null;
  pathPrefix: string;
  token: string | null;
}): string {
  const path = safePath(args.origin, args.landingPath ?? "/", args.pathPrefix);
  if (args.token === null) return `${args.origin}${path}`;
  return `${args.origin}${path}${path.includes("?") ? "&" : "?"}ref_token=${args.token}`;
}

function safePath(origin: string, landingPath: string, pathPrefix: string): string {
  const path = parseLandingPath(landingPath);
  if (path === null || new URL(path, origin).origin !== new URL(origin).origin) return "/";
  const isOwnRoute = pathPrefix !== "" && (path === pathPrefix || path.startsWith(`${pathPrefix}/`));
  const isLandingPage = path.split("?")[0] === `${pathPrefix}/join`;
  return isOwnRoute && !isLandingPage ? "/" : path;
}
