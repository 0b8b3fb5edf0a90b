import { inShop } from "#app/data/tenant.ts";
import { bookWelcomeCost, markWelcomeUsed } from "#app/data/welcome-codes.repo.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { parseMoney } from "#app/domain/money/decimal.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { newId } from "#app/platform/ids.ts";
import type { EventDeps } from "./inbox-event.ts";
import { reverseWelcomeUse } from "./reverse-order-uses.ts";

/**
 * Notes the welcome codes that an order carries: each is used, and what it took off is booked as its cost, whoever bought
 * and whatever becomes of a referral. An order told of again books nothing, and a test cost nothing. A cancelled order is
 * booked and reversed, so that an event of before the cancellation that comes later finds it booked.
 */
export async function recordWelcomeUse(
  deps: Pick<EventDeps, "pools" | "clock">,
  shop: KnownShop,
  facts: OrderFacts,
): Promise<void> {
  if (facts.test || facts.discountCodes.length === 0) return;
  const { shopId } = shop;
  const { orderId } = facts;
  const amounts = amountsOf(facts, shop);
  await inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    for (const code of new Set(facts.discountCodes.map((text) => text.toUpperCase()))) {
      if (!(await markWelcomeUsed(tx, { shopId, code, orderId, now }))) continue;
      const amountMinor = amounts.get(code) ?? 0n;
      const cost = { shopId, id: newId(), orderId, code, unit: facts.currency, amountMinor, now };
      if (amountMinor > 0n) await bookWelcomeCost(tx, cost);
    }
    if (facts.cancelledAt !== null) await reverseWelcomeUse(tx, { shopId, orderId, now });
  });
}

/** What each code took off, in minor units; an amount in another currency than the shop's cannot be booked. */
function amountsOf(facts: OrderFacts, shop: Pick<KnownShop, "currency" | "exponent">): Map<string, bigint> {
  const currency = parseCurrency(shop.currency);
  const amounts = new Map<string, bigint>();
  if (currency === null || facts.currency !== shop.currency) return amounts;
  for (const { code, amount } of facts.discounts ?? []) {
    const parsed = parseMoney(amount, currency, shop.exponent);
    if (parsed.outcome === "ok") amounts.set(code.toUpperCase(), parsed.money.minor);
  }
  return amounts;
}
