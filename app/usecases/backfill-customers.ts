import { rememberCustomers } from "#app/data/people.repo.ts";
import type { RememberedCustomer } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { markBackfilled, markProtectedFieldsSeen, readShop, saveBackfillCursor } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { normaliseEmail } from "#app/domain/person/email.ts";
import { normalisePhone } from "#app/domain/person/phone.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import { completeInstall } from "#app/usecases/install-shop.ts";
import type { KnownCustomer, OutboxWork, ShopifyAdmin, WorkVerdict } from "#app/usecases/ports.ts";
import { againAfterTrouble, againLater } from "#app/usecases/verdicts.ts";

export type BackfillDeps = {
  pools: Pools;
  clock: Clock;
  admin: ShopifyAdmin;
  shops: ShopDirectory;
  ringer: { ring(kind: "outbox", shopId: string): void };
};

/** Pages of one run: it stays well inside the lease of its row, and other work of the shop gets its turn. */
const PAGES_PER_RUN_MAX = 10;
/** Shopify shows this much of the past without a special scope. */
const ORDERS_SHOWN_MS = 60 * 86_400_000;

/**
 * Reads the customers a shop had before the app came, so that they are known as existing customers: keyed hashes of id,
 * e-mail and phone, and when they ordered; no clear text is stored. The cursor is kept in the row after every page, so a
 * run that dies goes on where it was.
 */
export async function backfillCustomers(deps: BackfillDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const state = await inShop(deps.pools, shopId, (tx) => readShop(tx, shopId));
  if (state?.domain == null || state.uninstalledAt !== null) return { outcome: "done" };
  if (state.currency === null) {
    const completed = await completeInstall(deps, { shopId, domain: state.domain });
    if (completed.outcome === "incomplete") return againLater(deps.clock.now(), row.attempts, completed.reason);
  }
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return againLater(deps.clock.now(), row.attempts, "shop_unknown");
  return readPages(deps, row, shop);
}

async function readPages(deps: BackfillDeps, row: OutboxWork, shop: KnownShop): Promise<WorkVerdict> {
  const { shopId } = row;
  const admin = deps.admin.forShop(shopId, shop.domain);
  let cursor = typeof row.payload["cursor"] === "string" ? row.payload["cursor"] : null;
  for (let page = 0; page < PAGES_PER_RUN_MAX; page += 1) {
    const answer = await admin.knownCustomers(cursor);
    const now = deps.clock.now();
    if (answer.outcome === "refused") return { outcome: "dead", reason: answer.code };
    if (answer.outcome !== "ok") return againAfterTrouble(now, row.attempts, answer);
    const { customers, next } = answer;
    await inShop(deps.pools, shopId, async (tx) => {
      await rememberCustomers(
        tx,
        shopId,
        customers.map((customer) => remembered(shop, customer, now)),
        now,
      );
      if (customers.some((customer) => customer.email !== null)) await markProtectedFieldsSeen(tx, shopId);
      if (next === null) await markBackfilled(tx, shopId, now);
      else await saveBackfillCursor(tx, shopId, row.id, next);
    });
    if (next === null) return { outcome: "done" };
    cursor = next;
  }
  return { outcome: "again", at: deps.clock.now(), reason: "more_customers" };
}

function remembered(shop: KnownShop, customer: KnownCustomer, now: Date): RememberedCustomer {
  const email = customer.email === null ? null : normaliseEmail(customer.email);
  const phone = customer.phone === null ? null : normalisePhone(customer.phone);
  return {
    personId: newId(),
    customerHash: shop.keyring.person("customer", customer.customerId),
    emailHash: email === null ? null : shop.keyring.person("email", email),
    phoneHash: phone === null ? null : shop.keyring.person("phone", phone),
    ...orderHistory(customer, now),
  };
}

/**
 * When a customer ordered, as far as Shopify tells. Where it shows no date the bounds are taken that make nobody newer
 * than they may be: first as early as the customer exists, last as late as an order that is no longer shown can be.
 */
function orderHistory(customer: KnownCustomer, now: Date): { firstOrderAt: Date | null; lastOrderAt: Date | null } {
  if (customer.numberOfOrders === 0n) return { firstOrderAt: null, lastOrderAt: null };
  const noLongerShown = new Date(now.getTime() - ORDERS_SHOWN_MS);
  const lastOrderAt = customer.lastOrderAt ?? (noLongerShown > customer.createdAt ? noLongerShown : customer.createdAt);
  const firstOrderAt = customer.firstOrderAt ?? customer.createdAt;
  return { firstOrderAt: firstOrderAt < lastOrderAt ? firstOrderAt : lastOrderAt, lastOrderAt };
}
