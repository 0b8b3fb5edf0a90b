import { appendAudit } from "#app/data/audit.repo.ts";
import { hastenStandingWork } from "#app/data/standing-work.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { assertNever } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { noteDataRequest } from "./data-request.ts";
import { deleteCustomer } from "./delete-customer.ts";
import { eraseCustomer } from "./erase-customer.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { purgeShop } from "./purge-shop.ts";
import { mergeByShopify } from "./merge-by-shopify.ts";
import { recordBind } from "./record-bind.ts";
import { recordCustomer } from "./record-customer.ts";
import { recordOrder } from "./record-order.ts";
import { recordPixel } from "./record-pixel.ts";
import { recordRewardUse } from "./record-reward-use.ts";
import { recordWelcomeUse } from "./record-welcome-use.ts";
import { recordReversal } from "./record-refund.ts";
import { reversalOf } from "./reversal-of.ts";
import { reverseOrderUses } from "./reverse-order-uses.ts";

const COMPARE_WITHIN_MS = 10 * 60_000;

/** What only the composition root can give: the use cases of install and uninstall have dependencies of their own. */
export type HandleEventDeps = EventDeps & {
  readonly uninstall: (input: { shopId: string; at: Date }) => Promise<unknown>;
  readonly refreshShop: (input: { shopId: string; domain: string; scopes: string | null }) => Promise<unknown>;
};

/** Hands an event of the inbox to the use case of its kind. A shop that is not known has nothing that could change. */
export async function handleEvent(deps: HandleEventDeps, event: InboxEvent): Promise<EventVerdict> {
  const shop = await deps.shops.byId(event.shopId);
  if (shop === null) return DONE;
  const { shopId, facts } = event;
  switch (facts.kind) {
    case "customer":
      return recordCustomer(deps, { ...event, facts });
    case "bind":
      return recordBind(deps, { ...event, facts });
    case "pixel":
      return recordPixel(deps, { ...event, facts });
    case "order": {
      await recordWelcomeUse(deps, shop, facts);
      const verdict = await recordOrder(deps, { ...event, facts });
      await recordRewardUse(deps, { shopId, facts });
      const reversal = reversalOf(facts);
      if (reversal !== null) await recordReversal(deps, { shopId, orderId: facts.orderId, reversal });
      return verdict;
    }
    case "refund":
    case "dispute":
    case "order_edited":
    case "order_deleted": {
      if (facts.kind === "order_deleted") await reverseOrderUses(deps, { shopId, orderId: facts.orderId });
      const reversal = reversalOf(facts);
      return reversal === null ? DONE : recordReversal(deps, { shopId, orderId: facts.orderId, reversal });
    }
    case "merge":
      return mergeByShopify(deps, { ...event, facts });
    case "redact":
      return eraseCustomer(deps, {
        shopId,
        customerHash: facts.person.customerHash,
        emailHash: facts.person.emailHash,
      });
    case "customer_deleted":
      return deleteCustomer(deps, { shopId, customerHash: facts.customerHash });
    case "uninstalled":
      await deps.uninstall({ shopId, at: new Date(facts.at) });
      return DONE;
    case "shop":
      await deps.refreshShop({ shopId, domain: shop.domain, scopes: null });
      return DONE;
    case "scopes":
      await deps.refreshShop({ shopId, domain: shop.domain, scopes: facts.scopes.join(",") });
      return DONE;
    case "discount_removed":
      await compareSoon(deps, shopId);
      return DONE;
    case "shop_redact":
      return purgeShop(deps, { shopId });
    case "data_request":
      return noteDataRequest(deps, { shopId, facts });
    case "order_risk":
      return noteEvent(deps, shopId, facts);
    default:
      return assertNever(facts);
  }
}

/** Codes were deleted, perhaps by us, perhaps many one by one: what that means is found by comparing, a little later. */
async function compareSoon(deps: EventDeps, shopId: string): Promise<void> {
  const now = new Date(deps.clock.now().getTime() + COMPARE_WITHIN_MS);
  await inShop(deps.pools, shopId, (tx) => hastenStandingWork(tx, { shopId, topic: "discounts.compare", now }));
}

/** Kinds that change nothing by themselves are put on the record, where the operator finds them. */
async function noteEvent(deps: EventDeps, shopId: string, facts: InboxFacts): Promise<EventVerdict> {
  const entry = {
    id: newId(),
    shopId,
    at: deps.clock.now(),
    actor: "shopify",
    action: `event.${facts.kind}`,
    subject: null,
  };
  await inShop(deps.pools, shopId, (tx) => appendAudit(tx, entry));
  return DONE;
}
