import type { Extractor } from "./context.ts";
import { currencyAt, decimalAt, gidAt, idAt, objectAt, objectsAt, resourceId, textAt } from "./fields.ts";

const REMOVALS_MAX = 250;

/** orders/delete: only the id is left of the order. */
export const extractOrderDeleted: Extractor = (payload) => {
  const orderId = resourceId(payload);
  return orderId === null ? null : { kind: "order_deleted", orderId };
};

/** orders/risk_assessment_changed: Shopify weighed the order anew; what it found is read when it matters. */
export const extractOrderRisk: Extractor = (payload) => {
  const orderId = idAt(payload, "order_id") ?? gidAt(payload, "admin_graphql_api_order_id");
  return orderId === null ? null : { kind: "order_risk", orderId };
};

/** orders/edited: what changed is told as deltas of lines, without amounts. */
export const extractOrderEdited: Extractor = (payload) => {
  const edit = objectAt(payload, "order_edit");
  const orderId = idAt(edit, "order_id");
  const editId = idAt(edit, "id");
  if (orderId === null || editId === null) return null;
  const removals = objectsAt(objectAt(edit, "line_items"), "removals", REMOVALS_MAX);
  return { kind: "order_edited", orderId, editId, removes: removals.length > 0 };
};

/** disputes/create, disputes/update: a bank asks money back. One without an order says nothing about a referral. */
export const extractDispute: Extractor = (payload) => {
  const disputeId = resourceId(payload);
  const orderId = idAt(payload, "order_id");
  const amount = decimalAt(payload, "amount");
  const currency = currencyAt(payload, "currency");
  if (disputeId === null || amount === null || currency === null) return null;
  if (orderId === null) return "nothing";
  return { kind: "dispute", orderId, disputeId, amount, currency, status: textAt(payload, "status") ?? "unknown" };
};

/** discounts/delete, discounts/redeemcode_removed: somebody took away a discount, or one code of it. */
export const extractDiscountRemoved: Extractor = (payload) => {
  const discountId = gidAt(payload, "admin_graphql_api_id");
  if (discountId === null) return null;
  return { kind: "discount_removed", discountId, code: textAt(objectAt(payload, "redeem_code"), "code") };
};
