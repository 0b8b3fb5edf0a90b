/** One line of an order as it stands when it is read again. Amounts are minor units in the shop's currency. */
export type OrderLine = {
  readonly quantity: number;
  /** What is left after refunds and edits. */
  readonly currentQuantity: number;
  /** The whole line after every discount that was allocated to it, order-wide ones and ours included. */
  readonly discountedMinor: bigint;
  readonly taxMinor: bigint;
  readonly isGiftCard: boolean;
  readonly isTip: boolean;
};

/**
 * What of an order counts towards the minimum, in minor units of the shop's currency: the discounted lines, without the tax
 * inside them where prices include tax, without what was refunded, without gift cards and tips. A partly refunded line counts
 * by its remaining quantity, rounded down. Delivery is no line and never counts.
 */
export function orderBase(lines: readonly OrderLine[], taxesIncluded: boolean): bigint {
  return lines.reduce((sum, line) => sum + lineBase(line, taxesIncluded), 0n);
}

function lineBase(line: OrderLine, taxesIncluded: boolean): bigint {
  if (line.isGiftCard || line.isTip || line.quantity <= 0 || line.currentQuantity <= 0) return 0n;
  const net = line.discountedMinor - (taxesIncluded ? line.taxMinor : 0n);
  if (net <= 0n) return 0n;
  const kept = Math.min(line.currentQuantity, line.quantity);
  return (net * BigInt(kept)) / BigInt(line.quantity);
}
