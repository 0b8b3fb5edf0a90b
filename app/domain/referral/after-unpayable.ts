import { expiryDueAt } from "./conversion.ts";

/**
 * What becomes of a referral whose order earns nothing: while its window (and events under way) is open the order is taken
 * off, so that another may count; after that the referral is void. Times are epoch milliseconds.
 */
export function afterUnpayable(args: { readonly expiresAt: number; readonly now: number }): "clear_order" | "void" {
  return args.now < expiryDueAt(args.expiresAt) ? "clear_order" : "void";
}
