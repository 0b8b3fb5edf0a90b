import type { Tx } from "#app/data/tenant.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import { wordSettings } from "#app/data/words.repo.ts";
import type { WordSettings } from "#app/data/words.repo.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { AppError } from "#app/platform/errors.ts";

/** @returns the terms in force and what is set about words. @throws AppError `shop_unknown` before the first terms */
export async function activeTermsOf(tx: Tx, shopId: string): Promise<{ terms: Terms; settings: WordSettings }> {
  const current = await currentTerms(tx, shopId);
  if (current === null) throw new AppError("shop_unknown");
  return { terms: current.terms, settings: await wordSettings(tx, shopId) };
}
