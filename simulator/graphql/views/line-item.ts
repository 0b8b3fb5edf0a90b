import { divideRounded } from "../../world/money.ts";
import { gid } from "../../world/ids.ts";
import { lineDiscountMinor } from "../../world/order-totals.ts";
import type { Order, OrderLine } from "../../world/types.ts";
import type { Call, View } from "../call.ts";
import { moneyBag } from "./money.ts";
import { discountApplicationView } from "./order.ts";

/**
 * `LineItem`. `discountedTotalSet` leaves discounts by code out unless `withCodeDiscounts` asks for them, as Shopify's does.
 */
export function lineItemView(call: Call, order: Order, line: OrderLine): View {
  const { shop } = call;
  const bag = (minor: bigint): View => moneyBag(shop, minor);
  const grossMinor = line.priceMinor * BigInt(line.quantity);
  const discountMinor = lineDiscountMinor(line);
  const unitAfterAllMinor = divideRounded(grossMinor - discountMinor, BigInt(Math.max(line.quantity, 1)));
  const tax = {
    title: order.taxesIncluded ? "VAT" : "Tax",
    rate: line.taxRate,
    ratePercentage: line.taxRate * 100,
    channelLiable: false,
    source: null,
  };
  return {
    __typename: "LineItem",
    id: gid("LineItem", line.id),
    title: line.title,
    name: line.title,
    sku: line.sku,
    vendor: null,
    variantTitle: null,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    refundableQuantity: line.currentQuantity,
    unfulfilledQuantity: line.currentQuantity,
    isGiftCard: line.giftCard,
    requiresShipping: !line.giftCard,
    taxable: !line.giftCard,
    restockable: true,
    merchantEditable: true,
    customAttributes: [],
    duties: [],
    sellingPlan: line.sellingPlan === null ? null : { name: line.sellingPlan, sellingPlanId: null },
    originalUnitPriceSet: bag(line.priceMinor),
    originalTotalSet: bag(grossMinor),
    discountedTotalSet: ({ withCodeDiscounts }: { withCodeDiscounts?: boolean | null }) =>
      bag(grossMinor - (withCodeDiscounts === true ? discountMinor : 0n)),
    discountedUnitPriceSet: bag(line.priceMinor),
    discountedUnitPriceAfterAllDiscountsSet: bag(unitAfterAllMinor),
    totalDiscountSet: bag(0n),
    discountAllocations: line.allocations.map((allocation) => ({
      allocatedAmountSet: bag(allocation.amountMinor),
      discountApplication: () => {
        const application = order.discountApplications[allocation.applicationIndex];
        return application ? discountApplicationView(call, application, allocation.applicationIndex) : null;
      },
    })),
    taxLines: line.taxMinor === 0n ? [] : [{ ...tax, priceSet: bag(line.taxMinor) }],
  };
}
