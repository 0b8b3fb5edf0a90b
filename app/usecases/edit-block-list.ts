import { appendAudit } from "#app/data/audit.repo.ts";
import { insertBlock, removeBlock } from "#app/data/block-list.repo.ts";
import { codeById, codeByText } from "#app/data/codes.repo.ts";
import { canonicalOf, personExists } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import type { BlockKind } from "#app/domain/screen/features.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

type EditDeps = { readonly pools: Pools; readonly clock: Clock };

export type AddBlockInput = {
  readonly shopId: string;
  readonly kind: BlockKind;
  /** A person's id, a code's id or its text, or a domain as somebody typed it. */
  readonly subject: string;
  readonly reason: string;
  readonly actor: string;
};

export type AddBlockResult =
  | { readonly outcome: "added"; readonly id: string }
  | { readonly outcome: "already_listed" }
  /** The shop knows no such person or code, or this is no domain. */
  | { readonly outcome: "not_found" }
  | { readonly outcome: "reason_missing" };

const REASON_CHARACTERS_MAX = 500;
const DOMAIN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/;
const DOMAIN_CHARACTERS_MAX = 253;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Puts a person, a code or a domain on the merchant's block list: from now on the screen blocks every open referral that has to
 * do with it, at the latest when it would be paid. What was paid stays paid.
 */
export async function addToBlockList(deps: EditDeps, input: AddBlockInput): Promise<AddBlockResult> {
  const { shopId, kind, actor } = input;
  const reason = input.reason.trim().slice(0, REASON_CHARACTERS_MAX);
  if (reason === "") return { outcome: "reason_missing" };
  const now = deps.clock.now();
  return inShop(deps.pools, shopId, async (tx) => {
    const subject = await subjectOf(tx, input);
    if (subject === null) return { outcome: "not_found" };
    const id = newId();
    const isAdded = await insertBlock(tx, { shopId, id, kind, subject, reason, addedBy: actor, addedAt: now });
    if (!isAdded) return { outcome: "already_listed" };
    const entry = { id: newId(), shopId, at: now, actor, action: "block.added", subject: id };
    await appendAudit(tx, { ...entry, detail: { kind, subject, reason } });
    return { outcome: "added", id };
  });
}

/** Takes an entry off the block list. Referrals that it has ended stay ended; a rejected one can be undone by its case. */
export async function removeFromBlockList(
  deps: EditDeps,
  input: { shopId: string; id: string; actor: string },
): Promise<{ readonly outcome: "removed" | "not_found" }> {
  const now = deps.clock.now();
  return inShop(deps.pools, input.shopId, async (tx) => {
    const removed = await removeBlock(tx, { ...input, now });
    if (removed === null) return { outcome: "not_found" };
    const entry = { id: newId(), shopId: input.shopId, at: now, actor: input.actor, action: "block.removed" };
    await appendAudit(tx, { ...entry, subject: input.id, detail: removed });
    return { outcome: "removed" };
  });
}

async function subjectOf(tx: Tx, { shopId, kind, subject }: AddBlockInput): Promise<string | null> {
  const typed = subject.trim().toLowerCase();
  switch (kind) {
    case "person":
      return UUID.test(typed) && (await personExists(tx, shopId, typed)) ? canonicalOf(tx, shopId, typed) : null;
    case "code":
      return codeIdOf(tx, shopId, typed);
    case "domain": {
      const domain = typed
        .replace(/^(?:https?:\/\/)?(?:www\.)?/, "")
        .replace(/[/?#].*$/, "")
        .replace(/^@/, "");
      return DOMAIN.test(domain) && domain.length <= DOMAIN_CHARACTERS_MAX ? domain : null;
    }
  }
}

async function codeIdOf(tx: Tx, shopId: string, typed: string): Promise<string | null> {
  if (UUID.test(typed)) return (await codeById(tx, shopId, typed)) === null ? null : typed;
  const text = normaliseCode(typed);
  return text === null ? null : ((await codeByText(tx, shopId, text))?.id ?? null);
}
