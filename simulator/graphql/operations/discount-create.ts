import { createDiscount, deleteDiscount, findCode, type CreateDiscountInput } from "../../world/discounts.ts";
import { gid } from "../../world/ids.ts";
import { parseMinor } from "../../world/money.ts";
import type { Discount, DiscountValue } from "../../world/types.ts";
import { note } from "../../world/world.ts";
import type { Call, View } from "../call.ts";
import { codeDiscountNodeView } from "../views/discount.ts";
import { idOf } from "./ids.ts";
import { refused, userError, type UserError } from "./user-errors.ts";

type BasicInput = {
  readonly title?: string | null;
  readonly code?: string | null;
  readonly startsAt?: string | null;
  readonly endsAt?: string | null;
  readonly usageLimit?: number | null;
  readonly appliesOncePerCustomer?: boolean | null;
  readonly tags?: readonly string[] | null;
  readonly combinesWith?: {
    orderDiscounts?: boolean | null;
    productDiscounts?: boolean | null;
    shippingDiscounts?: boolean | null;
  } | null;
  readonly context?: { readonly customers?: { readonly add?: readonly string[] | null } | null } | null;
  readonly minimumRequirement?: {
    readonly subtotal?: { readonly greaterThanOrEqualToSubtotal?: string | null } | null;
    readonly quantity?: { readonly greaterThanOrEqualToQuantity?: string | null } | null;
  } | null;
  readonly customerGets?: {
    readonly value?: {
      readonly percentage?: number | null;
      readonly discountAmount?: {
        readonly amount?: string | number | null;
        readonly appliesOnEachItem?: boolean | null;
      } | null;
    } | null;
  } | null;
};

const CODE_LENGTH_MAX = 255;
const DISCOUNT_MISSING = "Discount does not exist.";

/** `discountCodeBasicCreate`, `discountCodeFreeShippingCreate`, `discountCodeDeactivate`, `discountCodeDelete`. */
export function discountMutations(call: Call): View {
  const { shop, world } = call;
  const find = (id: string): Discount | undefined => shop.discounts.get(idOf(id, "DiscountCodeNode", "DiscountNode"));
  return {
    discountCodeBasicCreate: ({ basicCodeDiscount: input }: { basicCodeDiscount: BasicInput }) =>
      create(call, { root: "basicCodeDiscount", input, value: valueOf(call, input) }),
    discountCodeFreeShippingCreate: ({ freeShippingCodeDiscount: input }: { freeShippingCodeDiscount: BasicInput }) =>
      create(call, { root: "freeShippingCodeDiscount", input, value: { kind: "free_shipping" } }),
    discountCodeDeactivate: ({ id }: { id: string }) => {
      const discount = find(id);
      if (discount === undefined) return refused("codeDiscountNode", userError(["id"], "INVALID", DISCOUNT_MISSING));
      discount.endsAt = world.clock.now();
      discount.updatedAt = discount.endsAt;
      return { codeDiscountNode: codeDiscountNodeView(call, discount), userErrors: [] };
    },
    discountCodeDelete: ({ id }: { id: string }) => {
      const discount = find(id);
      if (discount === undefined)
        return refused("deletedCodeDiscountId", userError(["id"], "INVALID", DISCOUNT_MISSING));
      deleteDiscount(world, shop, discount);
      return { deletedCodeDiscountId: gid("DiscountCodeNode", discount.id), userErrors: [] };
    },
  };
}

/** What is wrong with a code that somebody wants to create, in Shopify's words; null when it may be. */
export function codeProblem(
  code: string | null | undefined,
): { readonly code: string; readonly message: string } | null {
  if (code == null) return { code: "BLANK", message: "Code can't be blank" };
  if (code === "") return { code: "TOO_SHORT", message: "Code is too short (minimum is 1 character)" };
  if (/[\r\n]/.test(code)) return { code: "INVALID", message: "Code cannot contain newline characters." };
  if (code.trim() === "") return { code: "BLANK", message: "Code can't be blank" };
  if (code.length > CODE_LENGTH_MAX)
    return { code: "TOO_LONG", message: `Code is too long (maximum is ${CODE_LENGTH_MAX} characters)` };
  return null;
}

