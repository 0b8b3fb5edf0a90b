/** Orders of a person other than the one being weighed; null where there are none. Epoch milliseconds. */
export type OrderHistory = { readonly firstOrderAt: number | null; readonly lastOrderAt: number | null };

const DAY_MS = 86_400_000;
/** Shopify prints order and sign-up times in whole seconds, and two servers' clocks differ a little. */
export const CLOCK_SLACK_MS = 2_000;

/**
 * Whether a person had bought before a moment. With `newCustomerDays` only an order in that many days before it counts;
 * with null any order does. Where the last order lies after the moment, the ones between are not known, and an earlier
 * first order then counts: nobody is called new on a guess. Nor is anybody called an existing customer by the difference
 * between two clocks: an order made with the moment itself is not one before it.
 */
export function isExistingCustomer(args: {
  readonly history: OrderHistory;
  readonly before: number;
  readonly newCustomerDays: number | null;
}): boolean {
  const { firstOrderAt, lastOrderAt } = args.history;
  if (firstOrderAt === null || firstOrderAt >= args.before - CLOCK_SLACK_MS) return false;
  if (args.newCustomerDays === null || lastOrderAt === null) return true;
  return lastOrderAt >= args.before - args.newCustomerDays * DAY_MS;
}
