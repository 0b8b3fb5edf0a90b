import { appendAudit } from "#app/data/audit.repo.ts";
import { forgetShop, someOpenReferrals } from "#app/data/purge.repo.ts";
import { voidReferral } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict } from "./inbox-event.ts";

const REFERRALS_AT_ONCE = 200;

/**
 * Forgets a shop (shop/redact, 48 hours after it removed the app): what is open ends, and everything goes that means something
 * to anybody. A shop that has the app again by then keeps all of it. May run twice: a run that was cut off is made again.
 */
export async function purgeShop(
  deps: Pick<EventDeps, "pools" | "clock" | "shops">,
  event: { shopId: string },
): Promise<EventVerdict> {
  const { shopId } = event;
  const shop = await deps.shops.byId(shopId);
  const entry = { shopId, actor: "shopify", subject: null };
  if (shop === null || shop.installed) {
    const detail = { ignored: "installed" };
    const at = deps.clock.now();
    await inShop(deps.pools, shopId, (tx) =>
      appendAudit(tx, { ...entry, id: newId(), at, action: "event.shop_redact", detail }),
    );
    return DONE;
  }
  while ((await endSome(deps, shopId)) > 0);
  await inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    await forgetShop(tx, shopId, now);
    await appendAudit(tx, { ...entry, id: newId(), at: now, action: "shop.purged" });
  });
  deps.shops.forget(shopId);
  return DONE;
}

/** Ends some open referrals: nothing is owed for them. @returns how many there were */
async function endSome(deps: Pick<EventDeps, "pools" | "clock">, shopId: string): Promise<number> {
  return retryRaces(() =>
    inShop(deps.pools, shopId, async (tx) => {
      const ids = await someOpenReferrals(tx, shopId, REFERRALS_AT_ONCE);
      const end = { shopId, to: "VOIDED", reason: "shop_purged", now: deps.clock.now(), actor: "shopify" } as const;
      for (const referralId of ids) await voidReferral(tx, { ...end, referralId });
      return ids.length;
    }),
  );
}
