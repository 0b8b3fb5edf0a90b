import type { GiftCard, StoreCreditAccount } from "./credit-types.ts";
import type { Installation } from "./installation-types.ts";
import type { StorefrontHabits } from "./storefront-types.ts";

/**
 * The state of the pretend Shopify. Plain records, changed only by the verbs of `world.ts` and its neighbours.
 *
 * Ids are the numeric part as a string ("6123456789012"); `gid()` in `ids.ts` makes the global form.
 * Money is a bigint of minor units in the shop's currency. Times are `Date`.
 */

export type Address = {
  readonly id: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly company: string | null;
  readonly address1: string | null;
  readonly address2: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly provinceCode: string | null;
  readonly zip: string | null;
  readonly countryCode: string | null;
  readonly phone: string | null;
};

export type CustomerState = "DISABLED" | "ENABLED" | "INVITED" | "DECLINED";

export type Customer = {
  readonly id: string;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  locale: string;
  state: CustomerState;
  verifiedEmail: boolean;
  note: string | null;
  tags: string[];
  /** Said yes to text messages. */
  smsConsent: boolean;
  addresses: Address[];
  readonly createdAt: Date;
  updatedAt: Date;
};

export type Card = {
  readonly bin: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  /** As Shopify names it: "Visa", "Mastercard". */
  readonly brand: string;
  readonly name: string;
};

export type TransactionKind = "SALE" | "AUTHORIZATION" | "CAPTURE" | "REFUND" | "VOID";

export type Transaction = {
  readonly id: string;
  readonly kind: TransactionKind;
  status: "SUCCESS" | "PENDING" | "FAILURE";
  readonly gateway: string;
  readonly amountMinor: bigint;
  readonly parentId: string | null;
  readonly card: Card | null;
  readonly createdAt: Date;
  processedAt: Date;
};

export type DiscountAllocation = {
  /** Index into `Order.discountApplications`. */
  readonly applicationIndex: number;
  readonly amountMinor: bigint;
};

export type OrderLine = {
  readonly id: string;
  readonly productId: string | null;
  readonly variantId: string | null;
  readonly title: string;
  readonly sku: string | null;
  /** As ordered; what is left after edits and refunds is `currentQuantity`. */
  readonly quantity: number;
  currentQuantity: number;
  readonly priceMinor: bigint;
  readonly giftCard: boolean;
  /** Name of the selling plan, for a subscription's line. */
  readonly sellingPlan: string | null;
  readonly taxMinor: bigint;
  readonly taxRate: number;
  readonly allocations: readonly DiscountAllocation[];
};

export type DiscountApplication = {
  readonly discountId: string;
  /** As the buyer typed it. */
  readonly code: string;
  readonly value: DiscountValue;
  readonly totalMinor: bigint;
};

export type RefundLine = {
  readonly id: string;
  readonly lineId: string;
  readonly quantity: number;
  readonly subtotalMinor: bigint;
  readonly taxMinor: bigint;
};

export type Refund = {
  readonly id: string;
  readonly createdAt: Date;
  readonly note: string | null;
  readonly lines: readonly RefundLine[];
  readonly transactions: readonly Transaction[];
  readonly totalMinor: bigint;
};

export type RiskRecommendation = "ACCEPT" | "INVESTIGATE" | "CANCEL" | "NONE" | "PENDING";

export type Dispute = {
  readonly id: string;
  readonly initiatedAt: Date;
  readonly amountMinor: bigint;
  readonly reason: string;
  status: "NEEDS_RESPONSE" | "UNDER_REVIEW" | "WON" | "LOST";
};

export type Attribute = { readonly name: string; readonly value: string };

export type Order = {
  readonly id: string;
  /** 1001, 1002… per shop; the name is "#1001". */
  readonly number: number;
  /** The customer at the time it was placed; moves with a merge. */
  customerId: string | null;
  email: string | null;
  phone: string | null;
  readonly createdAt: Date;
  readonly processedAt: Date;
  updatedAt: Date;
  cancelledAt: Date | null;
  cancelReason: "CUSTOMER" | "FRAUD" | "INVENTORY" | "DECLINED" | "OTHER" | "STAFF" | null;
  edited: boolean;
  readonly test: boolean;
  readonly sourceName: string;
  readonly locale: string;
  lines: OrderLine[];
  readonly discountApplications: readonly DiscountApplication[];
  readonly shippingMinor: bigint;
  readonly taxesIncluded: boolean;
  readonly noteAttributes: readonly Attribute[];
  readonly landingSite: string | null;
  readonly referringSite: string | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  readonly acceptLanguage: string | null;
  readonly checkoutToken: string | null;
  readonly cartToken: string | null;
  readonly token: string;
  readonly gateway: string;
  readonly transactions: Transaction[];
  readonly refunds: Refund[];
  readonly disputes: Dispute[];
  shippingAddress: Address | null;
  billingAddress: Address | null;
  risk: RiskRecommendation;
};

