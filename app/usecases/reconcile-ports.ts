import type { DiscountSetting } from "#app/domain/reconcile/discount-setting.ts";
import type { ReadTrouble } from "./ports.ts";

/** A refund of an order, in the shape of the webhook that tells of it. */
export type ToldRefund = { readonly refundId: string; readonly payload: Readonly<Record<string, unknown>> };

/** An order as it is now, told as a webhook would tell it. */
export type ChangedOrder = {
  /** Digits. */
  readonly orderId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly cancelledAt: Date | null;
  /** When it was paid in full; null while it is not. Webhooks say so by their topic, not in their payload. */
  readonly paidAt: Date | null;
  /** Staff edited it, and it holds less than was ordered. */
  readonly wasReduced: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly refunds: readonly ToldRefund[];
};

export type FoundDiscount = DiscountSetting & { readonly discountId: string };

/** A code of a discount; Shopify counts its uses a little late. */
export type ListedCode = { readonly code: string; readonly uses: number };

/** A gift card, or one credit of a store-credit account, as the shop has it now. */
export type FoundCredit = {
  /** The gid under which it was made. */
  readonly externalId: string;
  /** Decimal text of what it was worth when it was given. */
  readonly amount: string;
  readonly currency: string;
  /** ISO text: of a gift card the day, of a credit the second; null when it never ends. */
  readonly endsAt: string | null;
  /** A gift card that the merchant switched off is not. */
  readonly isEnabled: boolean;
};

/** What Shopify says of an order that was rewarded. */
export type OrderStanding = {
  /** Digits. */
  readonly orderId: string;
  /** Each with digits and Shopify's word for where it stands, in small letters. */
  readonly disputes: readonly { readonly disputeId: string; readonly status: string }[];
};

/** What a bank asks for. */
export type DisputedAmount = {
  /** Digits. */
  readonly disputeId: string;
  readonly orderId: string | null;
  /** Decimal text. */
  readonly amount: string;
  readonly currency: string;
};

/** The calls that compare a shop with what the app knows of it. */
export type ReconcileCalls = {
  /** A page of the orders that changed since an instant, by the time of their change; `after` null begins, `next` null ends. */
  changedOrders(page: {
    since: Date;
    after: string | null;
  }): Promise<
    { readonly outcome: "ok"; readonly orders: readonly ChangedOrder[]; readonly next: string | null } | ReadTrouble
  >;
  /** Discounts by their gids; what is not there (any more) is left out. At most 25. */
  discountsById(
    discountIds: readonly string[],
  ): Promise<{ readonly outcome: "ok"; readonly discounts: readonly FoundDiscount[] } | ReadTrouble>;
  /** A page of a discount's codes; `after` null begins, `next` null ends. */
  codesOfDiscount(page: {
    discountId: string;
    after: string | null;
  }): Promise<
    { readonly outcome: "ok"; readonly codes: readonly ListedCode[]; readonly next: string | null } | ReadTrouble
  >;
  /** Gift cards or credits by their gids; what is not there is left out. At most 50, all of one form. */
  creditsById(
    form: "gift_card" | "store_credit",
    externalIds: readonly string[],
  ): Promise<{ readonly outcome: "ok"; readonly credits: readonly FoundCredit[] } | ReadTrouble>;
  /** Orders by their ids; what is not there is left out. At most 50. */
  orderStandings(
    orderIds: readonly string[],
  ): Promise<{ readonly outcome: "ok"; readonly orders: readonly OrderStanding[] } | ReadTrouble>;
  /** Disputes of Shopify Payments by their ids; what is not there is left out. At most 50. Refused without a scope of its own. */
  disputesById(
    disputeIds: readonly string[],
  ): Promise<{ readonly outcome: "ok"; readonly disputes: readonly DisputedAmount[] } | ReadTrouble>;
};
