import type { FriendWhen } from "../../terms/terms.ts";

/** Why there is nothing for somebody who came by a link. */
export const LANDING_REFUSALS = [
  "link_expired",
  "campaign_closed",
  "currency_changed",
  "not_new_customer",
  "too_many_requests",
  "bad_request",
] as const;
export type LandingRefusal = (typeof LANDING_REFUSALS)[number];

/**
 * What a friend reads of one language on the landing page, the printed card and the preview in a chat. `{from}`, `{offer}` and
 * `{shop}` are put in by code; an offer stands where no language would bend it.
 */
export type LandingWords = {
  /** To the friend, of what the link gave them: with the first name of whose link it is, and without. */
  readonly gave: { readonly named: string; readonly unnamed: string };
  /** The same on a card that is handed over. */
  readonly card: { readonly named: string; readonly unnamed: string; readonly at: string; readonly qr: string };
  /** Title and text that a chat shows of the link, and what leads on where a redirect would not arrive. */
  readonly preview: { readonly title: string; readonly text: string; readonly onward: string };
  readonly ask: string;
  /** The same where the code is only shown to who gives an address. */
  readonly askFirst: string;
  readonly when: Readonly<Record<FriendWhen, string>>;
  readonly email: string;
  readonly button: string;
  readonly kept: string;
  readonly badAddress: string;
  readonly code: string;
  readonly use: string;
  readonly basket: string;
  readonly making: string;
  readonly later: string;
  readonly shop: string;
  readonly closed: string;
  readonly refusals: Readonly<Record<LandingRefusal, string>>;
};
