import { gid } from "../../world/ids.ts";
import { printMinor } from "../../world/money.ts";
import type { OrderLine, Shop } from "../../world/types.ts";
import { priceSet, type Json } from "./parts.ts";

/** A line of an order; inside a refund Shopify leaves a few fields out, which `lineItemOfRefund` does. */
export function lineItem(shop: Shop, line: OrderLine): Record<string, Json> {
  return {
    id: Number(line.id),
    admin_graphql_api_id: gid("LineItem", line.id),
    attributed_staffs: [],
    current_quantity: line.currentQuantity,
    fulfillable_quantity: line.currentQuantity,
    fulfillment_service: line.giftCard ? "gift_card" : "manual",
    fulfillment_status: null,
    gift_card: line.giftCard,
    grams: 0,
    name: line.title,
    price: printMinor(line.priceMinor, shop.currency),
    price_set: priceSet(shop, line.priceMinor),
    product_exists: line.productId !== null,
    product_id: line.productId === null ? null : Number(line.productId),
    properties: [],
    quantity: line.quantity,
    requires_shipping: !line.giftCard,
    sales_line_item_group_id: null,
    sku: line.sku,
    taxable: !line.giftCard,
    title: line.title,
    total_discount: printMinor(0n, shop.currency),
    total_discount_set: priceSet(shop, 0n),
    variant_id: line.variantId === null ? null : Number(line.variantId),
    variant_inventory_management: null,
    variant_title: null,
    vendor: null,
    tax_lines: taxLines(shop, line),
    duties: [],
    discount_allocations: line.allocations.map((allocation) => ({
      amount: printMinor(allocation.amountMinor, shop.currency),
      amount_set: priceSet(shop, allocation.amountMinor),
      discount_application_index: allocation.applicationIndex,
    })),
    ...(line.sellingPlan === null ? {} : { selling_plan_allocation: { selling_plan: { name: line.sellingPlan } } }),
  };
}

/** A line as a refund carries it. */
export function lineItemOfRefund(shop: Shop, line: OrderLine): Record<string, Json> {
  const {
    attributed_staffs: _staffs,
    current_quantity: _current,
    sales_line_item_group_id: _group,
    ...rest
  } = lineItem(shop, line);
  return rest;
}

/** The tax on a line, one entry at most. */
export function taxLines(shop: Shop, line: Pick<OrderLine, "taxMinor" | "taxRate">): Json[] {
  if (line.taxMinor === 0n) return [];
  return [
    {
      channel_liable: false,
      price: printMinor(line.taxMinor, shop.currency),
      price_set: priceSet(shop, line.taxMinor),
      rate: line.taxRate,
      title: shop.taxesIncluded ? "VAT" : "Tax",
    },
  ];
}
