import { codeById } from "#app/data/codes.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import type { Keys } from "#app/platform/keys.ts";
import { codeIdOf, learnOwner } from "#app/usecases/meet-owner.ts";
import type { OutboxWork, ShopifyAdmin, WorkVerdict } from "#app/usecases/ports.ts";
import { ensureDraft } from "./ensure-draft.ts";
import type { EnsureDraftDeps } from "./ensure-draft.ts";
import { inviteAsk, inviteFacts } from "./invite-words.ts";

export type WriteInviteDeps = EnsureDraftDeps & {
  readonly keys: Keys;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
};

/**
 * Has the model write the invite of a new link, after the customer has it: the template was in the answer already. What is not
 * known of the customer yet, name and language, is asked of Shopify first.
 */
export async function writeInvite(deps: WriteInviteDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const codeId = codeIdOf(row);
  if (codeId === null) return { outcome: "dead", reason: "no_code_named" };
  const shop = await deps.shops.byId(shopId);
  if (shop === null || deps.words === null) return { outcome: "done" };
  // Words do without what Shopify cannot be asked for just now.
  if (row.attempts === 1) await learnOwner(deps, shop, codeId);
  const step = await ensureDraft(deps, { shopId, kind: "invite", subjectId: codeId }, async (tx) => {
    const code = await codeById(tx, shopId, codeId);
    if (code === null || code.state !== "active") return null;
    const terms = await termsOfVersion(tx, shopId, code.termsVersion);
    const of = { shop, code, terms, now: deps.clock.now() };
    return inviteAsk(of, await inviteFacts(tx, deps.keys, of));
  });
  return step.outcome === "wait" ? { outcome: "again", at: step.until, reason: "being_written" } : { outcome: "done" };
}
