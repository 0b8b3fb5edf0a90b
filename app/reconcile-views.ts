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
  /** The last span in which orders changed that Shopify does not show any more; null when there is none. */
  readonly unreadable: { readonly from: string; readonly to: string } | null;
};

/** What a comparison with Shopify has to say. */
export type ReconciliationView = { readonly reading: ReadingView };
