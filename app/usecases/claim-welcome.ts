import {
  addCartToClaim,
  addEmailToClaim,
  claimCounts,
  endBareClaim,
  lockClaimants,
  recordBareClaim,
  standingClaim,
} from "#app/data/claims.repo.ts";
import type { StandingClaim } from "#app/data/claims.repo.ts";
import { codeByText } from "#app/data/codes.repo.ts";
import type { CodeRow } from "#app/data/codes.repo.ts";
import { canonicalOf, historyOf, ownersOfKeys } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import { claimFreeCode } from "#app/data/welcome-codes.repo.ts";
import { isExistingCustomer } from "#app/domain/attribution/existing-customer.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { describeReward } from "#app/domain/note/describe-reward.ts";
import { isCampaignOpen } from "#app/domain/terms/terms.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { openClickToken } from "#app/platform/click-token.ts";
import type { ClickTokenFacts } from "#app/platform/click-token.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { friendFacts } from "./friend-facts.ts";
import { referrerName } from "./referrer-name.ts";
import { endLater, fillWhenLow } from "./welcome-pool.ts";

export type ClaimWelcomeDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly ringOutbox: (shopId: string) => void;
};

export type ClaimWelcomeInput = {
  readonly shop: KnownShop;
  /** Digits, from a signed proxy parameter; null when nobody is logged in. */
  readonly customerId: string | null;
  readonly token: string;
  /** Normalised by the domain. */
  readonly email: string | null;
  readonly device: string | null;
  /** The buyer's network (/24, /48) in clear; only its keyed hash is kept. */
  readonly prefix: string | null;
  /** The cart of the storefront; only its keyed hash is kept. */
  readonly cartToken: string | null;
  /** The visitor's: the offer is said in its language. */
  readonly locale: string;
};

export type ClaimWelcomeResult =
  | {
      readonly outcome: "claimed";
      /** Null where the friend's side is given later, or while the pool is empty. */
      readonly welcomeCode: string | null;
      readonly offer: { readonly referrer: string; readonly friend: string };
      /** First name of whose link it is; null when none is known. */
      readonly from: string | null;
      /** There will be a code in a moment: ask again. */
      readonly retry: boolean;
      /** There is a code for whoever gives an address first: the landing page asks for it. */
      readonly emailFirst: boolean;
    }
  | {
      readonly outcome: "refused";
      readonly reason:
        | "bad_request"
        | "link_expired"
        | "campaign_closed"
        | "currency_changed"
        | "not_new_customer"
        | "too_many_requests";
    };

const LIVE_CLAIMS_PER_DEVICE = 3;
const CLAIMS_PER_NETWORK_A_DAY = 10;
/**
 * What one link may take of the pool in a day, so that a flood from many networks leaves codes for the friends of others.
 * Far above the ten addresses from which on the screen holds claims: those are to be looked at, not turned away.
 */
const CLAIMS_PER_CODE_A_DAY = 200;
const DAY_MS = 86_400_000;

type Refusal = Extract<ClaimWelcomeResult, { outcome: "refused" }>;
type Asked = ClaimWelcomeInput & {
  readonly click: ClickTokenFacts;
  readonly emailHash: string | null;
  readonly prefixHash: string | null;
  readonly cartTokenHash: string | null;
  readonly now: Date;
};

/**
 * Gives a friend who came by a link the code that makes their first order cheaper: one for a tap, a device and an
 * address, the same one on every ask. The codes are there before they are asked for, so this needs the database alone.
 * Nobody is told whether an address belongs to a customer; only who is logged in is known to be one.
 */
export async function claimWelcome(deps: ClaimWelcomeDeps, input: ClaimWelcomeInput): Promise<ClaimWelcomeResult> {
  const { shop } = input;
  const opened = openClickToken(deps.keys, input.token);
  if (opened.outcome === "forged" || opened.facts.shopId !== shop.shopId) return refuse("bad_request");
  const click = opened.facts;
  const { result, rings } = await retryRaces(() =>
    inShop(deps.pools, shop.shopId, (tx) => {
      const now = deps.clock.now();
      const emailHash = input.email === null ? null : shop.keyring.person("email", input.email);
      const prefixHash = input.prefix === null ? null : shop.keyring.network("prefix", input.prefix, now);
      const cartTokenHash = input.cartToken === null ? null : shop.keyring.fact("cart", input.cartToken);
      return claim(tx, deps.keys, { ...input, click, emailHash, prefixHash, cartTokenHash, now });
    }),
  );
  if (rings) deps.ringOutbox(shop.shopId);
  return result;
}