export type DiscountValue =
  | { readonly kind: "percentage"; readonly basisPoints: number }
  | { readonly kind: "amount"; readonly amountMinor: bigint; readonly onEachItem: boolean }
  | { readonly kind: "free_shipping" };

export type RedeemCode = {
  readonly id: string;
  readonly code: string;
  uses: number;
  /** Customers who used it, for `appliesOncePerCustomer`. */
  readonly usedBy: string[];
};

export type Discount = {
  readonly id: string;
  title: string;
  value: DiscountValue;
  startsAt: Date;
  endsAt: Date | null;
  usageLimit: number | null;
  appliesOncePerCustomer: boolean;
  minimum: { readonly subtotalMinor: bigint } | { readonly quantity: number } | null;
  combinesWith: { order: boolean; product: boolean; shipping: boolean };
  /** Null: every customer. */
  customerIds: readonly string[] | null;
  tags: readonly string[];
  readonly codes: Map<string, RedeemCode>;
  readonly createdAt: Date;
  updatedAt: Date;
};

export type BulkCreation = {
  readonly id: string;
  readonly discountId: string;
  readonly createdAt: Date;
  done: boolean;
  readonly items: { readonly code: string; error: string | null; redeemCodeId: string | null }[];
};

export type Product = {
  readonly id: string;
  readonly variantId: string;
  readonly handle: string;
  readonly title: string;
  readonly description: string;
  readonly priceMinor: bigint;
  readonly giftCard: boolean;
};

export type Shop = {
  readonly id: string;
  /** `freshbox.myshopify.com` */
  readonly domain: string;
  /** `freshbox` */
  readonly handle: string;
  name: string;
  currency: string;
  readonly countryCode: string;
  ianaTimezone: string;
  readonly email: string;
  /** Storefront hosts, the primary one first, with the port if there is one: `freshbox.localhost:4600`. */
  domains: string[];
  customerAccounts: "new" | "classic";
  /** False: the protected customer fields are null in answers and payloads. */
  protectedFields: boolean;
  /** What a discount's `usageLimit` counts. Unverified on the real Shopify, so a switch. */
  usageLimit: "code" | "discount";
  /** How long `numberOfOrders` trails behind, in ms of real time. */
  orderCountLagMs: number;
  readonly habits: StorefrontHabits;
  readonly taxesIncluded: boolean;
  /** 0.2 is 20 %. */
  readonly taxRate: number;
  readonly createdAt: Date;
  /** Null: the app is not installed. */
  installation: Installation | null;
  readonly customers: Map<string, Customer>;
  /** Who is found by an address; kept by `contacts.ts`. */
  readonly contacts: { readonly email: Map<string, Customer>; readonly phone: Map<string, Customer> };
  /** From the id of a merged-away customer to the one that was kept. */
  readonly mergedCustomers: Map<string, string>;
  readonly orders: Map<string, Order>;
  /** Kept by `customer-orders.ts`. */
  readonly ordersByCustomer: Map<string, Order[]>;
  readonly products: Map<string, Product>;
  readonly discounts: Map<string, Discount>;
  /** Upper-cased code to its discount and redeem code: look-ups ignore case. */
  readonly codeIndex: Map<string, { readonly discountId: string; readonly redeemCodeId: string }>;
  readonly bulkCreations: Map<string, BulkCreation>;
  readonly giftCards: Map<string, GiftCard>;
  readonly storeCreditAccounts: Map<string, StoreCreditAccount>;
  nextOrderNumber: number;
};

/** Who the app is: what its developer dashboard would know. */
export type AppIdentity = {
  readonly appUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
};

export type StoredMail = {
  readonly at: Date;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type StoredSms = { readonly at: Date; readonly to: string; readonly text: string };

/** One line of the front page's "what just happened". */
export type FeedEntry = { readonly at: Date; readonly shop: string | null; readonly text: string };
