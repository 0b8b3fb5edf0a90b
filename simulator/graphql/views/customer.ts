import { ordersOf as ordersOfCustomer } from "../../world/customer-orders.ts";
import { gid } from "../../world/ids.ts";
import type { Customer, Order } from "../../world/types.ts";
import { orderTotals } from "../../world/order-totals.ts";
import { isOrderVisible, type Call, type View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { ordersPage, type OrderArgs } from "../operations/orders.ts";
import { addressView } from "./address.ts";
import { dateTime, money } from "./money.ts";
import { orderView } from "./order.ts";
import { storeCreditAccountView } from "./store-credit.ts";

/** `Customer`. `numberOfOrders` counts every order ever, a little late; `lastOrder` obeys the window of 60 days. */
export function customerView(call: Call, customer: Customer): View {
  const { shop } = call;
  return {
    __typename: "Customer",
    id: gid("Customer", customer.id),
    legacyResourceId: customer.id,
    email: customer.email,
    phone: customer.phone,
    defaultEmailAddress:
      customer.email === null
        ? null
        : { emailAddress: customer.email, validFormat: true, marketingState: "NOT_SUBSCRIBED" },
    defaultPhoneNumber:
      customer.phone === null ? null : { phoneNumber: customer.phone, smsMarketingConsent: smsConsent(customer) },
    firstName: customer.firstName,
    lastName: customer.lastName,
    displayName: [customer.firstName, customer.lastName].filter(Boolean).join(" ") || customer.email || "",
    locale: customer.locale,
    state: customer.state,
    note: customer.note,
    tags: customer.tags,
    taxExempt: false,
    verifiedEmail: customer.verifiedEmail,
    createdAt: dateTime(customer.createdAt),
    updatedAt: dateTime(customer.updatedAt),
    defaultAddress: () => addressView(customer.addresses[0] ?? null),
    addresses: ({ first }: PageArgs) => customer.addresses.slice(0, first ?? undefined).map(addressView),
    addressesV2: (args: PageArgs) =>
      connection(customer.addresses, args, { key: (address) => address.id, view: addressView }),
    numberOfOrders: () => String(countedOrders(call, customer).length),
    amountSpent: () =>
      money(
        shop,
        countedOrders(call, customer).reduce((sum, order) => sum + orderTotals(order).receivedMinor, 0n),
      ),
    lastOrder: () => {
      const last = ordersOf(call, customer).at(-1);
      return last !== undefined && isOrderVisible(call, last) ? orderView(call, last) : null;
    },
    orders: (args: OrderArgs) => ordersPage(call, ordersOf(call, customer), args),
    storeCreditAccounts: (args: PageArgs) => {
      const accounts = [...shop.storeCreditAccounts.values()].filter((account) => account.customerId === customer.id);
      return connection(accounts, args, {
        key: (account) => account.id,
        view: (account) => storeCreditAccountView(call, account),
      });
    },
  };
}

function smsConsent(customer: Customer): View {
  return { __typename: "CustomerSmsMarketingConsent", state: customer.smsConsent ? "SUBSCRIBED" : "NEVER_SUBSCRIBED" };
}

function ordersOf(call: Call, customer: Customer): Order[] {
  return ordersOfCustomer(call.shop, customer.id).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

function countedOrders(call: Call, customer: Customer): Order[] {
  const horizon = call.world.clock.now().getTime() - call.shop.orderCountLagMs;
  return ordersOf(call, customer).filter((order) => order.createdAt.getTime() <= horizon);
}