/** The link that was tapped, with what it promises and the first name of whose it is. */
type Link = {
  readonly code: CodeRow;
  readonly terms: Terms;
  readonly from: string | null;
  readonly locale: string;
};
type Step = { readonly result: ClaimWelcomeResult; readonly rings: boolean };

async function claim(tx: Tx, keys: Keys, asked: Asked): Promise<Step> {
  const { shop, click, now } = asked;
  const code = await activeCode(tx, asked);
  if (code === null) return settled(refuse("link_expired"));
  const terms = await termsOfVersion(tx, shop.shopId, code.termsVersion);
  const current = await currentTerms(tx, shop.shopId);
  if (terms.currency !== shop.currency) return settled(refuse("currency_changed"));
  invariant(current !== null, "a shop that has a link has terms");
  const { paused, emailFirst } = current.terms;
  if (!isCampaignOpen({ ...terms, paused }, now.getTime())) return settled(refuse("campaign_closed"));
  if (await isKnownCustomer(tx, asked, code, terms)) return settled(refuse("not_new_customer"));
  await lockClaimants(tx, shop.shopId, labelsOf(asked));
  const referrer = { keys, shopId: shop.shopId, personId: await canonicalOf(tx, shop.shopId, code.personId) };
  const link: Link = { code, terms, from: await referrerName(tx, referrer), locale: asked.locale };
  if (terms.friend.when !== "on_first_order") return claimBare(tx, asked, link);
  const standing = await standingClaim(tx, {
    shopId: shop.shopId,
    clickId: click.clickId,
    emailHash: asked.emailHash,
    device: asked.device,
  });
  if (standing?.state === "used") return settled(refuse("not_new_customer"));
  if (emailFirst && asked.emailHash === null && standing?.emailHash == null)
    return settled({ ...offerOf(link), emailFirst: true });
  if (standing !== null) return settled(await knownClaim(tx, asked, standing, link));
  if (await isOverLimit(tx, asked, code)) return settled(refuse("too_many_requests"));
  return claimNew(tx, asked, link);
}

/** The friend's side comes after the order: the address is kept as evidence of the tap, and there is no code yet. */
async function claimBare(tx: Tx, asked: Asked, link: Link): Promise<Step> {
  const { click, emailHash, now } = asked;
  const answer = offerOf(link);
  if (emailHash === null) return settled(answer);
  if (await isOverLimit(tx, asked, link.code)) return settled(refuse("too_many_requests"));
  const { device, prefixHash, cartTokenHash } = asked;
  const made = { id: newId(), codeId: link.code.id, clickId: click.clickId, clickedAt: click.issuedAt };
  await recordBareClaim(tx, {
    ...made,
    shopId: asked.shop.shopId,
    emailHash,
    device,
    prefixHash,
    cartTokenHash,
    expiresAt: click.expiresAt,
    now: now < click.issuedAt ? click.issuedAt : now,
  });
  return settled(answer);
}

/** The same code on every ask; what the claim did not know yet joins it. */
async function knownClaim(tx: Tx, asked: Asked, standing: StandingClaim, link: Link): Promise<ClaimWelcomeResult> {
  const { shopId } = asked.shop;
  if (asked.emailHash !== null && standing.emailHash === null) {
    await endBareClaim(tx, shopId, asked.emailHash);
    await addEmailToClaim(tx, shopId, standing.id, asked.emailHash);
  }
  const { cartTokenHash, device } = asked;
  if (cartTokenHash !== null)
    await addCartToClaim(tx, {
      shopId,
      claimId: standing.id,
      clickId: asked.click.clickId,
      device,
      cartTokenHash,
    });
  return { ...offerOf(link), welcomeCode: standing.welcomeCode };
}

