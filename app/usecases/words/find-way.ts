import type { Pools } from "#app/data/pools.ts";
import { shopTimezone } from "#app/data/shops.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { wordSettings } from "#app/data/words.repo.ts";
import { quietUntil } from "#app/domain/note/quiet-hours.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import type { ShopifyAdmin } from "#app/usecases/ports.ts";
import type { SmsSender } from "#app/usecases/words-port.ts";

export type FindWayDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly admin: ShopifyAdmin;
  /** Null: no provider of text messages is set up. */
  readonly sms: SmsSender | null;
};

/** How somebody is reached. */
export type Way =
  | { readonly outcome: "email" | "sms"; readonly to: string }
  | { readonly outcome: "none" }
  | { readonly outcome: "later"; readonly until: Date; readonly reason: "quiet_hours" | "consent_unknown" };

const ASK_AGAIN_MS = 5 * 60_000;

/**
 * Chooses the way to a customer: e-mail where there is an address; else a text message, if Shopify says at this moment that they
 * said yes to them, and not in the shop's quiet hours. A mail waits silently in its box and needs no quiet hours.
 */
export async function findWay(deps: FindWayDeps, shop: KnownShop, profile: Profile | null): Promise<Way> {
  const { shopId, domain } = shop;
  if (profile?.email) return { outcome: "email", to: profile.email };
  if (deps.sms === null || !profile?.phone || !profile.customerId) return { outcome: "none" };
  const answer = await deps.admin.forShop(shopId, domain).readCustomer(profile.customerId);
  const now = deps.clock.now();
  if (answer.outcome === "throttled" || answer.outcome === "unavailable")
    return { outcome: "later", until: new Date(now.getTime() + ASK_AGAIN_MS), reason: "consent_unknown" };
  if (answer.outcome !== "ok" || !answer.customer.smsConsent || answer.customer.phone === null)
    return { outcome: "none" };
  const { settings, timezone } = await inShop(deps.pools, shopId, async (tx) => ({
    settings: await wordSettings(tx, shopId),
    timezone: await shopTimezone(tx, shopId),
  }));
  const untilMs = quietUntil(now.getTime(), timezone, { from: settings.quietFrom, to: settings.quietTo });
  return untilMs === null
    ? { outcome: "sms", to: answer.customer.phone }
    : { outcome: "later", until: new Date(untilMs), reason: "quiet_hours" };
}
