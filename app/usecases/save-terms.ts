import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { RaceLost, retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import { currentTerms, insertTerms } from "#app/data/terms.repo.ts";
import { mergeTerms } from "#app/domain/terms/merge-terms.ts";
import type { TermsProblem } from "#app/domain/terms/problems.ts";
import { termsToJson } from "#app/domain/terms/terms-json.ts";
import type { Clock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";

export type SaveTermsResult =
  | { readonly outcome: "saved" | "unchanged"; readonly version: number }
  | { readonly outcome: "invalid"; readonly problems: readonly TermsProblem[] };

/**
 * Lays a merchant's change over the terms in force and keeps the result as a new version. Codes that are out already
 * keep the version they were minted under.
 *
 * @param input.patch partial terms in their public JSON form (`contract`: amounts as decimal text); anything at all is safe
 * @param input.actor the subject of the staff member's session token
 */
export async function saveTerms(
  deps: { pools: Pools; clock: Clock },
  input: { shopId: string; patch: unknown; actor: string },
): Promise<SaveTermsResult> {
  return retryRaces(() =>
    inShop(deps.pools, input.shopId, async (tx): Promise<SaveTermsResult> => {
      const now = deps.clock.now();
      const current = await currentTerms(tx, input.shopId);
      if (current === null) throw new AppError("shop_unknown");
      const merged = mergeTerms(current.terms, input.patch);
      if (merged.outcome === "invalid") return merged;
      if (JSON.stringify(termsToJson(merged.terms)) === JSON.stringify(termsToJson(current.terms)))
        return { outcome: "unchanged", version: current.version };
      const version = current.version + 1;
      const isOurs = await insertTerms(tx, { shopId: input.shopId, version, terms: merged.terms, now });
      if (!isOurs) throw new RaceLost("another version of the terms was saved first");
      const audit = {
        id: newId(),
        shopId: input.shopId,
        at: now,
        actor: input.actor,
        action: "terms.saved",
        subject: null,
      };
      await appendAudit(tx, { ...audit, detail: { version } });
      return { outcome: "saved", version };
    }),
  );
}
