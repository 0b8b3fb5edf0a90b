import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import { readShop } from "#app/data/shops.repo.ts";
import type { ShopRow } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { currentTerms, insertTerms } from "#app/data/terms.repo.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import type { CurrencyCode } from "#app/domain/money/currency.ts";
import { mergeTerms } from "#app/domain/terms/merge-terms.ts";
import { problem } from "#app/domain/terms/problems.ts";
import type { TermsProblem } from "#app/domain/terms/problems.ts";
import { missingScopes } from "#app/domain/terms/scopes.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { termsToJson } from "#app/domain/terms/terms-json.ts";
import type { Clock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { fillWhenLow } from "./welcome-pool.ts";

export type SaveTermsResult =
  | { readonly outcome: "saved" | "unchanged"; readonly version: number }
  | { readonly outcome: "invalid"; readonly problems: readonly TermsProblem[] };

const SIDES = ["referrer", "friend"] as const;

/**
 * Lays a merchant's change over the terms in force and keeps the result as a new version. Codes that are out already
 * keep the version they were minted under.
 *
 * @param input.patch partial terms in their public JSON form (`contract`: amounts as decimal text); anything at all is safe
 * @param input.actor the subject of the staff member's session token
 */
export async function saveTerms(
  deps: { pools: Pools; clock: Clock; ringOutbox: (shopId: string) => void },
  input: { shopId: string; patch: unknown; actor: string },
): Promise<SaveTermsResult> {
  const saved = await retryRaces(() =>
    inShop(deps.pools, input.shopId, async (tx): Promise<SaveTermsResult> => {
      const now = deps.clock.now();
      const current = await currentTerms(tx, input.shopId);
      const shop = await readShop(tx, input.shopId);
      if (current === null || shop === null) throw new AppError("shop_unknown");
      const merged = mergeTerms(current.terms, input.patch, unitOf(shop, current.terms));
      if (merged.outcome === "invalid") return merged;
      const problems = notAllowed(merged.terms, shop.scopes);
      if (problems.length > 0) return { outcome: "invalid", problems };
      if (isSame(merged.terms, current.terms)) return { outcome: "unchanged", version: current.version };
      const version = current.version + 1;
      const isOurs = await insertTerms(tx, { shopId: input.shopId, version, terms: merged.terms, now });
      assertWon(isOurs, "another version of the terms was saved first");
      const audit = {
        id: newId(),
        shopId: input.shopId,
        at: now,
        actor: input.actor,
        action: "terms.saved",
        subject: null,
      };
      await appendAudit(tx, { ...audit, detail: { version } });
      await fillWhenLow(tx, { shopId: input.shopId, termsVersion: version, terms: merged.terms, now });
      return { outcome: "saved", version };
    }),
  );
  if (saved.outcome === "saved") deps.ringOutbox(input.shopId);
  return saved;
}

/** What the shop counts in now, with the exponent that its ledger froze; the terms' own before Shopify was asked. */
function unitOf(shop: ShopRow, terms: Terms): { currency: CurrencyCode; exponent: number } {
  const currency = shop.currency === null ? null : parseCurrency(shop.currency);
  if (currency === null || shop.exponent === null || currency === terms.currency) return terms;
  return { currency, exponent: shop.exponent };
}

/** A promise that Shopify would not let the app keep is not made: the merchant is told which permission is missing. */
function notAllowed(terms: Terms, granted: string | null): TermsProblem[] {
  const lacking = SIDES.filter((side) => missingScopes(terms[side].kind, granted).length > 0);
  return lacking.map((side) => problem(`${side}.kind`, "scope_missing"));
}

function isSame(left: Terms, right: Terms): boolean {
  const text = (terms: Terms): string => JSON.stringify([terms.currency, termsToJson(terms)]);
  return text(left) === text(right);
}
