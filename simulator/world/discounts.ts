import { printMinor } from "./money.ts";
import type { Discount, DiscountValue, RedeemCode, Shop } from "./types.ts";
import { announce, WorldError, type World } from "./world.ts";

export type CreateDiscountInput = {
  readonly title: string;
  readonly code: string;
  readonly value: DiscountValue;
  readonly startsAt?: Date | undefined;
  readonly endsAt?: Date | null | undefined;
  readonly usageLimit?: number | null | undefined;
  readonly appliesOncePerCustomer?: boolean | undefined;
  readonly minimum?: Discount["minimum"] | undefined;
  readonly combinesWith?: Partial<Discount["combinesWith"]> | undefined;
  readonly customerIds?: readonly string[] | null | undefined;
  readonly tags?: readonly string[] | undefined;
};

/** Creates a discount with its first code. The caller has checked the code (`codeProblem`). */
export function createDiscount(world: World, shop: Shop, input: CreateDiscountInput): Discount {
  const now = world.clock.now();
  const discount: Discount = {
    id: world.nextId("DiscountCodeNode"),
    title: input.title,
    value: input.value,
    startsAt: input.startsAt ?? now,
    endsAt: input.endsAt ?? null,
    usageLimit: input.usageLimit ?? null,
    appliesOncePerCustomer: input.appliesOncePerCustomer ?? false,
    minimum: input.minimum ?? null,
    combinesWith: { order: false, product: false, shipping: false, ...input.combinesWith },
    customerIds: input.customerIds ?? null,
    tags: input.tags ?? [],
    codes: new Map(),
    createdAt: now,
    updatedAt: now,
  };
  shop.discounts.set(discount.id, discount);
  addCode(world, shop, discount, input.code);
  return discount;
}

/** Adds a code to a discount. The caller has checked that it is free. */
export function addCode(world: World, shop: Shop, discount: Discount, code: string): RedeemCode {
  const redeemCode: RedeemCode = { id: world.nextId("DiscountRedeemCode"), code, uses: 0, usedBy: [] };
  discount.codes.set(redeemCode.id, redeemCode);
  shop.codeIndex.set(code.toUpperCase(), { discountId: discount.id, redeemCodeId: redeemCode.id });
  return redeemCode;
}

/** Takes one code away and sends `discounts/redeemcode_removed`. */
export function removeCode(world: World, shop: Shop, discount: Discount, redeemCode: RedeemCode): void {
  discount.codes.delete(redeemCode.id);
  shop.codeIndex.delete(redeemCode.code.toUpperCase());
  discount.updatedAt = world.clock.now();
  announce(world, shop, { topic: "discounts/redeemcode_removed", discount, code: redeemCode });
}

/** What a merchant can change of a discount in the admin; no webhook tells of it. */
export type DiscountEdit = {
  readonly value?: DiscountValue | undefined;
  readonly endsAt?: Date | null | undefined;
  readonly usageLimit?: number | null | undefined;
};

/** Changes a discount by hand. */
export function editDiscount(world: World, discount: Discount, edit: DiscountEdit): void {
  discount.value = edit.value ?? discount.value;
  if (edit.endsAt !== undefined) discount.endsAt = edit.endsAt;
  if (edit.usageLimit !== undefined) discount.usageLimit = edit.usageLimit;
  discount.updatedAt = world.clock.now();
}

/** Deletes a discount with all its codes and sends `discounts/delete`. */
export function deleteDiscount(world: World, shop: Shop, discount: Discount): void {
  for (const redeemCode of discount.codes.values()) shop.codeIndex.delete(redeemCode.code.toUpperCase());
  shop.discounts.delete(discount.id);
  announce(world, shop, { topic: "discounts/delete", discount });
}

/** Finds a code, whatever its case, with the discount it belongs to; null when there is none. */
export function findCode(
  shop: Shop,
  code: string,
): { readonly discount: Discount; readonly redeemCode: RedeemCode } | null {
  const entry = shop.codeIndex.get(code.trim().toUpperCase());
  const discount = entry && shop.discounts.get(entry.discountId);
  const redeemCode = entry && discount?.codes.get(entry.redeemCodeId);
  return discount && redeemCode ? { discount, redeemCode } : null;
}

/** What a discount is off: the whole order, or its delivery. */
export function discountClass(discount: Discount): "order" | "shipping" {
  return discount.value.kind === "free_shipping" ? "shipping" : "order";
}

/** Says whether two discounts may stand on one order: each must allow the class of the other. */
export function mayCombine(one: Discount, other: Discount): boolean {
  return one.combinesWith[discountClass(other)] && other.combinesWith[discountClass(one)];
}

/** What a discount gives, for people: "10%", "10.00", "free shipping". */
export function valueText(shop: Shop, value: DiscountValue): string {
  switch (value.kind) {
    case "percentage":
      return `${value.basisPoints / 100}%`;
    case "amount":
      return printMinor(value.amountMinor, shop.currency);
    case "free_shipping":
      return "free shipping";
  }
}

/** How often a discount was used, over all its codes. */
export function usesOf(discount: Discount): number {
  let uses = 0;
  for (const redeemCode of discount.codes.values()) uses += redeemCode.uses;
  return uses;
}

/** ACTIVE, EXPIRED or SCHEDULED at `now`. */
export function discountStatus(discount: Discount, now: Date): "ACTIVE" | "EXPIRED" | "SCHEDULED" {
  if (discount.endsAt !== null && discount.endsAt <= now) return "EXPIRED";
  return discount.startsAt > now ? "SCHEDULED" : "ACTIVE";
}

export type CodeRefusal =
  "not_found" | "not_active" | "used_up" | "used_by_customer" | "wrong_customer" | "below_minimum" | "cannot_combine";

/** Why a code cannot be used for a cart now, or null when it can. Limits count per code or per discount, as the shop says. */
export function codeRefusal(
  world: World,
  shop: Shop,
  cart: {
    readonly code: string;
    readonly customerId: string | null;
    readonly subtotalMinor: bigint;
    readonly quantity: number;
  },
): CodeRefusal | null {
  const found = findCode(shop, cart.code);
  if (found === null) return "not_found";
  const { discount, redeemCode } = found;
  if (discountStatus(discount, world.clock.now()) !== "ACTIVE") return "not_active";
  const uses = shop.usageLimit === "code" ? redeemCode.uses : usesOf(discount);
  if (discount.usageLimit !== null && uses >= discount.usageLimit) return "used_up";
  const usedByCustomer = cart.customerId !== null && redeemCode.usedBy.includes(cart.customerId);
  if (discount.appliesOncePerCustomer && usedByCustomer) return "used_by_customer";
  if (discount.customerIds !== null && (cart.customerId === null || !discount.customerIds.includes(cart.customerId))) {
    return "wrong_customer";
  }
  return minimumReached(discount.minimum, cart) ? null : "below_minimum";
}

/** Counts one use of a code by a customer. Throws WorldError when there is no such code. */
export function countUse(shop: Shop, code: string, customerId: string | null): void {
  const found = findCode(shop, code);
  if (found === null) throw new WorldError(`${shop.domain} has no discount code ${code}.`, 404);
  found.redeemCode.uses += 1;
  if (customerId !== null) found.redeemCode.usedBy.push(customerId);
}

function minimumReached(minimum: Discount["minimum"], cart: { subtotalMinor: bigint; quantity: number }): boolean {
  if (minimum === null) return true;
  return "quantity" in minimum ? cart.quantity >= minimum.quantity : cart.subtotalMinor >= minimum.subtotalMinor;
}
