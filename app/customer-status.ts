/** What a customer is told about their own referrals; `why` is one of the eight public reasons. */
export type CustomerStatus = {
  readonly referrals: readonly {
    readonly id: string;
    readonly friend: string | null;
    readonly state: string;
    readonly why: string;
    readonly at: string;
    /** Whether the referrer may ask for another look, or has asked. */
    readonly appeal: "none" | "possible" | "asked";
  }[];
  readonly rewards: readonly {
    readonly code: string | null;
    readonly value: string;
    readonly kind: string;
    readonly status: string;
  }[];
};
