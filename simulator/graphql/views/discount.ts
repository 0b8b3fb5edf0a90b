import { discountClass, discountStatus, usesOf, valueText } from "../../world/discounts.ts";
import { gid } from "../../world/ids.ts";
import { storefrontUrl } from "../../world/shops.ts";
import type { Discount, DiscountValue, RedeemCode } from "../../world/types.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { searchFilter } from "../search.ts";
import { customerView } from "./customer.ts";
import { dateTime, money } from "./money.ts";

/** `DiscountCodeNode`. */
export function codeDiscountNodeView(call: Call, discount: Discount): View {
  return {
    __typename: "DiscountCodeNode",
    id: gid("DiscountCodeNode", discount.id),
    codeDiscount: () => codeDiscountView(call, discount),
  };
}

/** `DiscountNode`, the newer wrapper around the same discount. */
export function discountNodeView(call: Call, discount: Discount): View {
  return {
    __typename: "DiscountNode",
    id: gid("DiscountCodeNode", discount.id),
    discount: () => codeDiscountView(call, discount),
  };
}

/** `DiscountRedeemCode`. */
export function redeemCodeView(redeemCode: RedeemCode): View {
  return {
    id: gid("DiscountRedeemCode", redeemCode.id),
    code: redeemCode.code,
    asyncUsageCount: redeemCode.uses,
    createdBy: null,
  };
}

function codeDiscountView(call: Call, discount: Discount): View {
  const { shop, world } = call;
  const summary = summaryOf(call, discount);
  return {
    ...(discount.value.kind === "free_shipping" ? freeShippingFields() : basicFields(call, discount.value)),
    title: discount.title,
    status: discountStatus(discount, world.clock.now()),
    summary,
    shortSummary: summary,
    startsAt: dateTime(discount.startsAt),
    endsAt: dateTime(discount.endsAt),
    createdAt: dateTime(discount.createdAt),
    updatedAt: dateTime(discount.updatedAt),
    usageLimit: discount.usageLimit,
    appliesOncePerCustomer: discount.appliesOncePerCustomer,
    asyncUsageCount: usesOf(discount),
    recurringCycleLimit: 1,
    hasTimelineComment: false,
    tags: discount.tags,
    discountClasses: [discountClass(discount).toUpperCase()],
    combinesWith: {
      orderDiscounts: discount.combinesWith.order,
      productDiscounts: discount.combinesWith.product,
      shippingDiscounts: discount.combinesWith.shipping,
    },
    codesCount: { count: discount.codes.size, precision: "EXACT" },
    codes: (args: PageArgs & { query?: string | null }) => {
      const passes = searchFilter<RedeemCode>(args.query, { code: ({ code }) => code, times_used: ({ uses }) => uses });
      return connection([...discount.codes.values()].filter(passes), args, {
        key: ({ id }) => id,
        view: redeemCodeView,
      });
    },
    context: contextView(call, discount),
    minimumRequirement: minimumView(call, discount),
    shareableUrls: () => {
      const [first] = discount.codes.values();
      if (first === undefined) return [];
      return [
        {
          targetItemImage: null,
          targetType: "HOME",
          title: "Home",
          url: `${storefrontUrl(shop)}/discount/${encodeURIComponent(first.code)}`,
        },
      ];
    },
    totalSales: null,
  };
}

type BasicValue = Exclude<DiscountValue, { kind: "free_shipping" }>;

function summaryOf(call: Call, { value }: Discount): string {
  const text = valueText(call.shop, value);
  if (value.kind === "free_shipping") return "Free shipping on all products";
  return `${value.kind === "amount" ? `${text} ${call.shop.currency}` : text} off entire order`;
}

function basicFields(call: Call, value: BasicValue): View {
  return {
    __typename: "DiscountCodeBasic",
    customerGets: {
      appliesOnOneTimePurchase: true,
      appliesOnSubscription: false,
      items: { __typename: "AllDiscountItems", allItems: true },
      value: valueView(call, value),
    },
  };
}

function freeShippingFields(): View {
  return {
    __typename: "DiscountCodeFreeShipping",
    appliesOnOneTimePurchase: true,
    appliesOnSubscription: false,
    destinationSelection: { __typename: "DiscountCountryAll", allCountries: true },
    maximumShippingPrice: null,
  };
}

function valueView(call: Call, value: BasicValue): View {
  if (value.kind === "percentage") return { __typename: "DiscountPercentage", percentage: value.basisPoints / 10_000 };
  return {
    __typename: "DiscountAmount",
    amount: money(call.shop, value.amountMinor),
    appliesOnEachItem: value.onEachItem,
  };
}

function contextView(call: Call, discount: Discount): View {
  if (discount.customerIds === null) return { __typename: "DiscountBuyerSelectionAll", all: "ALL" };
  const customers = discount.customerIds.flatMap((id) => call.shop.customers.get(id) ?? []);
  return {
    __typename: "DiscountCustomers",
    customers: () => customers.map((customer) => customerView(call, customer)),
  };
}

function minimumView(call: Call, { minimum }: Discount): View | null {
  if (minimum === null) return null;
  if ("quantity" in minimum) {
    return { __typename: "DiscountMinimumQuantity", greaterThanOrEqualToQuantity: String(minimum.quantity) };
  }
  return {
    __typename: "DiscountMinimumSubtotal",
    greaterThanOrEqualToSubtotal: money(call.shop, minimum.subtotalMinor),
  };
}
