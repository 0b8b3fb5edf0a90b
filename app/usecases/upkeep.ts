import { emptyDoneInbox } from "#app/data/inbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { allShopIds } from "#app/data/sealed-columns.repo.ts";
import { keepStandingWork } from "#app/data/standing-work.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Keys } from "#app/platform/keys.ts";
import { newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import { rewrapKeys } from "./rewrap-keys.ts";

const DAY_MS = 86_400_000;
/** Facts of what is done are kept for a week, to look into a complaint; then only that the row was there. */
const FACTS_KEPT_MS = 7 * DAY_MS;

/** Looks after what only time makes necessary: empties old inbox rows, and finishes a rotation of DATA_KEY. */
export async function upkeep(
  deps: { pools: Pools; keys: Keys; logger: Logger; isRotating: boolean },
  now: Date,
): Promise<void> {
  const before = new Date(now.getTime() - FACTS_KEPT_MS);
  let emptied = 0;
  for (const shopId of await allShopIds(deps.pools)) {
    emptied += await inShop(deps.pools, shopId, async (tx) => {
      await keepStandingWork(tx, { id: newId(), shopId, topic: "orders.read", now });
      return emptyDoneInbox(tx, shopId, before);
    });
  }
  if (emptied > 0) deps.logger.info({ table: "inbox", rows: emptied }, "emptied rows past their time");
  if (!deps.isRotating) return;
  const rewrapped = await rewrapKeys(deps);
  deps.logger.info(
    { count: rewrapped },
    "sealed anew under the new DATA_KEY; at 0 nothing needs DATA_KEY_OLD but click tokens",
  );
}
