import type { AdminOrder, BoughtWith, CustomerAnswer, ReadTrouble } from "./ports.ts";

/** Which order and which two customers decide about a referral; digits, null where a customer is not known. */
export type EvidenceAsked = {
  readonly orderId: string;
  readonly friendCustomerId: string | null;
  readonly referrerCustomerId: string | null;
};

/**
 * What Shopify says about one referral: its order, both people, and what the referrer's own orders were made with. A
 * customer whose id is not known, or who was deleted, is null.
 */
export type ShopifyEvidence = {
  readonly order: AdminOrder | null;
  readonly friend: CustomerAnswer | null;
  readonly referrer: CustomerAnswer | null;
  readonly referrerBoughtWith: BoughtWith;
};

/** The call that reads what decides about referrals. */
export type EvidenceCalls = {
  /** Of each of some referrals, in the order given; the first trouble ends it. */
  readEvidence(
    asked: readonly EvidenceAsked[],
  ): Promise<{ readonly outcome: "ok"; readonly evidence: readonly ShopifyEvidence[] } | ReadTrouble>;
};
