import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { removeAllSessions } from "#app/data/session.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { closeShop } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

/**
 * Takes note that a shop removed the app: nothing new opens, and its tokens, which work no more, are forgotten. What was
 * earned stays on the ledger; erasure is a message of its own, 48 hours later.
 *
 * @param input.at When it happened, so that a late message does not close a shop that came back since.
 */
export async function uninstallShop(
  deps: { pools: Pools; clock: Clock; shops: Pick<ShopDirectory, "forget"> },
  input: { shopId: string; at: Date },
): Promise<{ readonly outcome: "closed" | "unchanged" }> {
  const { shopId, at } = input;
  const closed = await inShop(deps.pools, shopId, async (tx) => {
    if (!(await closeShop(tx, shopId, at))) return false;
    await removeAllSessions(tx, shopId);
    const entry = {
      id: newId(),
      shopId,
      at: deps.clock.now(),
      actor: "shopify",
      action: "shop.uninstalled",
      subject: null,
    };
    await appendAudit(tx, entry);
    return true;
  });
  deps.shops.forget(shopId);
  return { outcome: closed ? "closed" : "unchanged" };
}
