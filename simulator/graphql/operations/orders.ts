import { financialStatus } from "../../world/order-totals.ts";
import type { Order } from "../../world/types.ts";
import { isOrderVisible, type Call, type View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { searchFilter, type Searchable } from "../search.ts";
import { orderView } from "../views/order.ts";
import { idOf } from "./ids.ts";

export type OrderArgs = PageArgs & {
  readonly query?: string | null | undefined;
  readonly sortKey?: string | null | undefined;
};

const SEARCHABLE: Searchable<Order> = {
  id: (order) => Number(order.id),
  name: (order) => `#${order.number}`,
  created_at: (order) => order.createdAt,
  updated_at: (order) => order.updatedAt,
  processed_at: (order) => order.processedAt,
  customer_id: (order) => order.customerId,
  email: (order) => order.email,
  financial_status: (order) => financialStatus(order).toLowerCase(),
  status: (order) => (order.cancelledAt === null ? "open" : "cancelled"),
  test: (order) => order.test,
  cart_token: (order) => order.cartToken,
  checkout_token: (order) => order.checkoutToken,
};

/** `QueryRoot.order` and `QueryRoot.orders`. Without `read_all_orders` nothing older than 60 days is there. */
export function orderQueries(call: Call): View {
  return {
    order: ({ id }: { id: string }) => {
      const order = call.shop.orders.get(idOf(id, "Order"));
      return order !== undefined && isOrderVisible(call, order) ? orderView(call, order) : null;
    },
    orders: (args: OrderArgs) => ordersPage(call, [...call.shop.orders.values()], args),
  };
}

/** A page of orders: those the app may see, filtered by `query`, sorted by `sortKey`. */
export function ordersPage(call: Call, orders: readonly Order[], args: OrderArgs): View {
  const passes = searchFilter(args.query, SEARCHABLE);
  const visible = orders.filter((order) => isOrderVisible(call, order) && passes(order));
  const keyOf = sortKeyOf(args.sortKey);
  const sorted = visible.toSorted((a, b) => keyOf(a) - keyOf(b) || Number(a.id) - Number(b.id));
  return connection(sorted, args, { key: (order) => order.id, view: (order) => orderView(call, order) });
}

function sortKeyOf(sortKey: string | null | undefined): (order: Order) => number {
  switch (sortKey ?? "PROCESSED_AT") {
    case "CREATED_AT":
      return (order) => order.createdAt.getTime();
    case "UPDATED_AT":
      return (order) => order.updatedAt.getTime();
    case "ID":
    case "ORDER_NUMBER":
      return (order) => Number(order.id);
    default:
      return (order) => order.processedAt.getTime();
  }
}
