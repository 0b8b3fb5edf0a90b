import type { PostalAddress } from "#app/domain/person/address.ts";
import type { RiskRecommendation } from "#app/domain/screen/features.ts";
import type { AdminCard } from "#app/usecases/ports.ts";

/** What is true of an attempt. The screen never sees it: `judge.ts` alone does. */
export type Truth = {
  readonly label: "honest" | "cheat" | "grey";
  /** How the two came together, or how they cheat. */
  readonly kind: string;
  /** How many of e-mail, phone, card, browser and address a cheat shares with their referrer. */
  readonly signals: number;
  /** An honest friend who shares a card, an address or a browser with their referrer. */
  readonly isFamily: boolean;
};

/** What a shop gets to see of a customer's own account. */
export type Account = {
  readonly id: string;
  readonly email: string;
  readonly phone: string | null;
};

/** What one order was made with; null where the gateway, the access level or the buyer keeps it back. */
export type Purchase = {
  readonly at: number;
  readonly card: AdminCard | null;
  readonly device: string | null;
  readonly address: PostalAddress | null;
  readonly network: string | null;
  readonly agent: string;
};

/** A customer with a link, and what they bought with before. */
export type Referrer = {
  readonly account: Account;
  readonly code: string;
  readonly purchases: readonly Purchase[];
};

/** One friend who came by a link and bought. Times are epoch milliseconds. */
export type Attempt = {
  readonly id: string;
  readonly truth: Truth;
  readonly referrer: Referrer;
  readonly friend: Account;
  readonly clickedAt: number;
  readonly clickId: string;
  readonly referrerHost: string | null;
  /** When an e-mail was claimed by which the friend came, and whether their own browser did it; null for a plain tap. */
  readonly claim: { readonly at: number; readonly isOwnBrowser: boolean } | null;
  readonly purchase: Purchase;
  readonly risk: RiskRecommendation;
  /** When the order was refunded, after the payout; null when it stays. */
  readonly refundedAt: number | null;
  /** When Shopify merged the friend's account into the referrer's; null when it never does. */
  readonly mergedAt: number | null;
};

/** Taps and claims around the attempts that came to nothing, which the bursts are counted over. */
export type Noise = {
  readonly taps: readonly { readonly code: string; readonly at: number; readonly network: string }[];
  readonly claims: readonly { readonly code: string; readonly at: number; readonly email: string }[];
};

export type Population = { readonly attempts: readonly Attempt[]; readonly noise: Noise };
