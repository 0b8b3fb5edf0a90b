import { codeByText } from "#app/data/codes.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { canonicalOf } from "#app/data/people.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { describeReward } from "#app/domain/note/describe-reward.ts";
import type { FriendWhen } from "#app/domain/terms/terms.ts";
import { isCampaignOpen } from "#app/domain/terms/terms.ts";
import { openClickToken } from "#app/platform/click-token.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import type { Keys } from "#app/platform/keys.ts";
import { referrerName } from "./referrer-name.ts";

/** What a friend is told who came by a link. */
export type Invitation =
  | {
      readonly outcome: "open";
      /** The code itself, whichever alias led to it. */
      readonly code: string;
      /** Null when no name is known: "A friend". */
      readonly from: string | null;
      /** The friend's side, in words. */
      readonly offer: string;
      readonly when: FriendWhen;
      /** Whether the code is shown only to who gives an address. */
      readonly emailFirst: boolean;
    }
  | { readonly outcome: "closed"; readonly reason: "link_expired" | "campaign_closed" };

/** How somebody came: by a tap, whose token it is, or by a code that is named. */
export type InvitedBy = { readonly token: string } | { readonly code: string };

const EXPIRED: Invitation = { outcome: "closed", reason: "link_expired" };

/**
 * Says who invites and to what, for the landing page and the printable card. A token that was not made here, a code that
 * there is not and one that is retired look the same: the link's time is over.
 *
 * @param input.locale of the reader: the offer is said in its language
 */
export async function describeInvitation(
  deps: { pools: Pools; clock: Clock; keys: Keys },
  input: { shop: KnownShop; by: InvitedBy; locale: string },
): Promise<Invitation> {
  const { shopId } = input.shop;
  const now = deps.clock.now();
  const text = codeTextOf(deps.keys, shopId, input.by, now);
  if (text === null) return EXPIRED;
  return inShop(deps.pools, shopId, async (tx): Promise<Invitation> => {
    const code = await codeByText(tx, shopId, text);
    if (code?.state !== "active") return EXPIRED;
    const terms = await termsOfVersion(tx, shopId, code.termsVersion);
    const current = await currentTerms(tx, shopId);
    invariant(current !== null, "a shop that has a link has terms");
    const { paused, emailFirst } = current.terms;
    if (!isCampaignOpen({ ...terms, paused }, now.getTime())) return { outcome: "closed", reason: "campaign_closed" };
    const personId = await canonicalOf(tx, shopId, code.personId);
    return {
      outcome: "open",
      code: code.code,
      from: await referrerName(tx, { keys: deps.keys, shopId, personId }),
      offer: describeReward(terms.friend, terms, input.locale),
      when: terms.friend.when,
      emailFirst: terms.friend.when === "on_first_order" && emailFirst,
    };
  });
}

function codeTextOf(keys: Keys, shopId: string, by: InvitedBy, now: Date): string | null {
  if ("code" in by) return normaliseCode(by.code);
  const opened = openClickToken(keys, by.token);
  if (opened.outcome === "forged" || opened.facts.shopId !== shopId) return null;
  if (opened.facts.flags !== 0 || now >= opened.facts.expiresAt) return null;
  return normaliseCode(opened.facts.codeText);
}
