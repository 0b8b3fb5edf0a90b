/** Times of a referral that tell from when on its friend counts as brought. */
export type BroughtTimes = {
  readonly evidence: { readonly clickedAt: number } | null;
  readonly openedAt: { getTime(): number };
  readonly orderAt: { getTime(): number } | null;
};

/**
 * From when on a friend counts as brought, epoch milliseconds: the click that won. A referral that a person opened by hand has
 * none and may be younger than its order: then the order is that moment, and only what was bought before it makes the friend
 * an existing customer.
 */
export function broughtAt({ evidence, openedAt, orderAt }: BroughtTimes): number {
  if (evidence !== null) return evidence.clickedAt;
  return Math.min(openedAt.getTime(), orderAt?.getTime() ?? Number.POSITIVE_INFINITY);
}
