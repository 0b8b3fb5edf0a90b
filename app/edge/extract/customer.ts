import { gidAt, listAt, idOf, objectAt, resourceId, textAt, timeAt } from "./fields.ts";
import type { Extractor } from "./context.ts";
import { pickTokens } from "../tokens.ts";
import type { JsonObject } from "./fields.ts";
import { personFacts, seenCustomer, seenForPrivacy } from "./person.ts";

const ORDERS_MAX = 10_000;
/** What Shopify keeps of a note at most. */
const NOTE_LENGTH_MAX = 5_000;
const FORM_TOKEN = /^ref_token:\s*(\S+)\s*$/m;
const SIGN_UPS: ReadonlySet<string> = new Set(["customers/create", "customers/enable"]);

/** customers/create, customers/update, customers/enable: the customer as it now is. */
export const extractCustomer: Extractor = (payload, context) => {
  const person = personFacts(seenCustomer(payload), context);
  if (person === null || person.customerId === null) return null;
  return {
    kind: "customer",
    person,
    createdAt: timeAt(payload, "created_at"),
    updatedAt: timeAt(payload, "updated_at"),
    state: textAt(payload, "state", 64),
    token: SIGN_UPS.has(context.topic) ? formToken(payload) : null,
  };
};

/**
 * The token that the storefront script put into a classic registration form: Shopify makes a line of the customer's note of
 * the field `customer[note][ref_token]`. The note stays with the customer, so it only speaks when they sign up.
 */
function formToken(payload: JsonObject): string | null {
  const [, token] = FORM_TOKEN.exec(textAt(payload, "note", NOTE_LENGTH_MAX) ?? "") ?? [];
  return pickTokens([token])[0] ?? null;
}

/** customers/delete: the customer is gone from the shop. */
export const extractCustomerDeleted: Extractor = (payload, { shop }) => {
  const customerId = resourceId(payload);
  return customerId === null
    ? null
    : { kind: "customer_deleted", customerHash: shop.keyring.person("customer", customerId) };
};

/** customers/merge: two customers became one. A merge that failed, or is still under way, changed nothing. */
export const extractMerge: Extractor = (payload, { shop }) => {
  const status = textAt(payload, "status")?.toLowerCase() ?? "completed";
  if (status !== "completed") return "nothing";
  const kept = gidAt(payload, "admin_graphql_api_customer_kept_id");
  const deleted = gidAt(payload, "admin_graphql_api_customer_deleted_id");
  if (kept === null || deleted === null || kept === deleted) return null;
  return {
    kind: "merge",
    keptHash: shop.keyring.person("customer", kept),
    deletedHash: shop.keyring.person("customer", deleted),
    keptId: kept,
  };
};

/** customers/redact and customers/data_request: who asks, and which orders are theirs. Nothing of it is kept in clear. */
export const extractPrivacy: Extractor = (payload, context) => {
  const person = personFacts(seenForPrivacy(objectAt(payload, "customer")), context);
  if (person === null) return null;
  const isRedact = context.topic === "customers/redact";
  const orders = listAt(payload, isRedact ? "orders_to_redact" : "orders_requested", ORDERS_MAX);
  return {
    kind: isRedact ? "redact" : "data_request",
    person: { ...person, profileSealed: null },
    orderIds: orders.map((order) => idOf(order)).filter((id) => id !== null),
  };
};
