import type { PostalAddress } from "#app/domain/person/address.ts";
import type { DiscountParentDraft } from "./discount-ports.ts";
import type { EvidenceCalls } from "./evidence-port.ts";
import type { ExtensionCalls } from "./extension-port.ts";
import type { ReconcileCalls } from "./reconcile-ports.ts";

export type { DiscountParentDraft, DiscountWorth } from "./discount-ports.ts";

/**
 * What the use cases need from outside, as types. The adapters implement them; tests may put fakes in their place.
 * Expected trouble is a value, so that every caller says what it does about it.
 */

/** Shopify asked to slow down, or did not answer: nothing was done, the same call may be made again after the wait. */
export type Wait = { readonly outcome: "throttled" | "unavailable"; readonly retryAfterMs: number };
/** The shop's access is gone (uninstalled, revoked, expired for good) until the merchant opens the app again. */
export type Unauthorised = { readonly outcome: "unauthorised" };
/** Shopify said no, and will say no again. `code` is Shopify's or "INVALID_ANSWER"; no message, since it may quote data. */
export type Refused = { readonly outcome: "refused"; readonly code: string };
/** A change was sent and no answer came: it may or may not have been made. Look before sending it again. */
export type Unknown = { readonly outcome: "unknown" };
export type ReadTrouble = Wait | Unauthorised | Refused;
export type ChangeTrouble = ReadTrouble | Unknown;

/** Facts of a shop. Hosts are lower-case and carry a port only where the shop has one. */
export type ShopFactsAnswer = {
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  readonly primaryDomain: string;
  /** "https://shop.example.com". */
  readonly primaryOrigin: string;
  readonly domains: readonly string[];
};

/** A customer the shop knew before. Ids are digits; e-mail and phone are clear text and must not be stored. */
export type KnownCustomer = {
  readonly customerId: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly numberOfOrders: bigint;
  readonly createdAt: Date;
  /** Null without orders, and where Shopify does not show them: it shows those of the last 60 days. */
  readonly firstOrderAt: Date | null;
  readonly lastOrderAt: Date | null;
};

export type CustomerAnswer = KnownCustomer & {
  readonly firstName: string | null;
  readonly locale: string;
  readonly tags: readonly string[];
  readonly smsConsent: boolean;
};

export type AdminAddress = PostalAddress & { readonly firstName: string | null; readonly lastName: string | null };

/** What a reviewer is shown of a customer: clear text, never stored. */
export type ShopPerson = {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: AdminAddress | null;
};

/** A line as it was ordered, in the shop's money (decimal text); what edits and refunds left of it is `currentQuantity`. */
export type AdminOrderLine = {
  readonly lineId: string;
  readonly quantity: number;
  readonly currentQuantity: number;
  readonly giftCard: boolean;
  readonly subscription: boolean;
  readonly originalTotal: string;
  /** Discounts allocated to the line, order-level and code ones included. */
  readonly allocated: readonly string[];
  readonly taxes: readonly string[];
};

export type AdminCard = {
  readonly bin: string;
  readonly lastFour: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly brand: string;
};

/** Traces of a customer's own orders and account, in clear: compared at once, never stored. */
export type BoughtWith = { readonly cards: readonly AdminCard[]; readonly addresses: readonly AdminAddress[] };

/** An order as Shopify has it now. Ids are digits, amounts decimal text in the shop's money. */
export type AdminOrder = {
  readonly orderId: string;
  readonly customerId: string | null;
  /** Lifetime orders of that customer, all channels; read late it may count later orders too. */
  readonly customerOrders: bigint | null;
  readonly createdAt: Date;
  readonly processedAt: Date;
  readonly updatedAt: Date;
  readonly cancelledAt: Date | null;
  readonly test: boolean;
  readonly fullyPaid: boolean;
  readonly financialStatus: string | null;
  readonly sourceName: string | null;
  readonly currency: string;
  readonly taxesIncluded: boolean;
  readonly totalPrice: string;
  readonly currentTotal: string;
  readonly totalRefunded: string;
  readonly tips: string;
  readonly lines: readonly AdminOrderLine[];
  /** The order has more lines than could be read. */
  readonly linesTruncated: boolean;
  readonly email: string | null;
  readonly phone: string | null;
  readonly clientIp: string | null;
  readonly shippingAddress: AdminAddress | null;
  readonly billingAddress: AdminAddress | null;
  readonly attributes: readonly { key: string; value: string | null }[];
  readonly discountCodes: readonly string[];
  readonly card: AdminCard | null;
  /** When money was last captured; null while unpaid. */
  readonly paidAt: Date | null;
  readonly risk: "ACCEPT" | "INVESTIGATE" | "CANCEL" | "PENDING" | "NONE";
};

export type FoundCode = {
  readonly outcome: "found";
  /** The gid of the discount that the code belongs to. */
  readonly discountId: string;
  readonly title: string;
};

export type CodeProblem = "taken" | "invalid";
export type CodeResult = { readonly code: string; readonly problem: CodeProblem | null };

/** Which credit: its moment of expiry tells it from every other of the shop. */
export type StoreCreditKey = { readonly customerId: string; readonly currency: string; readonly expiresAt: Date };

/** A gift card to make. `amount` is decimal text, `code` 8 to 20 letters and digits, `note` only the merchant sees. */
export type GiftCardDraft = {
  readonly code: string;
  readonly amount: string;
  readonly currency: string;
  readonly expiresAt: Date;
  readonly note: string;
};

type MoreCalls = ReconcileCalls & ExtensionCalls & EvidenceCalls;

