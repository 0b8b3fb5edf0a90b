import { codeRefusal, findCode, mayCombine, type CodeRefusal } from "./discounts.ts";
import { allocate, divideRounded } from "./money.ts";
import type { Discount, DiscountAllocation, DiscountApplication, Shop } from "./types.ts";
import type { World } from "./world.ts";

export type LineInput = {
  readonly title: string;
  readonly priceMinor: bigint;
  readonly quantity: number;
  readonly productId?: string | null | undefined;
  readonly variantId?: string | null | undefined;
  readonly sku?: string | null | undefined;
  readonly giftCard?: boolean | undefined;
  readonly sellingPlan?: string | null | undefined;
};

export type PricedLine = {
  readonly input: LineInput;
  /** Price times quantity, before discounts. */
  readonly grossMinor: bigint;
  readonly allocations: readonly DiscountAllocation[];
  readonly taxMinor: bigint;
};

export type PricedCart = {
  readonly lines: readonly PricedLine[];
  readonly applications: readonly DiscountApplication[];
  /** Codes that were asked for and did not count, with why. */
  readonly refused: readonly { readonly code: string; readonly reason: CodeRefusal }[];
  /** Lines after discounts. */
  readonly subtotalMinor: bigint;
  readonly discountMinor: bigint;
  readonly taxMinor: bigint;
  readonly shippingMinor: bigint;
  readonly totalMinor: bigint;
};

export type CartInput = {
  readonly lines: readonly LineInput[];
  readonly discountCodes?: readonly string[] | undefined;
  readonly customerId: string | null;
  readonly shippingMinor?: bigint | undefined;
};

/**
 * Prices a cart: applies the codes that may be used, spreads each discount over the lines, works the tax out.
 * Gift cards are never discounted nor taxed. A percentage rounds down. Nothing is counted yet: `placeOrder` does that.
 */
export function priceCart(world: World, shop: Shop, cart: CartInput): PricedCart {
  const gross = cart.lines.map((line) => line.priceMinor * BigInt(line.quantity));
  const { applications, allocations, refused } = applyCodes(world, shop, cart, gross);
  const lines = cart.lines.map((input, index): PricedLine => {
    const grossMinor = gross[index] ?? 0n;
    const own = allocations[index] ?? [];
    const taxMinor = input.giftCard === true ? 0n : taxOn(shop, grossMinor - sum(own));
    return { input, grossMinor, allocations: own, taxMinor };
  });
  const discountMinor = lines.reduce((total, line) => total + sum(line.allocations), 0n);
  const subtotalMinor = gross.reduce((a, b) => a + b, 0n) - discountMinor;
  const taxMinor = lines.reduce((total, line) => total + line.taxMinor, 0n);
  const shipsFree = applications.some((application) => application.value.kind === "free_shipping");
  const shippingMinor = shipsFree ? 0n : (cart.shippingMinor ?? 0n);
  const totalMinor = subtotalMinor + shippingMinor + (shop.taxesIncluded ? 0n : taxMinor);
  return { lines, applications, refused, subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor };
}

type Applied = {
  readonly applications: DiscountApplication[];
  readonly allocations: DiscountAllocation[][];
  readonly refused: { code: string; reason: CodeRefusal }[];
};

function applyCodes(world: World, shop: Shop, cart: CartInput, gross: readonly bigint[]): Applied {
  const applied: Applied = { applications: [], allocations: cart.lines.map(() => []), refused: [] };
  const left = cart.lines.map((line, index) => (line.giftCard === true ? 0n : (gross[index] ?? 0n)));
  const subtotalMinor = left.reduce((a, b) => a + b, 0n);
  const quantity = cart.lines.reduce((total, line) => total + line.quantity, 0);
  const used: Discount[] = [];
  for (const code of new Set((cart.discountCodes ?? []).map((text) => text.trim()))) {
    const reason = codeRefusal(world, shop, { code, customerId: cart.customerId, subtotalMinor, quantity });
    const discount = findCode(shop, code)?.discount;
    if (reason !== null || discount === undefined) {
      applied.refused.push({ code, reason: reason ?? "not_found" });
      continue;
    }
    if (used.some((other) => !mayCombine(other, discount))) {
      applied.refused.push({ code, reason: "cannot_combine" });
      continue;
    }
    const offLinesMinor = discountOn(discount, left, cart.lines);
    const totalMinor = discount.value.kind === "free_shipping" ? (cart.shippingMinor ?? 0n) : offLinesMinor;
    const parts = allocate(offLinesMinor, left);
    parts.forEach((amountMinor, index) => {
      if (amountMinor === 0n) return;
      applied.allocations[index]?.push({ applicationIndex: applied.applications.length, amountMinor });
      left[index] = (left[index] ?? 0n) - amountMinor;
    });
    applied.applications.push({ discountId: discount.id, code, value: discount.value, totalMinor });
    used.push(discount);
  }
  return applied;
}

function discountOn(discount: Discount, left: readonly bigint[], lines: readonly LineInput[]): bigint {
  const base = left.reduce((a, b) => a + b, 0n);
  if (discount.value.kind === "free_shipping") return 0n;
  if (discount.value.kind === "percentage") return (base * BigInt(discount.value.basisPoints)) / 10_000n;
  const items = lines.reduce((total, line, index) => total + (left[index] === 0n ? 0 : line.quantity), 0);
  const wanted = discount.value.amountMinor * (discount.value.onEachItem ? BigInt(items) : 1n);
  return wanted < base ? wanted : base;
}

function taxOn(shop: Shop, netOfDiscountMinor: bigint): bigint {
  const rate = BigInt(Math.round(shop.taxRate * 10_000));
  if (!shop.taxesIncluded) return divideRounded(netOfDiscountMinor * rate, 10_000n);
  return divideRounded(netOfDiscountMinor * rate, 10_000n + rate);
}

function sum(allocations: readonly DiscountAllocation[]): bigint {
  return allocations.reduce((total, allocation) => total + allocation.amountMinor, 0n);
}
