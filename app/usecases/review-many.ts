import type { Pools } from "#app/data/pools.ts";
import type { Clock } from "#app/platform/clock.ts";
import { rehearseReview, reviewCase } from "./review-case.ts";
import type { ReviewInput, ReviewResult } from "./review-case.ts";

export type ReviewManyInput = Pick<ReviewInput, "shopId" | "reason" | "note" | "actor"> & {
  readonly intent: "approve" | "reject";
  /** Each at the version that the reviewer saw. */
  readonly cases: readonly { readonly caseId: string; readonly version: number }[];
  /** Only say what would happen. */
  readonly dryRun: boolean;
};

export type ReviewedOne = { readonly caseId: string; readonly result: ReviewResult };

/**
 * Decides several cases alike, one after the other and each by itself: what one of them refuses stops no other. A dry run
 * answers the same and changes nothing.
 */
export async function reviewMany(
  deps: { pools: Pools; clock: Clock; ringOutbox: (shopId: string) => void },
  input: ReviewManyInput,
): Promise<readonly ReviewedOne[]> {
  const { shopId, intent, reason, note, actor } = input;
  const reviewed: ReviewedOne[] = [];
  for (const { caseId, version } of input.cases) {
    const one = { shopId, caseId, version, intent, reason, note, actor };
    const result = input.dryRun ? await rehearseReview(deps, one) : await reviewCase(deps, one);
    reviewed.push({ caseId, result });
  }
  return reviewed;
}
