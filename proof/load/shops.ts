import type { Shop } from "../journey/actors.ts";
import { control, settle } from "../journey/http.ts";
import type { Target } from "../journey/http.ts";

/** How every delivery comes: three times, and one of the copies under a webhook id of its own. */
const DELIVERIES = { copies: 3, freshIds: 0.34 };

/** Opens shops with Goodword installed, whose webhooks come more than once. */
export async function openShops(target: Target, count: number, prefix: string): Promise<Shop[]> {
  const shops = Array.from({ length: count }, (_, index) => ({
    target,
    domain: `${prefix}-${index + 1}.myshopify.com`,
    currency: "GBP",
  }));
  for (const { domain, currency } of shops) {
    await control(target, "POST", "shops", {
      shop: domain,
      name: domain.replace(".myshopify.com", ""),
      currency,
      customerAccounts: "new",
      protectedFields: true,
      usageLimit: "code",
      install: true,
    });
    await control(target, "POST", "webhooks", { shop: domain, ...DELIVERIES });
  }
  await settle(target);
  return shops;
}
