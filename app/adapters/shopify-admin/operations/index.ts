import type { AdminOperation } from "../operation.ts";
import { boughtWithOperation } from "./bought-with.graphql.ts";
import { changedOrdersOperation, codeAmountsOperation } from "./changed-orders.graphql.ts";
import { codesOfDiscountOperation, discountsByIdOperation } from "./compare-discounts.graphql.ts";
import {
  disputesByIdOperation,
  giftCardsByIdOperation,
  orderStandingsOperation,
  storeCreditsByIdOperation,
} from "./compare-given.graphql.ts";
import { customerOperation, knownCustomersOperation, personOperation } from "./customers.graphql.ts";
import {
  codeByTextOperation,
  discountBasicCreateOperation,
  discountFreeShippingCreateOperation,
  redeemCodesAddOperation,
  redeemCodeIdsOperation,
  redeemCodesDeleteOperation,
  redeemCodesPollOperation,
  redeemCodesResultsOperation,
} from "./discounts.graphql.ts";
import { evidenceOperation } from "./evidence.graphql.ts";
import { flowTriggerOperation } from "./flow.graphql.ts";
import { giftCardCreateOperation, giftCardLookOperation } from "./gift-cards.graphql.ts";
import { orderLinesOperation } from "./order-lines.graphql.ts";
import { orderOperation } from "./orders.graphql.ts";
import { shopFactsOperation } from "./shop-facts.graphql.ts";
import { storeCreditLookOperation, storeCreditOperation } from "./store-credit.graphql.ts";
import { webPixelCreateOperation, webPixelLookOperation, webPixelUpdateOperation } from "./web-pixel.graphql.ts";

/** Every operation the app may send to Shopify; a test holds each to the published schema, the scopes and its budget. */
export const ADMIN_OPERATIONS: readonly AdminOperation<unknown>[] = [
  shopFactsOperation,
  knownCustomersOperation,
  customerOperation,
  personOperation,
  boughtWithOperation,
  orderOperation,
  orderLinesOperation,
  evidenceOperation,
  changedOrdersOperation,
  codeAmountsOperation,
  discountsByIdOperation,
  codesOfDiscountOperation,
  giftCardsByIdOperation,
  storeCreditsByIdOperation,
  orderStandingsOperation,
  disputesByIdOperation,
  codeByTextOperation,
  discountBasicCreateOperation,
  discountFreeShippingCreateOperation,
  redeemCodesAddOperation,
  redeemCodesPollOperation,
  redeemCodesResultsOperation,
  redeemCodeIdsOperation,
  redeemCodesDeleteOperation,
  storeCreditOperation,
  storeCreditLookOperation,
  giftCardCreateOperation,
  giftCardLookOperation,
  webPixelCreateOperation,
  webPixelLookOperation,
  webPixelUpdateOperation,
  flowTriggerOperation,
];
