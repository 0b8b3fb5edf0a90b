import { addCustomer, changeContact, dropCustomer, findCustomer } from "./contacts.ts";
import { moveOrders, ordersOf } from "./customer-orders.ts";
import type { Address, Customer, CustomerState, Shop } from "./types.ts";
import { announce, note, WorldError, type World } from "./world.ts";

export type AddressInput = { readonly [Key in Exclude<keyof Address, "id">]?: Address[Key] | undefined };

export type CreateCustomerInput = {
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly locale?: string | undefined;
  readonly smsConsent?: boolean | undefined;
  readonly state?: CustomerState | undefined;
  readonly note?: string | null | undefined;
  readonly createdAt?: Date | undefined;
  readonly addresses?: readonly AddressInput[] | undefined;
  /** True: no webhook is sent. */
  readonly silent?: boolean | undefined;
};

/** Adds a customer and sends `customers/create`. Throws WorldError 409 when e-mail or phone is taken. */
export function createCustomer(world: World, shop: Shop, input: CreateCustomerInput): Customer {
  const email = input.email?.trim().toLowerCase() ?? null;
  if (email !== null && findCustomer(shop, { email }) !== null)
    throw new WorldError("Email has already been taken", 409);
  const phone = input.phone ?? null;
  if (phone !== null && findCustomer(shop, { phone }) !== null)
    throw new WorldError("Phone has already been taken", 409);
  const createdAt = input.createdAt ?? world.clock.now();
  const customer: Customer = {
    id: world.nextId("Customer"),
    email,
    phone,
    firstName: input.firstName ?? null,
    lastName: input.lastName ?? null,
    locale: input.locale ?? "en",
    state: input.state ?? "DISABLED",
    verifiedEmail: true,
    note: input.note ?? null,
    tags: [],
    smsConsent: input.smsConsent ?? false,
    addresses: [],
    createdAt,
    updatedAt: createdAt,
  };
  customer.addresses = (input.addresses ?? []).map((address) => buildAddress(world, address, customer));
  addCustomer(shop, customer);
  if (input.silent !== true) announce(world, shop, { topic: "customers/create", customer });
  note(world, shop, `${nameOf(customer)} became a customer`);
  return customer;
}

/** Changes a customer's details and sends `customers/update`. Absent fields stay. */
export function updateCustomer(world: World, shop: Shop, customer: Customer, change: CreateCustomerInput): void {
  changeContact(shop, customer, change);
  if (change.firstName !== undefined) customer.firstName = change.firstName;
  if (change.lastName !== undefined) customer.lastName = change.lastName;
  if (change.locale !== undefined) customer.locale = change.locale;
  if (change.smsConsent !== undefined) customer.smsConsent = change.smsConsent;
  if (change.addresses !== undefined) {
    customer.addresses = change.addresses.map((address) => buildAddress(world, address, customer));
  }
  customer.updatedAt = world.clock.now();
  if (change.silent !== true) announce(world, shop, { topic: "customers/update", customer });
}

/**
 * The first sign-in to a customer account: the state becomes ENABLED and `customers/enable` and `customers/update`
 * go out (Shopify's rule since 2026-10-17). Later sign-ins change nothing.
 */
export function enableCustomer(world: World, shop: Shop, customer: Customer): void {
  if (customer.state === "ENABLED") return;
  customer.state = "ENABLED";
  customer.updatedAt = world.clock.now();
  announce(world, shop, { topic: "customers/enable", customer });
  announce(world, shop, { topic: "customers/update", customer });
}

/** Merges `deleted` into `kept`: orders move, the id forwards, and `customers/merge` then `customers/update` go out. */
export function mergeCustomers(world: World, shop: Shop, kept: Customer, deleted: Customer): void {
  if (kept.id === deleted.id) throw new WorldError("A customer cannot be merged into itself.");
  moveOrders(shop, deleted.id, kept.id);
  dropCustomer(shop, deleted);
  changeContact(shop, kept, { email: kept.email ?? deleted.email, phone: kept.phone ?? deleted.phone });
  kept.addresses.push(...deleted.addresses);
  kept.updatedAt = world.clock.now();
  shop.mergedCustomers.set(deleted.id, kept.id);
  announce(world, shop, { topic: "customers/merge", keptId: kept.id, deletedId: deleted.id });
  announce(world, shop, { topic: "customers/update", customer: kept });
  note(world, shop, `${nameOf(deleted)} was merged into ${nameOf(kept)}`);
}

/** Asks apps to forget a customer (`customers/redact`); the request names the orders, as Shopify's does. */
export function redactCustomer(world: World, shop: Shop, customer: Customer): void {
  announce(world, shop, { topic: "customers/redact", customer: { ...customer }, orderIds: orderIdsOf(shop, customer) });
}

/** Asks apps what they know about a customer (`customers/data_request`). */
export function requestCustomerData(world: World, shop: Shop, customer: Customer): void {
  announce(world, shop, { topic: "customers/data_request", customer, orderIds: orderIdsOf(shop, customer) });
}

/** Deletes a customer who has no orders and sends `customers/delete`. */
export function deleteCustomer(world: World, shop: Shop, customer: Customer): void {
  if (orderIdsOf(shop, customer).length > 0) throw new WorldError("A customer with orders cannot be deleted.");
  dropCustomer(shop, customer);
  announce(world, shop, { topic: "customers/delete", customer });
}

/** Finds a customer by id (numeric or gid), following merges; throws WorldError 404 when there is none. */
export function requireCustomer(shop: Shop, id: string): Customer {
  const number = id.slice(id.lastIndexOf("/") + 1);
  const customer = shop.customers.get(shop.mergedCustomers.get(number) ?? number);
  if (customer === undefined) throw new WorldError(`${shop.domain} has no customer ${number}.`, 404);
  return customer;
}

/** How somebody is called on the front page. */
export function nameOf(customer: Customer): string {
  const name = [customer.firstName, customer.lastName].filter(Boolean).join(" ");
  return name || customer.email || `customer ${customer.id}`;
}

/** Completes an address; missing names are the person's. */
export function buildAddress(
  world: World,
  input: AddressInput,
  person: Pick<Customer, "firstName" | "lastName"> | null,
): Address {
  return {
    id: world.nextId("MailingAddress"),
    firstName: input.firstName ?? person?.firstName ?? null,
    lastName: input.lastName ?? person?.lastName ?? null,
    company: input.company ?? null,
    address1: input.address1 ?? null,
    address2: input.address2 ?? null,
    city: input.city ?? null,
    province: input.province ?? null,
    provinceCode: input.provinceCode ?? null,
    zip: input.zip ?? null,
    countryCode: input.countryCode ?? null,
    phone: input.phone ?? null,
  };
}

function orderIdsOf(shop: Shop, customer: Customer): string[] {
  return ordersOf(shop, customer.id).map((order) => order.id);
}
