/**
 * Who may frame a page: the shop that the session token proved and Shopify's admin, and nobody where no shop was proved.
 * With a simulator, its admin too: that lives on the simulator's own origin and under the host `admin.localhost`.
 *
 * @param shop The myshopify domain, or null when nobody was authenticated.
 * @returns A content security policy of that one directive.
 */
export function frameAncestors(shop: string | null, simulatorUrl: string | undefined): string {
  if (shop === null) return "frame-ancestors 'none'";
  return ["frame-ancestors", `https://${shop}`, "https://admin.shopify.com", ...simulatorFrames(simulatorUrl)].join(
    " ",
  );
}

/** The origins that the simulator's admin is served from; none without a simulator. */
export function simulatorFrames(simulatorUrl: string | undefined): string[] {
  if (simulatorUrl === undefined) return [];
  const { origin, protocol, port } = new URL(simulatorUrl);
  return [origin, `${protocol}//admin.localhost:${port}`];
}
