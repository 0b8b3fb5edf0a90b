import { appendAudit } from "#app/data/audit.repo.ts";
import { hasOtherCustomers, ownersOfKeys } from "#app/data/people.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { eraseCustomer } from "./erase-customer.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict } from "./inbox-event.ts";
import { profileOf } from "./learn-profile.ts";

/**
 * A customer was deleted in the shop. Where that was the account that took part, its person is forgotten: nobody could be
 * told of a reward any more. Somebody who takes part by another account stays, as after a merge, which leads them to the
 * account that is left; the deleted one goes on being recognised in what is told late of it.
 */
export async function deleteCustomer(
  deps: Pick<EventDeps, "pools" | "clock" | "keys" | "shops">,
  event: { shopId: string; customerHash: string },
): Promise<EventVerdict> {
  const { shopId, customerHash } = event;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return DONE;
  const stays = await inShop(deps.pools, shopId, async (tx) => {
    const [owner] = await ownersOfKeys(tx, shopId, [{ kind: "customer", hash: customerHash }]);
    if (owner === undefined || !(await hasOtherCustomers(tx, shopId, owner.personId, customerHash))) return false;
    const { customerId } = await profileOf(tx, { keys: deps.keys, shopId, personId: owner.personId });
    if (customerId != null && shop.keyring.person("customer", customerId) === customerHash) return false;
    const entry = { id: newId(), shopId, at: deps.clock.now(), actor: "shopify" };
    await appendAudit(tx, { ...entry, action: "customer.deleted", subject: owner.personId });
    return true;
  });
  return stays ? DONE : eraseCustomer(deps, { shopId, customerHash, emailHash: null });
}
