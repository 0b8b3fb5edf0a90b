import { appendAudit } from "#app/data/audit.repo.ts";
import { retireActiveCode } from "#app/data/codes.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { openReferralsOfCode, voidReferral } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

export type RetireReason = "abuse" | "customer_left" | "replaced" | "merchant";
export type RetireCodeResult =
  { readonly outcome: "retired"; readonly voided: number } | { readonly outcome: "no_active_code" };

/**
 * Retires a person's code: it still redirects and never attributes again. For abuse its open referrals end too; for any
 * other reason they run on.
 */
export async function retireCode(
  deps: { pools: Pools; clock: Clock },
  input: { shopId: string; personId: string; reason: RetireReason; actor: string },
): Promise<RetireCodeResult> {
  const { shopId, reason, actor } = input;
  return inShop(deps.pools, shopId, async (tx): Promise<RetireCodeResult> => {
    const now = deps.clock.now();
    const codeId = await retireActiveCode(tx, { shopId, personId: input.personId, reason });
    if (codeId === null) return { outcome: "no_active_code" };
    await appendAudit(tx, {
      id: newId(),
      shopId,
      at: now,
      actor,
      action: "code.retired",
      subject: codeId,
      detail: { reason },
    });
    const open = reason === "abuse" ? await openReferralsOfCode(tx, shopId, codeId) : [];
    for (const referralId of open) {
      await voidReferral(tx, { shopId, referralId, to: "VOIDED", reason: "code_retired_for_abuse", now, actor });
    }
    return { outcome: "retired", voided: open.length };
  });
}
