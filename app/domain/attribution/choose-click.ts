import type { AttributionFacts } from "./attribution-facts.ts";
import type { ClickEvidence } from "./click-evidence.ts";
import { carrierRank } from "./click-evidence.ts";
import type { InvalidReason } from "./click-validity.ts";
import { invalidReason } from "./click-validity.ts";

export type UnattributedReason = InvalidReason;
export type LoserReason = InvalidReason | "older_click";
/** A click that did not win: whose link it was, when it was made (epoch milliseconds), by which way it came, and why. */
export type Loser = Pick<ClickEvidence, "clickId" | "codeId" | "clickedAt" | "carrier"> & {
  readonly reason: LoserReason;
};
export type Attribution =
  | { readonly outcome: "attributed"; readonly winner: ClickEvidence; readonly losers: readonly Loser[] }
  | { readonly outcome: "unattributed"; readonly reason: UnattributedReason; readonly losers: readonly Loser[] };

type Weighed = { readonly click: ClickEvidence; readonly reason: InvalidReason | null };

/**
 * Decides whose click brought a friend: the newest valid one over all carriers, ties to the stronger carrier. Every other
 * click is a loser with its reason. Without a valid click nobody is credited, and the newest click says why. The answer does
 * not depend on the order of the evidence.
 */
export function chooseClick(facts: AttributionFacts): Attribution {
  const weighed = oncePerClick(
    facts.clicks.map((click) => ({ click, reason: invalidReason(click, facts) })).sort(byMerit),
  );
  const winner = weighed.find(({ reason }) => reason === null);
  const losers = weighed
    .filter((entry) => entry !== winner)
    .map(({ click, reason }): Loser => {
      const { clickId, codeId, clickedAt, carrier } = click;
      return { clickId, codeId, clickedAt, carrier, reason: reason ?? "older_click" };
    });
  if (winner === undefined) return { outcome: "unattributed", reason: weighed[0]?.reason ?? "no_token", losers };
  return { outcome: "attributed", winner: winner.click, losers };
}

/** Newest first; of equals the valid one, then the stronger carrier; ids last, so that the order is total. */
function byMerit(left: Weighed, right: Weighed): number {
  return (
    right.click.clickedAt - left.click.clickedAt ||
    Number(left.reason !== null) - Number(right.reason !== null) ||
    carrierRank(left.click.carrier) - carrierRank(right.click.carrier) ||
    compareText(left.click.clickId, right.click.clickId)
  );
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Keeps the first entry of each click; the list is in order of merit. */
function oncePerClick(weighed: readonly Weighed[]): readonly Weighed[] {
  const seen = new Set<string>();
  return weighed.filter(({ click }) => {
    if (seen.has(click.clickId)) return false;
    seen.add(click.clickId);
    return true;
  });
}
