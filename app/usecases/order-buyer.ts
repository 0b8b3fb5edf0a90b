import { claimantsAmong } from "#app/data/claims.repo.ts";
import { ownCodesAmong } from "#app/data/plain-orders.repo.ts";
import type { Buyer } from "#app/data/plain-orders.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { invariant } from "#app/platform/errors.ts";

/** @returns what an order of a customer tells of its buyer */
export function buyerOf({ person, checkoutTokenHash }: OrderFacts): Buyer {
  invariant(person !== null && person.customerHash !== null, "an order of a batch is a customer's");
  const { customerHash, emailHash, phoneHash } = person;
  return { customerHash, emailHash, phoneHash, checkoutTokenHash };
}

/**
 * Asks which of some orders carry something of ours: a code that we made is the use of a reward or of a welcome, and a claim of
 * the buyer is evidence. Such an order takes a closer look.
 */
export async function touchesOurs(
  tx: Tx,
  shopId: string,
  orders: readonly OrderFacts[],
): Promise<(order: OrderFacts) => boolean> {
  const [ours, claimants] = await Promise.all([
    ownCodesAmong(tx, shopId, [...new Set(orders.flatMap(codesOf))]),
    claimantsAmong(tx, shopId, {
      emailHashes: orders.flatMap(({ person }) => person?.emailHash ?? []),
      devices: orders.flatMap(({ device }) => device ?? []),
      cartTokenHashes: orders.flatMap(({ cartTokenHash }) => cartTokenHash ?? []),
    }),
  ]);
  return (order) => {
    const keys = [order.device, order.person?.emailHash, order.cartTokenHash];
    return codesOf(order).some((code) => ours.has(code)) || keys.some((key) => claimants.has(key ?? ""));
  };
}

function codesOf(facts: OrderFacts): string[] {
  const discounted = (facts.discounts ?? []).map(({ code }) => code);
  return [...facts.discountCodes, ...discounted].map((code) => code.toUpperCase());
}
