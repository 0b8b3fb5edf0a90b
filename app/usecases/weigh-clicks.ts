import type { ClaimedClick } from "#app/data/claims.repo.ts";
import { clickRecord, embedSeenAt, recreateClick } from "#app/data/clicks.repo.ts";
import { codeByText } from "#app/data/codes.repo.ts";
import { canonicalOf } from "#app/data/people.repo.ts";
import type { ReferralEvidence } from "#app/data/referral-evidence.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import type { Carrier, ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { isCampaignOpen } from "#app/domain/terms/terms.ts";
import { openClickToken } from "#app/platform/click-token.ts";
import type { ClickTokenFacts } from "#app/platform/click-token.ts";
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
  const evidence: ClickEvidence[] = [];
  for (const { token, carrier } of args.carried) {
    const opened = openClickToken(args.keys, token);
    if (opened.outcome !== "genuine" || opened.facts.shopId !== args.shopId) continue;
    evidence.push(await evidenceOfClick(tx, args.shopId, opened.facts, carrier));
  }
  return evidence;
}

/** Turns claims into evidence of the taps that they were made with; the claim's own device is the one that counts. */
export async function evidenceOfClaims(
  tx: Tx,
  shopId: string,
  claims: readonly ClaimedClick[],
  carrier: "welcome_code" | "claim",
): Promise<ClickEvidence[]> {
  const evidence: ClickEvidence[] = [];
  for (const { clickId, clickedAt, expiresAt, codeText, device, cartTokenHash } of claims) {
    const click = { shopId, codeText, clickId, issuedAt: clickedAt, expiresAt, flags: 0 };
    evidence.push({ ...(await evidenceOfClick(tx, shopId, click, carrier)), device, cartTokenHash });
  }
  return evidence;
}

async function evidenceOfClick(
  tx: Tx,
  shopId: string,
  click: ClickTokenFacts,
  carrier: Carrier,
): Promise<ClickEvidence> {
  const text = normaliseCode(click.codeText);
  const code = text === null ? null : await codeByText(tx, shopId, text);
  const pinned = code === null ? null : await termsOfVersion(tx, shopId, code.termsVersion);
  const current = await currentTerms(tx, shopId);
  const record = await clickRecord(tx, { shopId, clickedAt: click.issuedAt, clickId: click.clickId });
  const clickedAt = click.issuedAt.getTime();
  return {
    clickId: click.clickId,
    code: code?.code ?? click.codeText,
    codeId: code?.id ?? null,
    referrerPerson: code === null ? null : await canonicalOf(tx, shopId, code.personId),
    clickedAt,
    expiresAt: click.expiresAt.getTime(),
    flags: click.flags,
    device: record?.device ?? null,
    carrier,
    codeState: code?.state ?? "unknown",
    codeRetiredReason: code?.retiredReason ?? null,
    codeRetiredAt: code?.retiredAt?.getTime() ?? null,
    // Dates are pinned with the code; the pause is a switch for everything, whatever version a code pins.
    campaignOpenAtClick:
      pinned !== null && current !== null && isCampaignOpen({ ...pinned, paused: current.terms.paused }, clickedAt),
    isOwnersClick: false,
    cartTokenHash: null,
    isUnseen: carrier === "landing_site" && record?.seenAt == null && (await wasEmbedOn(tx, shopId, clickedAt)),
    newCustomerDays: pinned?.newCustomerDays ?? null,
  };
}

/** The script tells of itself as long as links are tapped: heard from around the click, it would have confirmed it. */
async function wasEmbedOn(tx: Tx, shopId: string, clickedAt: number): Promise<boolean> {
  const seenAt = await embedSeenAt(tx, shopId);
  return seenAt !== null && Math.abs(seenAt.getTime() - clickedAt) < EMBED_HEARD_WITHIN_MS;
}

/**
 * Copies the winning click for the referral, and writes its row anew from the token where the door lost it.
 *
 * @param browser what the friend signed up or ordered with
 */
export async function keepEvidence(
  tx: Tx,
  shopId: string,
  winner: ClickEvidence,
  browser: FriendsBrowser,
): Promise<ReferralEvidence> {
  const key = { shopId, clickedAt: new Date(winner.clickedAt), clickId: winner.clickId };
  const record = await clickRecord(tx, key);
  if (record === null) await recreateClick(tx, { ...key, codeId: winner.codeId, flags: winner.flags });
  return {
    clickId: winner.clickId,
    code: winner.code,
    clickedAt: winner.clickedAt,
    carrier: winner.carrier,
    source: record === null ? "token_only" : "row",
    referrerHost: record?.referrerHost ?? null,
    isBareClaim: CLAIM_CARRIERS.has(winner.carrier) && !isSameBrowser(winner, browser),
  };
}

/** What a friend's event tells of the browser it was made in; null where nothing does. */
export type FriendsBrowser = { readonly device: string | null; readonly cartTokenHash: string | null };

function isSameBrowser(winner: ClickEvidence, { device, cartTokenHash }: FriendsBrowser): boolean {
  return (
    (device !== null && winner.device === device) || (cartTokenHash !== null && winner.cartTokenHash === cartTokenHash)
  );
}
