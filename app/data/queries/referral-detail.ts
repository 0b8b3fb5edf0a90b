import { isObject } from "#app/domain/json/read.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { ClickView, DecisionView, ReferralDetailView, SideRewardView } from "#app/read-models.ts";
import { forShop } from "../prisma.ts";
import { firstNameOf } from "./first-name.ts";
import { firedRules, openCaseOf } from "./open-cases.ts";
import type { QueryDeps } from "./raw.ts";
import { isoOrNull, isUuid, shortIdOf, worthView } from "./raw.ts";
import type { DecisionRow, DetailRow, SideRow, WeighedRow } from "./referral-rows.ts";
import { auditRows, codeTexts, decisionRows, detailRow, noteRows, sideRows, weighedRows } from "./referral-rows.ts";
import { timelineOf } from "./timeline.ts";

/** One referral with all that is on record about it; null when this shop has no such referral. */
export async function referralDetail(
  deps: QueryDeps,
  input: { shopId: string; id: string; now: Date },
): Promise<ReferralDetailView | null> {
  const { shopId, id } = input;
  if (!isUuid(id)) return null;
  return forShop(deps.prisma, shopId, async (tx) => {
    const [referral] = await detailRow(tx, shopId, id);
    if (referral === undefined) return null;
    const weighed = await weighedRows(tx, { shopId, id, friendPerson: referral.friendPerson });
    const decisions = await decisionRows(tx, shopId, id);
    const winner = winnerOf(referral, weighed);
    const clickedAt = winner?.clickedAt == null ? null : new Date(winner.clickedAt);
    const audit = await auditRows(tx, shopId, id);
    const notes = await noteRows(tx, shopId, id);
    return {
      ...headOf(referral, deps.keys, shopId),
      winner,
      losers: losersOf(
        weighed,
        new Map((await codeTexts(tx, shopId, losingCodes(weighed))).map((row) => [row.id, row.code])),
      ),
      rewards: (await sideRows(tx, shopId, id)).map((row) => sideView(row, referral)),
      decision: decisionView(decisions.at(-1)),
      openCase: await openCaseOf(tx, deps.keys, { shopId, referralId: id, now: input.now }),
      timeline: timelineOf({ referral, clickedAt, decisions, audit, notes }),
    };
  });
}

function headOf(row: DetailRow, keys: Keys, shopId: string) {
  return {
    id: row.id,
    shortId: shortIdOf(row.id),
    code: row.code,
    friend: firstNameOf(keys, shopId, { profileEnc: row.friendEnc, profileKeyWrapped: row.friendKey }),
    referrer: firstNameOf(keys, shopId, { profileEnc: row.referrerEnc, profileKeyWrapped: row.referrerKey }),
    openedAt: row.openedAt.toISOString(),
    decidedAt: isoOrNull(row.decidedAt),
    termsVersion: row.termsVersion,
    orderId: row.orderId,
    paidAt: isoOrNull(row.paidAt),
    state: row.state,
    reason: row.reason,
    hasOrder: row.orderId !== null,
    eligibleAt: isoOrNull(row.eligibleAt),
    expiresAt: row.expiresAt.toISOString(),
  };
}

/** The winning click as the referral keeps it; the attribution fills in a carrier that the copy lacks. */
function winnerOf(referral: DetailRow, weighed: readonly WeighedRow[]): ClickView | null {
  if (!isObject(referral.evidence)) return null;
  const { clickedAt, code, carrier } = referral.evidence;
  const opener = weighed.find((row) => row.isOpener);
  return {
    carrier: typeof carrier === "string" ? carrier : (opener?.carrier ?? "link"),
    clickedAt:
      typeof clickedAt === "string" || typeof clickedAt === "number" ? new Date(clickedAt).toISOString() : null,
    code: typeof code === "string" ? code : referral.code,
    reason: null,
  };
}

/** Ids of the codes whose taps lost. */
function losingCodes(weighed: readonly WeighedRow[]): string[] {
  const losers = weighed.flatMap(({ losers: some }) => (Array.isArray(some) ? some : []));
  return losers.flatMap((loser: unknown) =>
    isObject(loser) && typeof loser["codeId"] === "string" ? [loser["codeId"]] : [],
  );
}

/** Every click that was weighed for the friend and did not win, once each, with its reason. */
function losersOf(weighed: readonly WeighedRow[], codes: ReadonlyMap<string, string>): ClickView[] {
  const byClick = new Map<string, ClickView>();
  for (const row of weighed) {
    for (const loser of Array.isArray(row.losers) ? row.losers : []) {
      if (!isObject(loser) || typeof loser["reason"] !== "string") continue;
      const key =
        typeof loser["clickId"] === "string" ? loser["clickId"] : `${row.at.toISOString()} ${loser["reason"]}`;
      const { carrier, clickedAt, codeId } = loser;
      byClick.set(key, {
        carrier: typeof carrier === "string" ? carrier : row.event,
        clickedAt: typeof clickedAt === "number" ? new Date(clickedAt).toISOString() : null,
        code: typeof codeId === "string" ? (codes.get(codeId) ?? null) : null,
        reason: loser["reason"],
      });
    }
  }
  return [...byClick.values()];
}

function sideView(row: SideRow, referral: DetailRow): SideRewardView {
  const unpaid = referral.state === "PENDING" || referral.state === "HELD" ? "promised" : "cancelled";
  return {
    side: row.side === 1 ? "referrer" : "friend",
    worth: worthView(row, { kind: row.kind, amount: row.termsAmount, currency: row.currency, exponent: row.exponent }),
    status: row.status ?? unpaid,
    code: row.code,
    expiresAt: isoOrNull(row.expiresAt),
  };
}

function decisionView(row: DecisionRow | undefined): DecisionView | null {
  if (row === undefined) return null;
  return {
    at: row.at.toISOString(),
    occasion: row.phase === "payout" ? "before the payout" : "when the referral opened",
    verdict: row.verdict,
    score: row.score,
    ruleset: row.ruleset,
    rules: firedRules(row.rules),
  };
}
