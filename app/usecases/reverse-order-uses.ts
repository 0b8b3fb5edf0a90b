import { appendAudit } from "#app/data/audit.repo.ts";
import { ensureOpenCase } from "#app/data/cases.repo.ts";
import { reverseWelcomeCosts, rewardCodesOn, standingWelcomeCosts } from "#app/data/order-uses.repo.ts";
import { referralOfOrder } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { lockRewardOfCode } from "#app/data/reward-uses.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { EventDeps } from "./inbox-event.ts";
import { reverseRewardUse } from "./reverse-reward-use.ts";

type Order = { readonly shopId: string; readonly orderId: string; readonly now: Date };

/**
 * Takes back what welcome codes cost on an order that was cancelled or deleted, entry by entry, once. Shopify counts the code
 * as used all the same, so its owner may be due another: a person is asked.
 */
export async function reverseWelcomeUse(tx: Tx, { shopId, orderId, now }: Order): Promise<void> {
  const costs = await standingWelcomeCosts(tx, shopId, orderId);
  if (costs.length === 0) return;
  const referralId = (await referralOfOrder(tx, shopId, orderId))?.id ?? null;
  const reason = "welcome_order_cancelled";
  const caseId = await ensureOpenCase(tx, { shopId, kind: "conflict", referralId, personId: null, reason, now });
  await reverseWelcomeCosts(tx, { shopId, costs, caseId, now });
  const entry = { id: newId(), shopId, at: now, actor: "worker", action: "welcome.use_reversed", subject: referralId };
  await appendAudit(tx, { ...entry, detail: { orderId, caseId } });
}

/** An order was deleted: whatever codes took off it is taken back, as when it had been cancelled. */
export async function reverseOrderUses(
  deps: Pick<EventDeps, "pools" | "clock" | "ringOutbox">,
  order: { shopId: string; orderId: string },
): Promise<void> {
  const { shopId, orderId } = order;
  await retryRaces(() =>
    inShop(deps.pools, shopId, async (tx) => {
      const now = deps.clock.now();
      await reverseWelcomeUse(tx, { shopId, orderId, now });
      for (const code of await rewardCodesOn(tx, shopId, orderId)) {
        const reward = await lockRewardOfCode(tx, shopId, code);
        invariant(reward !== null, "a use on the books is of a code on the books");
        await reverseRewardUse(tx, reward, { shopId, orderId, now });
      }
    }),
  );
  deps.ringOutbox(shopId);
}
