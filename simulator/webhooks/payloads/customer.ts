import { gid } from "../../world/ids.ts";
import type { Customer, Shop } from "../../world/types.ts";
import { customerAddress, protectedValue, shopTime, type Json } from "./parts.ts";

/** The customer object inside orders and, with `addresses`, of the customers/* topics (shape since 2025-01: no counts, no tags). */
export function customerPayload(
  shop: Shop,
  customer: Customer,
  options: { readonly addresses: boolean },
): Record<string, Json> {
  const owner = (index: number): { customerId: string; isDefault: boolean } => ({
    customerId: customer.id,
    isDefault: index === 0,
  });
  const [first] = customer.addresses;
  return {
    id: Number(customer.id),
    created_at: shopTime(shop, customer.createdAt),
    updated_at: shopTime(shop, customer.updatedAt),
    first_name: protectedValue(shop, customer.firstName),
    last_name: protectedValue(shop, customer.lastName),
    state: customer.state.toLowerCase(),
    note: customer.note,
    verified_email: customer.verifiedEmail,
    multipass_identifier: null,
    tax_exempt: false,
    email: protectedValue(shop, customer.email),
    phone: protectedValue(shop, customer.phone),
    currency: shop.currency,
    ...(options.addresses
      ? { addresses: customer.addresses.map((address, index) => customerAddress(shop, address, owner(index))) }
      : {}),
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customer.id),
    ...(first === undefined ? {} : { default_address: customerAddress(shop, first, owner(0)) }),
  };
}