/** One shop's Admin API. */
export type ShopAdmin = MoreCalls & {
  shopFacts(): Promise<{ readonly outcome: "ok"; readonly facts: ShopFactsAnswer } | ReadTrouble>;
  /** A page of customers in a stable order; `cursor` null begins, `next` null ends. */
  knownCustomers(
    cursor: string | null,
  ): Promise<
    { readonly outcome: "ok"; readonly customers: readonly KnownCustomer[]; readonly next: string | null } | ReadTrouble
  >;
  readOrder(
    orderId: string,
  ): Promise<{ readonly outcome: "ok"; readonly order: AdminOrder } | { readonly outcome: "not_found" } | ReadTrouble>;
  readPerson(
    customerId: string,
  ): Promise<{ readonly outcome: "ok"; readonly person: ShopPerson } | { readonly outcome: "not_found" } | ReadTrouble>;
  readCustomer(
    customerId: string,
  ): Promise<
    { readonly outcome: "ok"; readonly customer: CustomerAnswer } | { readonly outcome: "not_found" } | ReadTrouble
  >;
  /** What a customer's orders of the last 60 days were paid with, and where they went. */
  boughtWith(customerId: string): Promise<({ readonly outcome: "ok" } & BoughtWith) | ReadTrouble>;
  findCode(code: string): Promise<FoundCode | { readonly outcome: "not_found" } | ReadTrouble>;
  /** Makes a discount with its first code. "taken": that code exists in the shop already. */
  createDiscountParent(
    draft: DiscountParentDraft,
  ): Promise<{ readonly outcome: "ok"; readonly discountId: string } | { readonly outcome: "taken" } | ChangeTrouble>;
  /** Adds up to 250 codes to a discount; Shopify does it later, so poll `creationId`. "gone": there is no such discount. */
  addCodes(
    discountId: string,
    codes: readonly string[],
  ): Promise<{ readonly outcome: "ok"; readonly creationId: string } | { readonly outcome: "gone" } | ChangeTrouble>;
  pollCodes(
    creationId: string,
  ): Promise<
    | { readonly outcome: "done"; readonly added: number; readonly failed: number }
    | { readonly outcome: "running" }
    | { readonly outcome: "not_found" }
    | ReadTrouble
  >;
  /** What became of each code of a call that is done. Dear: ask when some failed. */
  codeResults(
    creationId: string,
  ): Promise<
    { readonly outcome: "ok"; readonly codes: readonly CodeResult[] } | { readonly outcome: "not_found" } | ReadTrouble
  >;
  /** Those of up to 50 codes (in capitals) that a discount holds. */
  codesUnder(
    discountId: string,
    codes: readonly string[],
  ): Promise<{ readonly outcome: "ok"; readonly codes: readonly string[] } | ReadTrouble>;
  /** Takes codes away from a discount; Shopify does it a moment later. A code that is not there is no fault. */
  withdrawCodes(discountId: string, codes: readonly string[]): Promise<{ readonly outcome: "ok" } | ChangeTrouble>;
  /** Credits a customer's account. Each call that arrives credits: nothing but the moment of expiry tells two apart. */
  giveStoreCredit(
    credit: StoreCreditKey & { readonly amount: string },
  ): Promise<{ readonly outcome: "ok"; readonly transactionId: string } | ChangeTrouble>;
  findStoreCredit(
    credit: StoreCreditKey,
  ): Promise<
    { readonly outcome: "found"; readonly transactionId: string } | { readonly outcome: "not_found" } | ReadTrouble
  >;
  /** "taken": a gift card with that code exists already. */
  createGiftCard(
    card: GiftCardDraft,
  ): Promise<{ readonly outcome: "ok"; readonly cardId: string } | { readonly outcome: "taken" } | ChangeTrouble>;
  /** A gift card by its whole code; its note tells ours from another's. */
  findGiftCard(
    code: string,
  ): Promise<
    | { readonly outcome: "found"; readonly cardId: string; readonly note: string | null }
    | { readonly outcome: "not_found" }
    | ReadTrouble
  >;
};

/** The Admin API of every shop that has the app. */
export type ShopifyAdmin = { forShop(shopId: string, domain: string): ShopAdmin };

export type Mail = {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * Sends one mail. "refused": the server said no before it took the mail, so nobody got it. "unknown": the connection
 * broke after the mail was handed over, so somebody may have got it.
 */
export type MailSender = {
  send(
    mail: Mail,
  ): Promise<
    | { readonly outcome: "sent" }
    | { readonly outcome: "refused"; readonly reason: string; readonly permanent: boolean }
    | { readonly outcome: "unknown" }
  >;
};

/** A due row of the outbox, and what to do with it afterwards. */
export type OutboxWork = {
  readonly shopId: string;
  readonly id: string;
  readonly topic: string;
  readonly dedupeKey: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly externalId: string | null;
};

export type WorkVerdict =
  | { readonly outcome: "done"; readonly externalId?: string }
  /** `anew`: the work was done, and the same row is its next time: the runs so far are forgotten. */
  | { readonly outcome: "again"; readonly at: Date; readonly reason: string; readonly anew?: true }
  | { readonly outcome: "dead"; readonly reason: string };

/** Trades a shop's refresh token for a new pair of tokens. */
export type TokenRefresher = (
  domain: string,
  refreshToken: string,
) => Promise<
  | {
      readonly outcome: "ok";
      readonly accessToken: string;
      readonly scope: string | null;
      readonly expiresInMs: number;
      readonly refreshToken: string;
      readonly refreshExpiresInMs: number;
    }
  | Wait
  | Unauthorised
>;
