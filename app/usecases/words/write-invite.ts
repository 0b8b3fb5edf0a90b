import { codeById } from "#app/data/codes.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { isUuid } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { learnProfile, profileOf } from "#app/usecases/learn-profile.ts";
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
  const { shopId, payload } = row;
  const codeId = payload["codeId"];
  if (typeof codeId !== "string" || !isUuid(codeId)) return { outcome: "dead", reason: "no_code_named" };
  const shop = await deps.shops.byId(shopId);
  if (shop === null || deps.words === null) return { outcome: "done" };
  if (row.attempts === 1) await meetSender(deps, shop, codeId);
  const step = await ensureDraft(deps, { shopId, kind: "invite", subjectId: codeId }, async (tx) => {
    const code = await codeById(tx, shopId, codeId);
    if (code === null || code.state !== "active") return null;
    const terms = await termsOfVersion(tx, shopId, code.termsVersion);
    const of = { shop, code, terms, now: deps.clock.now() };
    return inviteAsk(of, await inviteFacts(tx, deps.keys, of));
  });
  return step.outcome === "wait" ? { outcome: "again", at: step.until, reason: "being_written" } : { outcome: "done" };
}

/** Words do without what Shopify cannot be asked for just now. */
async function meetSender(deps: WriteInviteDeps, shop: KnownShop, codeId: string): Promise<void> {
  const { shopId } = shop;
  const known = await inShop(deps.pools, shopId, async (tx) => {
    const code = await codeById(tx, shopId, codeId);
    if (code === null) return null;
    const profile = await profileOf(tx, { keys: deps.keys, shopId, personId: code.personId });
    return { personId: code.personId, profile };
  });
  const customerId = known?.profile.customerId ?? null;
  if (known === null || customerId === null) return;
  if (known.profile.firstName !== null && known.profile.locale !== null) return;
  const answer = await deps.admin.forShop(shopId, shop.domain).readCustomer(customerId);
  if (answer.outcome !== "ok") return;
  const { firstName, locale } = answer.customer;
  const learned = { firstName, locale };
  await inShop(deps.pools, shopId, (tx) =>
    learnProfile(tx, { keys: deps.keys, shopId, personId: known.personId, learned }),
  );
}
