import type { ClaimedClick } from "#app/data/claims.repo.ts";
import { clickRecords, embedSeenAt, recreateClicks } from "#app/data/clicks.repo.ts";
import type { ClickRecord } from "#app/data/clicks.repo.ts";
import { codesByText } from "#app/data/codes.repo.ts";
import { canonicalOfEach } from "#app/data/people-of-many.repo.ts";
import type { ReferralEvidence } from "#app/data/referral-evidence.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import type { Carrier, ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { isCampaignOpen } from "#app/domain/terms/terms.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { openClickToken } from "#app/platform/click-token.ts";
import type { ClickTokenFacts } from "#app/platform/click-token.ts";
import { invariant } from "#app/platform/errors.ts";
import type { Keys } from "#app/platform/keys.ts";

const EMBED_HEARD_WITHIN_MS = 48 * 3_600_000;
const CLAIM_CARRIERS: ReadonlySet<Carrier> = new Set(["claim", "welcome_code"]);

/** A click token as it reached us, and by which way. */
export type CarriedToken = { readonly token: string; readonly carrier: Carrier };

/**
 * Turns tokens that a browser, a cart or an order carried into evidence: opened, of this shop, with what is known of
 * their codes. A token that we did not make is no evidence and is passed over.
 */
export async function evidenceOf(
  tx: Tx,
  args: { keys: Keys; shopId: string; carried: readonly CarriedToken[] },
): Promise<ClickEvidence[]> {
  return (await evidenceOfEach(tx, { ...args, carried: [args.carried] })).flat();
}

/** As `evidenceOf`, of what many carried. @returns the evidence that each of them carried, in the order given */
export async function evidenceOfEach(
  tx: Tx,
  args: { keys: Keys; shopId: string; carried: readonly (readonly CarriedToken[])[] },
): Promise<ClickEvidence[][]> {
  const { keys, shopId } = args;
  const clicks = args.carried.map((tokens) =>
    tokens.flatMap(({ token, carrier }): CarriedClick[] => {
      const opened = openClickToken(keys, token);
      if (opened.outcome !== "genuine" || opened.facts.shopId !== shopId) return [];
      return [{ ...opened.facts, carrier, claim: null }];
    }),
  );
  const evidence = await evidenceOfClicks(tx, shopId, clicks.flat());
  return clicks.map((some) => evidence.splice(0, some.length));
}

/** Turns claims into evidence of the taps that they were made with; the claim's own device is the one that counts. */
export async function evidenceOfClaims(
  tx: Tx,
  shopId: string,
  claims: readonly ClaimedClick[],
  carrier: "welcome_code" | "claim",
): Promise<ClickEvidence[]> {
  const clicks = claims.map((claim): CarriedClick => {
    const { clickId, clickedAt, expiresAt, codeText } = claim;
    return { codeText, clickId, issuedAt: clickedAt, expiresAt, flags: 0, carrier, claim };
  });
  return evidenceOfClicks(tx, shopId, clicks);
}

/** A click that something carried; `claim`: with whose browser and cart, where it was claimed. */
type CarriedClick = Omit<ClickTokenFacts, "shopId"> & {
  readonly carrier: Carrier;
  readonly claim: FriendsBrowser | null;
};

/** @returns as much evidence, in the same order */
async function evidenceOfClicks(tx: Tx, shopId: string, clicks: readonly CarriedClick[]): Promise<ClickEvidence[]> {
  if (clicks.length === 0) return [];
  const known = await lookUp(tx, shopId, clicks);
  return clicks.map((click) => evidenceOfClick(click, known));
}

type Known = Awaited<ReturnType<typeof lookUp>>;

/** Reads what is known of the codes and the rows of clicks, and how the shop stands. */
async function lookUp(tx: Tx, shopId: string, clicks: readonly CarriedClick[]) {
  const texts = clicks.map(({ codeText }) => normaliseCode(codeText)).filter((text) => text !== null);
  const codes = await codesByText(tx, shopId, texts);
  const owners = [...codes.values()].map(({ personId }) => personId);
  const pinned = new Map<number, Terms>();
  for (const { termsVersion } of codes.values())
    pinned.set(termsVersion, await termsOfVersion(tx, shopId, termsVersion));
  const keys = clicks.map(({ issuedAt, clickId }) => ({ clickedAt: issuedAt, clickId }));
  const records = await clickRecords(tx, shopId, keys);
  const asksForEmbed = clicks.some(({ carrier, clickId }) => isUnconfirmed(carrier, records.get(clickId)));
  return {
    codes,
    canonical: await canonicalOfEach(tx, shopId, owners),
    pinned,
    current: await currentTerms(tx, shopId),
    records,
    embedSeenAt: asksForEmbed ? await embedSeenAt(tx, shopId) : null,
  };
}

