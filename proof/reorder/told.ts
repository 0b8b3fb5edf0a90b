import type { Who } from "./story.ts";

/** A tap on a link, as the token in the friend's browser says it. */
export type Tap = { readonly id: string; readonly code: string; readonly at: number; readonly expiresAt: number };

/** What Shopify itself knows of an order at this moment. Milliseconds. */
export type TrueOrder = {
  readonly id: string;
  readonly at: number;
  readonly risky: boolean;
  owner: Who;
  paidAt: number | null;
  cancelledAt: number | null;
  refunded: "no" | "part" | "full";
};

/** A message that reaches the app, with what its payload says: the state of things when it was sent. */
export type Message =
  | { readonly kind: "customer"; readonly who: Who }
  | {
      readonly kind: "bind";
      readonly who: Who;
      readonly at: number;
      readonly taps: readonly Tap[];
      readonly device: string | null;
    }
  | OrderMessage
  | { readonly kind: "refund"; readonly order: string; readonly refund: string; readonly amount: string }
  | { readonly kind: "merge"; readonly who: Who; readonly into: Who }
  | { readonly kind: "redact"; readonly who: Who }
  | { readonly kind: "uninstalled"; readonly at: number };

export type OrderMessage = {
  readonly kind: "order";
  readonly topic: "orders/create" | "orders/paid" | "orders/cancelled";
  readonly order: string;
  readonly who: Who;
  readonly at: number;
  readonly paidAt: number | null;
  readonly cancelledAt: number | null;
  readonly taps: readonly Tap[];
  readonly welcomeCode: string | null;
  readonly device: string | null;
};

/** An address that was given for a tap, and the welcome code that it brought where the friend's side comes at once. */
export type Claim = { readonly tap: Tap; readonly device: string | null; readonly welcomeCode: string | null };

/** The terms of a shop, as far as a story changes them. */
export type Offer = {
  readonly windowDays: number;
  readonly coolingOffDays: number;
  readonly paused: boolean;
  readonly friendIsPaidAfter: boolean;
};

/** How a referral stands, in words that both sides of the comparison use. */
export type Seen = {
  readonly friend: readonly Who[];
  readonly referrer: readonly Who[];
  readonly order: string | null;
  readonly state: string;
  readonly reason: string | null;
  /** "side:kind", in order. */
  readonly rewards: readonly string[];
  /** Kinds of cases that a person has to look at for money that has moved. */
  readonly cases: readonly string[];
};
