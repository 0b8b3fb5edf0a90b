/** How the app's own reading of orders compares with what Shopify delivered. Instants are ISO texts. */
export type ReadingView = {
  /** Every order that changed before it was read; null before the first pass. */
  readonly readTo: string | null;
  /** No pass has ended for over an hour. */
  readonly isBehind: boolean;
  /** New orders of the last day that no delivery told of. */
  readonly found: number;
  /** Deliveries about orders in the last day. */
  readonly deliveries: number;
  /** Nothing at all was delivered in the last day, though in the week before it was so many a day; null while messages come. */
  readonly silentAfter: number | null;
  /** The last span in which orders changed that Shopify does not show any more; null when there is none. */
  readonly unreadable: { readonly from: string; readonly to: string } | null;
};

export type DifferenceChoiceView = "accept" | "withdraw" | "make_again";

/** Something about which Shopify and the books disagree, with what a person can do about it. */
export type DifferenceView = {
  readonly id: string;
  readonly kind: string;
  /** The code, or the discount's number in Shopify. */
  readonly subject: string;
  readonly foundAt: string;
  readonly referralId: string | null;
  /** Of an edited discount, what is not as it was made; else empty. */
  readonly fields: readonly string[];
  readonly choices: readonly DifferenceChoiceView[];
};

/** What a comparison with Shopify has to say. */
export type ReconciliationView = {
  readonly reading: ReadingView;
  /** When discounts were compared last; null before the first time. */
  readonly comparedAt: string | null;
  /** Those that are open, the first hundred, oldest first. */
  readonly differences: readonly DifferenceView[];
};

/** A customer who asked for their data. Instants are ISO texts. */
export type DataRequestView = {
  readonly id: string;
  readonly requestedAt: string;
  /** Until when it can be fetched. */
  readonly expiresAt: string;
  /** Something may be held of them. */
  readonly isKnown: boolean;
};
