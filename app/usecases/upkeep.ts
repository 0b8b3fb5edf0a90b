import { forgetOldRequests } from "#app/data/data-requests.repo.ts";
import { emptyDoneInbox } from "#app/data/inbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { allShopIds } from "#app/data/sealed-columns.repo.ts";
import { forgetSignals } from "#app/data/signals.repo.ts";
import { keepStandingWork } from "#app/data/standing-work.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Keys } from "#app/platform/keys.ts";
import { newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import { rewrapKeys } from "./rewrap-keys.ts";

const DAY_MS = 86_400_000;
/** Facts of what is done are kept for a week, to look into a complaint; then only that the row was there. */
const FACTS_KEPT_MS = 7 * DAY_MS;

/** A network says nothing after its 45 days; it is kept for the longest cooling-off more, for the screen at the payout. */
const SIGNALS_KEPT_MS = 30 * DAY_MS;
const SIGNALS_A_RUN_MAX = 10_000;

/** Looks after what only time makes necessary: empties old inbox rows, forgets old signals, finishes a rotation of DATA_KEY. */
export async function upkeep(
  deps: { pools: Pools; keys: Keys; logger: Logger; isRotating: boolean },
  now: Date,
): Promise<void> {
  const before = new Date(now.getTime() - FACTS_KEPT_MS);
  const forgetBefore = new Date(now.getTime() - SIGNALS_KEPT_MS);
  let [emptied, forgotten] = [0, 0];
  for (const shopId of await allShopIds(deps.pools)) {
    emptied += await inShop(deps.pools, shopId, async (tx) => {
      for (const topic of ["orders.read", "discounts.compare"] as const)
        await keepStandingWork(tx, { id: newId(), shopId, topic, now });
      await forgetOldRequests(tx, shopId, now);
      return emptyDoneInbox(tx, shopId, before);
    });
    const old = { before: forgetBefore, rowsMax: SIGNALS_A_RUN_MAX };
    forgotten += await inShop(deps.pools, shopId, (tx) => forgetSignals(tx, shopId, old));
  }
  if (emptied > 0) deps.logger.info({ table: "inbox", rows: emptied }, "emptied rows past their time");
  if (forgotten > 0) deps.logger.info({ table: "person_keys", rows: forgotten }, "forgot signals past their time");
  if (!deps.isRotating) return;
  const rewrapped = await rewrapKeys(deps);
  deps.logger.info(
    { count: rewrapped },
    "sealed anew under the new DATA_KEY; at 0 nothing needs DATA_KEY_OLD but click tokens",
  );
}