function evidenceOfClick(click: CarriedClick, known: Known): ClickEvidence {
  const { carrier, claim } = click;
  const code = known.codes.get(normaliseCode(click.codeText) ?? "") ?? null;
  const pinned = code === null ? undefined : known.pinned.get(code.termsVersion);
  const referrerPerson = code === null ? null : known.canonical.get(code.personId);
  invariant(referrerPerson !== undefined, "whoever has a code is a person of the shop");
  const { current } = known;
  const record = known.records.get(click.clickId);
  const clickedAt = click.issuedAt.getTime();
  return {
    clickId: click.clickId,
    code: code?.code ?? click.codeText,
    codeId: code?.id ?? null,
    referrerPerson,
    clickedAt,
    expiresAt: click.expiresAt.getTime(),
    flags: click.flags,
    device: claim === null ? (record?.device ?? null) : claim.device,
    carrier,
    codeState: code?.state ?? "unknown",
    codeRetiredReason: code?.retiredReason ?? null,
    codeRetiredAt: code?.retiredAt?.getTime() ?? null,
    // Dates are pinned with the code; the pause is a switch for everything, whatever version a code pins.
    campaignOpenAtClick:
      pinned !== undefined &&
      current !== null &&
      isCampaignOpen({ ...pinned, paused: current.terms.paused }, clickedAt),
    isOwnersClick: false,
    cartTokenHash: claim === null ? null : claim.cartTokenHash,
    isUnseen: isUnconfirmed(carrier, record) && wasEmbedOn(known.embedSeenAt, clickedAt),
    newCustomerDays: pinned?.newCustomerDays ?? null,
  };
}

/** A landing page tells of a tap without anybody having seen the page. */
function isUnconfirmed(carrier: Carrier, record: ClickRecord | undefined): boolean {
  return carrier === "landing_site" && record?.seenAt == null;
}

/** The script tells of itself as long as links are tapped: heard from around the click, it would have confirmed it. */
function wasEmbedOn(seenAt: Date | null, clickedAt: number): boolean {
  return seenAt !== null && Math.abs(seenAt.getTime() - clickedAt) < EMBED_HEARD_WITHIN_MS;
}

/** A click that won, and what the friend signed up or ordered with. */
export type WonClick = { readonly winner: ClickEvidence; readonly browser: FriendsBrowser };

/**
 * Copies winning clicks for their referrals, and writes their rows anew from the tokens where the door lost them.
 * @returns as many copies, in the same order
 */
export async function keepEvidence(tx: Tx, shopId: string, won: readonly WonClick[]): Promise<ReferralEvidence[]> {
  const keys = won.map(({ winner }) => ({ ...winner, clickedAt: new Date(winner.clickedAt) }));
  const records = await clickRecords(tx, shopId, keys);
  const lost = keys.filter(({ clickId }) => !records.has(clickId));
  await recreateClicks(tx, shopId, lost);
  return won.map(({ winner, browser }) => {
    const record = records.get(winner.clickId);
    return {
      clickId: winner.clickId,
      code: winner.code,
      clickedAt: winner.clickedAt,
      carrier: winner.carrier,
      source: record === undefined ? "token_only" : "row",
      referrerHost: record?.referrerHost ?? null,
      isBareClaim: CLAIM_CARRIERS.has(winner.carrier) && !isSameBrowser(winner, browser),
    };
  });
}

/** What a friend's event tells of the browser it was made in; null where nothing does. */
export type FriendsBrowser = { readonly device: string | null; readonly cartTokenHash: string | null };

function isSameBrowser(winner: ClickEvidence, { device, cartTokenHash }: FriendsBrowser): boolean {
  return (
    (device !== null && winner.device === device) || (cartTokenHash !== null && winner.cartTokenHash === cartTokenHash)
  );
}