async function claimNew(tx: Tx, asked: Asked, link: Link): Promise<Step> {
  const { click, now } = asked;
  const { shopId } = asked.shop;
  const { code, terms } = link;
  if (asked.emailHash !== null) await endBareClaim(tx, shopId, asked.emailHash);
  const claimed = await claimFreeCode(tx, {
    shopId,
    id: newId(),
    termsVersion: code.termsVersion,
    codeId: code.id,
    clickId: click.clickId,
    clickedAt: click.issuedAt,
    emailHash: asked.emailHash,
    device: asked.device,
    prefixHash: asked.prefixHash,
    cartTokenHash: asked.cartTokenHash,
    expiresAt: click.expiresAt,
    // The clocks of two processes differ a little, and a claim never comes before its tap.
    now: now < click.issuedAt ? click.issuedAt : now,
  });
  assertWon(claimed.outcome !== "raced", "this tap or address was claimed meanwhile");
  const rings = await fillWhenLow(tx, { shopId, termsVersion: code.termsVersion, terms, now });
  if (claimed.outcome !== "claimed") return { result: { ...offerOf(link), retry: true }, rings };
  await endLater(tx, { shopId, welcomeId: claimed.welcomeId, at: click.expiresAt, now });
  return { result: { ...offerOf(link), welcomeCode: claimed.code }, rings };
}

/** The code of the tap, if it may still bring a friend; an unknown one looks the same as one whose time is over. */
async function activeCode(tx: Tx, asked: Asked): Promise<CodeRow | null> {
  const { click, now } = asked;
  const text = normaliseCode(click.codeText);
  if (text === null || click.flags !== 0 || now >= click.expiresAt) return null;
  const code = await codeByText(tx, asked.shop.shopId, text);
  return code?.state === "active" ? code : null;
}

/** Whether who is logged in has bought here before, was referred before, or owns the link. */
async function isKnownCustomer(tx: Tx, asked: Asked, code: CodeRow, terms: Terms): Promise<boolean> {
  const { shop, customerId, now } = asked;
  if (customerId === null) return false;
  const hash = shop.keyring.person("customer", customerId);
  const [owner] = await ownersOfKeys(tx, shop.shopId, [{ kind: "customer", hash }]);
  if (owner === undefined) return false;
  if (owner.personId === (await canonicalOf(tx, shop.shopId, code.personId))) return true;
  const { friend } = await friendFacts(tx, shop.shopId, owner.personId);
  if (friend.hasRewardedReferral) return true;
  const history = await historyOf(tx, shop.shopId, owner.personId);
  return isExistingCustomer({
    history: {
      firstOrderAt: history.firstOrderAt?.getTime() ?? null,
      lastOrderAt: history.lastOrderAt?.getTime() ?? null,
    },
    before: now.getTime(),
    newCustomerDays: terms.newCustomerDays,
  });
}

async function isOverLimit(tx: Tx, asked: Asked, code: CodeRow): Promise<boolean> {
  const since = new Date(asked.now.getTime() - DAY_MS);
  const { device, prefixHash } = asked;
  const counts = await claimCounts(tx, { shopId: asked.shop.shopId, codeId: code.id, device, prefixHash, since });
  return (
    counts.device >= LIVE_CLAIMS_PER_DEVICE ||
    counts.prefix >= CLAIMS_PER_NETWORK_A_DAY ||
    counts.code >= CLAIMS_PER_CODE_A_DAY
  );
}

function labelsOf(asked: Asked): string[] {
  const { click, device, emailHash, prefixHash } = asked;
  return [
    `click:${click.clickId}`,
    ...(device === null ? [] : [`device:${device}`]),
    ...(emailHash === null ? [] : [`email:${emailHash}`]),
    ...(prefixHash === null ? [] : [`prefix:${prefixHash}`]),
  ];
}

/** What is promised, and as yet no code for it. */
function offerOf({ terms, from, locale }: Link) {
  const [referrer, friend] = [
    describeReward(terms.referrer, terms, locale),
    describeReward(terms.friend, terms, locale),
  ];
  const offer = { referrer, friend };
  return { outcome: "claimed", from, offer, welcomeCode: null, retry: false, emailFirst: false } as const;
}

function settled(result: ClaimWelcomeResult): Step {
  return { result, rings: false };
}

function refuse(reason: Refusal["reason"]): Refusal {
  return { outcome: "refused", reason };
}
