import type { PostalAddress } from "../person/address.ts";
import type { BlockKind, RiskRecommendation } from "./features.ts";
import type { Happening } from "./busiest.ts";

/** Hashes that a person was seen with, by kind: compared with another person's, meaningless alone. */
export type Traces = ReadonlyMap<string, ReadonlySet<string>>;

/** One side of a referral. E-mails and addresses are in clear, as Shopify shows them at that moment: they are never stored. */
export type Party = {
  readonly traces: Traces;
  readonly emails: readonly string[];
  readonly addresses: readonly PostalAddress[];
};

/** What the shop's own history says about a referral; each part is counted over a bounded window. */
export type ScreenHistory = {
  readonly otherReferral: boolean;
  /** Null where the history does not tell. */
  readonly boughtBefore: boolean | null;
  readonly householdFriends: number;
  /** Others in referrals of the shop, on either side and from any time, who share a card, a browser or an address with the referrer. */
  readonly peopleAlike: number;
  /** Of these, on a card or in a browser of the referrer's, friends whose referral was stopped as the referrer's own. */
  readonly peopleStopped: number;
  /** Taps on the code by people within an hour of the click, by network. */
  readonly taps: readonly Happening[];
  /** Sign-ups within a day of this one, itself among them; null where nothing is known to compare by. */
  readonly signUpsOnCode: readonly Happening[];
  readonly signUpsOnDevice: readonly Happening[] | null;
  readonly signUpsOnNetwork: readonly Happening[] | null;
  /** Claims of e-mail addresses on the code within a day of this referral's claim; null where no claim brought it. */
  readonly claims: { readonly at: number; readonly others: readonly Happening[] } | null;
  readonly refundedOfLastFive: number;
  readonly ringHops: number | null;
  readonly blockListed: BlockKind | null;
};

/** What one order, or the way to it, tells; null where it is not known (yet). Times are epoch milliseconds. */
export type OrderEvidence = {
  readonly agentIsBot: boolean | null;
  readonly riskRecommendation: RiskRecommendation | null;
  /** Shopify says that this customer bought before the click. */
  readonly boughtBefore: boolean | null;
  readonly evidenceMissing: boolean;
};

/** The winning click; null for a referral that no click opened. */
export type ClickFacts = {
  readonly clickedAt: number;
  /** Host of the page that the link stood on. */
  readonly referrerHost: string | null;
  /** A claim brought it, and the friend's browser is not the one that claimed. */
  readonly isBareClaim: boolean;
};

/** Everything that the features of one referral are made of. */
export type ScreenFacts = {
  readonly friend: Party;
  readonly referrer: Party;
  readonly click: ClickFacts | null;
  readonly openedAt: number;
  readonly orderAt: number | null;
  readonly order: OrderEvidence;
  readonly history: ScreenHistory;
};
