import { appendAudit } from "#app/data/audit.repo.ts";
import { ensureOpenCase } from "#app/data/cases.repo.ts";
import { ensureCurrency } from "#app/data/ledger.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { bookUse, isKnownUnbooked, lockRewardOfCode, usesOnOrder } from "#app/data/reward-uses.repo.ts";
import type { SpendableReward } from "#app/data/reward-uses.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { parseMoney } from "#app/domain/money/decimal.ts";
import { planUse } from "#app/domain/reward/use.ts";
import { newId } from "#app/platform/ids.ts";
import type { EventDeps, InboxEvent } from "./inbox-event.ts";
import { reverseRewardUse } from "./reverse-reward-use.ts";

type Use = {
  readonly shopId: string;
  readonly orderId: string;
  readonly isCancelled: boolean;
  readonly currency: string;
  readonly amount: string;
  readonly now: Date;
};

/**
 * Books the use of reward codes on an order, anybody's: what a code took off is redeemed, the rest is breakage, a coupon's
 * real cost is booked. Once per order and code, whichever event tells of it first and however often. A cancelled order is
 * booked and reversed, so that an event of before the cancellation that comes later finds it booked. What cannot be booked
 * is a case. A test order moves no money and books nothing.
 */
export async function recordRewardUse(
  deps: Pick<EventDeps, "pools" | "clock" | "ringOutbox">,
  event: Pick<InboxEvent<OrderFacts>, "shopId" | "facts">,
): Promise<void> {
  const { shopId, facts } = event;
  const discounts = new Map((facts.discounts ?? []).map(({ code, amount }) => [code, amount]));
  if (facts.test || discounts.size === 0) return;
  const { orderId, currency } = facts;
  const isCancelled = facts.cancelledAt !== null;
  await retryRaces(() =>
    inShop(deps.pools, shopId, async (tx) => {
      const now = deps.clock.now();
      // In one order for all, so that two events of one order cannot wait for each other.
      for (const [code, amount] of [...discounts].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
        const reward = await lockRewardOfCode(tx, shopId, code);
        if (reward !== null) await recordUse(tx, reward, { shopId, orderId, isCancelled, currency, amount, now });
      }
    }),
  );
  if (isCancelled) deps.ringOutbox(shopId);
}

async function recordUse(tx: Tx, reward: SpendableReward, use: Use): Promise<void> {
  const { shopId, orderId, now } = use;
  const entries = await usesOnOrder(tx, shopId, reward.id, orderId);
  if (entries.length === 0) await book(tx, reward, use);
  if (use.isCancelled) await reverseRewardUse(tx, reward, { shopId, orderId, now });
}

async function book(tx: Tx, reward: SpendableReward, use: Use): Promise<void> {
  const { shopId, orderId, now } = use;
  const currency = parseCurrency(use.currency);
  if (currency === null) return ask(tx, reward, use, "discount_unreadable");
  const parsed = parseMoney(use.amount, currency, await ensureCurrency(tx, shopId, currency));
  if (parsed.outcome !== "ok") return ask(tx, reward, use, "discount_unreadable");
  const plan = planUse(reward, { amountMinor: parsed.money.minor, currency });
  if (plan.outcome === "ask") return ask(tx, reward, use, plan.concern);
  const { amountMinor } = plan;
  const { id: rewardId, code } = reward;
  await bookUse(tx, { shopId, rewardId, orderId, code, amountMinor, currency, now });
  const detail = { orderId, amountMinor: String(amountMinor), currency };
  const entry = { id: newId(), shopId, at: now, actor: "worker", action: "reward.redeemed", subject: rewardId };
  await appendAudit(tx, { ...entry, detail });
  if (plan.concern !== null) await ask(tx, reward, use, plan.concern);
}

/** Tells a person of a use that the ledger cannot hold, once per order. */
async function ask(tx: Tx, reward: SpendableReward, use: Use, reason: string): Promise<void> {
  const { shopId, orderId, now } = use;
  if (await isKnownUnbooked(tx, shopId, reward.id, orderId)) return;
  const { referralId, personId } = reward;
  const caseId = await ensureOpenCase(tx, { shopId, kind: "conflict", referralId, personId, reason, now });
  const entry = { id: newId(), shopId, at: now, actor: "worker", action: "reward.use_unbooked", subject: reward.id };
  const detail = { orderId, reason, amount: use.amount, currency: use.currency, caseId };
  await appendAudit(tx, { ...entry, detail });
}
