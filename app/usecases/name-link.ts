import { appendAudit } from "#app/data/audit.repo.ts";
import { activeCodeOf, claimAlias, codeByText } from "#app/data/codes.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { isProfane } from "#app/domain/code/profanity.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

export type NameLinkResult =
  | { readonly outcome: "named" | "known"; readonly alias: string }
  | { readonly outcome: "refused"; readonly reason: "not_a_name" | "unwanted_word" | "taken" | "no_active_code" };

/**
 * Gives a customer's link another name that leads to the same code: "dan-and-mara". The name is unique in the shop; the
 * code stays and goes on working. Names only identify, they are never owned by somebody else's code.
 */
export async function nameLink(
  deps: { pools: Pools; clock: Clock },
  input: { shopId: string; personId: string; name: string; actor: string },
): Promise<NameLinkResult> {
  const { shopId, personId, actor } = input;
  const alias = normaliseCode(input.name);
  if (alias === null) return { outcome: "refused", reason: "not_a_name" };
  if (isProfane(alias.replaceAll("-", ""))) return { outcome: "refused", reason: "unwanted_word" };
  return inShop(deps.pools, shopId, async (tx): Promise<NameLinkResult> => {
    const now = deps.clock.now();
    const code = await activeCodeOf(tx, shopId, personId);
    if (code === null) return { outcome: "refused", reason: "no_active_code" };
    const added = await addName(tx, { shopId, alias, codeId: code.id, now });
    if (added === "taken") return { outcome: "refused", reason: "taken" };
    if (added === "known") return { outcome: "known", alias };
    // The name itself may be a person's: the record keeps that there is one, and whose code it leads to.
    await appendAudit(tx, { id: newId(), shopId, at: now, actor, action: "code.named", subject: code.id });
    return { outcome: "named", alias };
  });
}

/** Lets a text lead to a code, unless it leads to another one already; the primary key decides between two at once. */
export async function addName(
  tx: Tx,
  args: { shopId: string; alias: string; codeId: string; now: Date },
): Promise<"added" | "known" | "taken"> {
  const standing = await codeByText(tx, args.shopId, args.alias);
  if (standing !== null) return standing.id === args.codeId ? "known" : "taken";
  return (await claimAlias(tx, args)) ? "added" : "taken";
}