type Creation = { readonly root: string; readonly input: BasicInput; readonly value: DiscountValue | UserError };

function create(call: Call, { root, input, value }: Creation): View {
  const errors = problemsOf(call, input, root);
  if (errors.length > 0 || "message" in value)
    return refused("codeDiscountNode", ...errors, ...("message" in value ? [value] : []));
  const discount = createDiscount(call.world, call.shop, discountInput(call, input, value));
  note(call.world, call.shop, `The app created the discount "${discount.title}"`);
  return { codeDiscountNode: codeDiscountNodeView(call, discount), userErrors: [] };
}

function problemsOf(call: Call, input: BasicInput, root: string): UserError[] {
  const errors: UserError[] = [];
  if (!input.title?.trim()) errors.push(userError([root, "title"], "BLANK", "Title can't be blank"));
  const problem = codeProblem(input.code);
  if (problem !== null) errors.push(userError([root, "code"], problem.code, problem.message));
  else if (findCode(call.shop, input.code ?? "") !== null) {
    errors.push(userError([root, "code"], "TAKEN", "Code must be unique. Please try a different code."));
  }
  const startsAt = input.startsAt == null ? call.world.clock.now() : new Date(input.startsAt);
  if (input.endsAt != null && new Date(input.endsAt) <= startsAt) {
    errors.push(userError([root, "endsAt"], "END_DATE_BEFORE_START_DATE", "Ends at needs to be after starts_at"));
  }
  if (input.usageLimit != null && input.usageLimit < 1) {
    errors.push(userError([root, "usageLimit"], "GREATER_THAN", "Usage limit must be greater than 0"));
  }
  return errors;
}

function valueOf(call: Call, input: BasicInput): DiscountValue | UserError {
  const value = input.customerGets?.value;
  const path = ["basicCodeDiscount", "customerGets", "value"];
  if (value?.percentage != null) {
    if (value.percentage > 0 && value.percentage <= 1)
      return { kind: "percentage", basisPoints: Math.round(value.percentage * 10_000) };
    return userError([...path, "percentage"], "VALUE_OUTSIDE_RANGE", "Value must be between 0.0 and 1.0");
  }
  const amountPath = [...path, "discountAmount", "amount"];
  const amountMinor = parseMinor(String(value?.discountAmount?.amount ?? ""), call.shop.currency);
  if (amountMinor === null) return userError(amountPath, "BLANK", "Value can't be blank");
  if (amountMinor <= 0n) return userError(amountPath, "GREATER_THAN", "Value must be greater than 0");
  return { kind: "amount", amountMinor, onEachItem: value?.discountAmount?.appliesOnEachItem === true };
}

function discountInput(call: Call, input: BasicInput, value: DiscountValue): CreateDiscountInput {
  return {
    title: input.title ?? "",
    code: input.code ?? "",
    value,
    startsAt: input.startsAt == null ? undefined : new Date(input.startsAt),
    endsAt: input.endsAt == null ? null : new Date(input.endsAt),
    usageLimit: input.usageLimit ?? null,
    appliesOncePerCustomer: input.appliesOncePerCustomer ?? false,
    minimum: minimumOf(call, input),
    combinesWith: {
      order: input.combinesWith?.orderDiscounts ?? false,
      product: input.combinesWith?.productDiscounts ?? false,
      shipping: input.combinesWith?.shippingDiscounts ?? false,
    },
    customerIds: input.context?.customers?.add?.map((id) => idOf(id, "Customer")) ?? null,
    tags: input.tags ?? [],
  };
}

function minimumOf(call: Call, { minimumRequirement }: BasicInput): Discount["minimum"] {
  const subtotal = minimumRequirement?.subtotal?.greaterThanOrEqualToSubtotal;
  if (subtotal != null) return { subtotalMinor: parseMinor(String(subtotal), call.shop.currency) ?? 0n };
  const quantity = minimumRequirement?.quantity?.greaterThanOrEqualToQuantity;
  return quantity == null ? null : { quantity: Number(quantity) };
}
