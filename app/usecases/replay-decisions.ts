import { decisionsAfter } from "#app/data/decisions.repo.ts";
import type { DecisionRow } from "#app/data/decisions.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { replayDecision } from "#app/domain/screen/replay.ts";
import type { Replay } from "#app/domain/screen/replay.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";

const PAGE = 500;
const ODD_ONES_KEPT_MAX = 100;

/** A decision that did not come out as it was stored. */
export type OddReplay = {
  readonly decisionId: string;
  readonly referralId: string;
  readonly replay: Exclude<Replay, { readonly outcome: "same" }>;
};

export type ReplayReport = {
  readonly replayed: number;
  readonly same: number;
  readonly differing: number;
  readonly unreadable: number;
  /** The first hundred. */
  readonly odd: readonly OddReplay[];
};

/**
 * Decides anew every stored decision of a shop, or of one referral, on the features it was made on, by the rules of its time
 * and the terms that its referral pins. Nothing but what is stored is looked at, and nothing is written.
 */
export async function replayDecisions(
  deps: { readonly pools: Pools },
  input: { readonly shopId: string; readonly referralId?: string },
): Promise<ReplayReport> {
  const { shopId, referralId = null } = input;
  const terms = new Map<number, Terms>();
  const counts = { same: 0, differs: 0, unreadable: 0 };
  const odd: OddReplay[] = [];
  let afterId: string | null = null;
  for (;;) {
    const from = afterId;
    const page: Judged[] = await inShop(deps.pools, shopId, async (tx) => {
      const rows = await decisionsAfter(tx, { shopId, referralId, afterId: from, limit: PAGE });
      for (const { termsVersion } of rows)
        if (!terms.has(termsVersion)) terms.set(termsVersion, await termsOfVersion(tx, shopId, termsVersion));
      return rows.map((row) => ({ row, replay: replayOf(row, terms.get(row.termsVersion)) }));
    });
    for (const { row, replay } of page) {
      counts[replay.outcome] += 1;
      if (replay.outcome !== "same" && odd.length < ODD_ONES_KEPT_MAX)
        odd.push({ decisionId: row.id, referralId: row.referralId, replay });
    }
    const last = page.at(-1);
    if (last === undefined) break;
    afterId = last.row.id;
  }
  const { same, differs: differing, unreadable } = counts;
  return { replayed: same + differing + unreadable, same, differing, unreadable, odd };
}

type Judged = { readonly row: DecisionRow; readonly replay: Replay };

function replayOf(row: DecisionRow, terms: Terms | undefined): Replay {
  invariant(terms !== undefined, "the terms of each decision were just read");
  return replayDecision({ ...row, settings: terms.screen });
}
