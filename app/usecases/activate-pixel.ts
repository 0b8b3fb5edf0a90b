import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { OutboxWork, ShopifyAdmin, WorkVerdict } from "./ports.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

/**
 * Switches the web pixel on in a shop and tells it where the app is (outbox topic `pixel.activate`, at install and when the
 * scopes change). Doing it twice is doing it once. A shop that did not grant the scope does without: the pixel is a hint.
 */
export async function activatePixel(
  deps: { shops: ShopDirectory; admin: ShopifyAdmin; clock: Clock; logger: Logger; appUrl: string },
  row: OutboxWork,
): Promise<WorkVerdict> {
  const { shopId } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null || !shop.installed) return { outcome: "done" };
  const answer = await deps.admin.forShop(shopId, shop.domain).activatePixel({ appUrl: deps.appUrl });
  switch (answer.outcome) {
    case "ok":
      return { outcome: "done" };
    case "refused":
      deps.logger.warn({ shopId, reason: answer.code }, "the web pixel could not be switched on");
      return { outcome: "done" };
    case "unknown":
      return againLater(deps.clock.now(), row.attempts, "outcome_unknown");
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return againAfterTrouble(deps.clock.now(), row.attempts, answer);
  }
}
