import type { Customer, Shop } from "./types.ts";

type Contact = { readonly email?: string | null | undefined; readonly phone?: string | null | undefined };

const KINDS = ["email", "phone"] as const;

/** Who has this e-mail (whatever its case) or this phone, or null. Nobody is looked for one by one: a shop may have thousands. */
export function findCustomer(shop: Shop, by: Contact): Customer | null {
  const wanted = { email: by.email?.trim().toLowerCase(), phone: by.phone };
  for (const kind of KINDS) {
    const found = wanted[kind] ? shop.contacts[kind].get(wanted[kind]) : undefined;
    if (found !== undefined) return found;
  }
  return null;
}

/** Adds a customer to their shop. */
export function addCustomer(shop: Shop, customer: Customer): void {
  shop.customers.set(customer.id, customer);
  for (const kind of KINDS) list(shop, kind, customer);
}

/** Takes a customer away from their shop. */
export function dropCustomer(shop: Shop, customer: Customer): void {
  shop.customers.delete(customer.id);
  for (const kind of KINDS) unlist(shop, kind, customer);
}

/** Changes how a customer is reached; what is absent stays. */
export function changeContact(shop: Shop, customer: Customer, change: Contact): void {
  for (const kind of KINDS) {
    const value = change[kind];
    if (value === undefined) continue;
    unlist(shop, kind, customer);
    customer[kind] = kind === "email" ? (value?.trim().toLowerCase() ?? null) : value;
    list(shop, kind, customer);
  }
}

/** The first to have an address is the one who is found by it. */
function list(shop: Shop, kind: "email" | "phone", customer: Customer): void {
  const value = customer[kind];
  if (value !== null && !shop.contacts[kind].has(value)) shop.contacts[kind].set(value, customer);
}

function unlist(shop: Shop, kind: "email" | "phone", customer: Customer): void {
  const value = customer[kind];
  if (value === null || shop.contacts[kind].get(value) !== customer) return;
  shop.contacts[kind].delete(value);
  for (const other of shop.customers.values()) if (other !== customer && other[kind] === value) list(shop, kind, other);
}
