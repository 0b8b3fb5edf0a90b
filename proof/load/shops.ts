import type { Shop } from "../journey/actors.ts";
import { callApp, control, expectThat, settle } from "../journey/http.ts";
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
  for (const { domain } of shops) await oweBothSides(target, domain);
  await settle(target);
  return shops;
}

/** Gives the friend's side after the order too, so that each referral has two rewards to be lost or doubled. */
async function oweBothSides(target: Target, shop: string): Promise<void> {
  const token = String((await control(target, "POST", `shops/${shop}/id-token`, {}))["token"]);
  const form = { terms: JSON.stringify({ friend: { when: "after_first_order" } }) };
  const { status, body } = await callApp(target, { method: "POST", path: "/app/program", token, form });
  expectThat(status === 200, "the terms are saved", body);
}
