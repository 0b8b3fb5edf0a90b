import { appendAudit } from "#app/data/audit.repo.ts";
import { activeCodeOf, codeByText } from "#app/data/codes.repo.ts";
import { canonicalOf, ownersOfKeys } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import { readImportedLines } from "#app/domain/code/imported-lines.ts";
import type { ImportedLine } from "#app/domain/code/imported-lines.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { claimNewCode } from "./mint-link.ts";
import { addName } from "./name-link.ts";

export type ImportProblem =
  Extract<ImportedLine, { outcome: "unreadable" }>["reason"] | "unknown_customer" | "taken" | "currency_changed";
export type ImportCodesResult =
  | {
      readonly outcome: "checked" | "imported";
      /** Lines that were read, the heading and empty ones left out. */
      readonly lines: number;
      /** Names that now lead to a code, or would. */
      readonly added: number;
      /** Names that led to that customer's code already. */
      readonly known: number;
      /** Customers who got a link of ours by it. */
      readonly minted: number;
      readonly problems: readonly { readonly line: number; readonly text: string; readonly reason: ImportProblem }[];
    }
  | { readonly outcome: "refused"; readonly reason: "too_many_lines" | "nothing_to_read" };

/** Ends the transaction of a check, so that nothing of it stays. */
class OnlyChecked extends Error {}

type Counts = {
  added: number;
  known: number;
  minted: number;
  problems: { line: number; text: string; reason: ImportProblem }[];
};

/**
 * Brings links of another programme over: each line's old code leads to its customer's link from then on, and a customer
 * who has none gets one under the terms in force. What cannot be taken is told line by line and hinders no other line. The
 * whole is one transaction; a check is the same transaction, undone. Doing it again changes nothing.
 */
export async function importCodes(
  deps: { pools: Pools; clock: Clock },
  input: { shop: KnownShop; text: string; checkOnly: boolean; actor: string },
): Promise<ImportCodesResult> {
  const lines = readImportedLines(input.text);
  if (lines === null) return { outcome: "refused", reason: "too_many_lines" };
  if (lines.length === 0) return { outcome: "refused", reason: "nothing_to_read" };
  const { shop, checkOnly, actor } = input;
  const { shopId } = shop;
  let counts: Counts = { added: 0, known: 0, minted: 0, problems: [] };
  try {
    await retryRaces(() =>
      inShop(deps.pools, shopId, async (tx) => {
        const now = deps.clock.now();
        counts = { added: 0, known: 0, minted: 0, problems: [] };
        for (const line of lines) await take(tx, shop, line, counts, now);
        if (checkOnly) throw new OnlyChecked();
        const detail = {
          added: counts.added,
          known: counts.known,
          minted: counts.minted,
          refused: counts.problems.length,
        };
        await appendAudit(tx, { id: newId(), shopId, at: now, actor, action: "codes.imported", subject: null, detail });
      }),
    );
  } catch (error) {
    if (!(error instanceof OnlyChecked)) throw error;
  }
  return { outcome: checkOnly ? "checked" : "imported", lines: lines.length, ...counts };
}

async function take(tx: Tx, shop: KnownShop, line: ImportedLine, counts: Counts, now: Date): Promise<void> {
  const { shopId } = shop;
  const refuse = (reason: ImportProblem): void =>
    void counts.problems.push({ line: line.line, text: line.text, reason });
  if (line.outcome === "unreadable") return refuse(line.reason);
  const hash = shop.keyring.person(line.owner.kind, line.owner.value);
  const [owner] = await ownersOfKeys(tx, shopId, [{ kind: line.owner.kind, hash }]);
  if (owner === undefined) return refuse("unknown_customer");
  const standing = await codeByText(tx, shopId, line.code);
  const isOthers = standing !== null && (await canonicalOf(tx, shopId, standing.personId)) !== owner.personId;
  if (isOthers) return refuse("taken");
  const code = await codeFor(tx, shop, owner.personId, now);
  if (code === null) return refuse("currency_changed");
  counts.minted += code.isNew ? 1 : 0;
  const added = await addName(tx, { shopId, alias: line.code, codeId: code.id, now });
  // Somebody else's name at this moment: begun again, the whole import finds it standing.
  assertWon(added !== "taken", "a name was taken meanwhile");
  counts[added] += 1;
}

/** The customer's link, or a new one; null while the terms are in another currency than the shop. */
async function codeFor(
  tx: Tx,
  shop: KnownShop,
  personId: string,
  now: Date,
): Promise<{ id: string; isNew: boolean } | null> {
  const { shopId } = shop;
  const existing = await activeCodeOf(tx, shopId, personId);
  if (existing !== null) return { id: existing.id, isNew: false };
  const current = await currentTerms(tx, shopId);
  invariant(current !== null, "a shop that is known has terms");
  if (current.terms.currency !== shop.currency) return null;
  const claimed = await claimNewCode(tx, { shopId, personId, termsVersion: current.version, now });
  const made = await activeCodeOf(tx, shopId, personId);
  invariant(made !== null, "whoever claimed it, the person has a code now");
  return { id: made.id, isNew: claimed.outcome === "minted" };
}
