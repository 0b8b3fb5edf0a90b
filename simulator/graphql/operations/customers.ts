import type { Customer } from "../../world/types.ts";
import { findCustomer } from "../../world/contacts.ts";
import { ordersOf } from "../../world/customer-orders.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { searchFilter, type Searchable } from "../search.ts";
import { customerView } from "../views/customer.ts";
import { idOf } from "./ids.ts";

type CustomerArgs = PageArgs & { readonly query?: string | null; readonly sortKey?: string | null };
type Identifier = {
  readonly id?: string | null;
  readonly emailAddress?: string | null;
  readonly phoneNumber?: string | null;
};

/** `QueryRoot.customer`, `customers` and `customerByIdentifier`. */
export function customerQueries(call: Call): View {
  const { customers } = call.shop;
  const view = (customer: Customer | null | undefined): View | null => (customer ? customerView(call, customer) : null);
  return {
    customer: ({ id }: { id: string }) => view(customers.get(idOf(id, "Customer"))),
    customerByIdentifier: ({ identifier }: { identifier: Identifier }) => {
      if (identifier.id != null) return view(customers.get(idOf(identifier.id, "Customer")));
      return view(
        findCustomer(call.shop, { email: identifier.emailAddress ?? null, phone: identifier.phoneNumber ?? null }),
      );
    },
    customers: (args: CustomerArgs) => {
      const passes = searchFilter(args.query, searchable(call));
      const found = [...customers.values()].filter(passes);
      const keyOf = args.sortKey === "UPDATED_AT" ? updatedAt : args.sortKey === "CREATED_AT" ? createdAt : numericId;
      const sorted = found.toSorted((a, b) => keyOf(a) - keyOf(b) || numericId(a) - numericId(b));
      return connection(sorted, args, {
        key: (customer) => customer.id,
        view: (customer) => customerView(call, customer),
      });
    },
  };
}

function searchable(call: Call): Searchable<Customer> {
  return {
    id: numericId,
    email: (customer) => customer.email,
    phone: (customer) => customer.phone,
    first_name: (customer) => customer.firstName,
    last_name: (customer) => customer.lastName,
    state: (customer) => customer.state,
    updated_at: (customer) => customer.updatedAt,
    customer_date: (customer) => customer.createdAt,
    orders_count: (customer) => ordersOf(call.shop, customer.id).length,
  };
}

function numericId(customer: Customer): number {
  return Number(customer.id);
}

function createdAt(customer: Customer): number {
  return customer.createdAt.getTime();
}

function updatedAt(customer: Customer): number {
  return customer.updatedAt.getTime();
}
