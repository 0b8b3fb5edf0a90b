/** A referral as the admin's blocks on orders and customers show it; `why` is one of the eight public reasons. */
export type BlockReferral = {
  readonly id: string;
  readonly state: string;
  readonly why: string;
  readonly referrer: string | null;
  readonly friend: string | null;
  readonly at: string;
};

/** What there is to tell about an order or a customer. */
export type AdminBlock = {
  /** The newest first; at most five. */
  readonly referrals: readonly BlockReferral[];
  /** Of a customer who has a link of their own; else null. */
  readonly ownLink: { readonly code: string; readonly friends: number; readonly rewarded: number } | null;
};

/** Whom or what a block stands beside; ids are digits. */
export type BlockSubject =
  { readonly kind: "order"; readonly id: string } | { readonly kind: "customer"; readonly id: string };
