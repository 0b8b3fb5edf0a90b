import type { Extractor } from "./context.ts";
import { gidAt, idAt, objectAt, resourceId, textAt } from "./fields.ts";

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

/** orders/edited: like a new weighing of risk, a reason to read the order again and nothing more. */
export const extractOrderEdited: Extractor = (payload) => {
  const orderId = idAt(objectAt(payload, "order_edit"), "order_id");
  return orderId === null ? null : { kind: "order_risk", orderId };
};

/** discounts/delete, discounts/redeemcode_removed: somebody took away a discount, or one code of it. */
export const extractDiscountRemoved: Extractor = (payload) => {
  const discountId = gidAt(payload, "admin_graphql_api_id");
  if (discountId === null) return null;
  return { kind: "discount_removed", discountId, code: textAt(objectAt(payload, "redeem_code"), "code") };
};
