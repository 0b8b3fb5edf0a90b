import { appendAudit } from "#app/data/audit.repo.ts";
import { wasApproved } from "#app/data/cases.repo.ts";
import { ensureBudget, ensureReferrerCap } from "#app/data/ledger.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { canonicalOf, isSamePerson, ownersOfKeys } from "#app/data/people.repo.ts";
import { keepSnapshot, lockReferral, payOut, voidReferral } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import { usedWelcomeRewards } from "#app/data/rewards.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import { orderFromSnapshot } from "#app/domain/referral/order-snapshot.ts";
import { payability } from "#app/domain/referral/payability.ts";
import type { Payability } from "#app/domain/referral/payability.ts";
import { assertNever } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { dropOrder } from "./convert-referral.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import { payableOrderOf, readEvidence, riskOf } from "./read-evidence.ts";
import type { ShopifyEvidence } from "./read-evidence.ts";
import { keepLearned, loadOpenWork, seenOf, shopifySaysBoughtBefore } from "./referral-work.ts";
import type { OpenWork, ReferralWorkDeps } from "./referral-work.ts";
import { holdForReview, screenReferral } from "./screen-referral.ts";
import { setOff } from "./set-off.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

/** While payouts stand still, a due referral looks again this often. */
const PAUSED_AGAIN_MS = 5 * 60_000;
const UNREADABLE_SINCE = "unreadableSince";
/** Why a referral is held whose order is in another currency than its terms. */
const FOREIGN_ORDER = "currency_changed";
/** Drops that end the referral for good instead of waiting for another order. */
const FINAL_REASONS: ReadonlySet<string> = new Set(["other_customer"]);

export type SettleDeps = ReferralWorkDeps & {
  readonly payoutsPaused: boolean;
  /** Whether merchants' workflows may start with a rewarded referral. */
  readonly flowTrigger: boolean;
};

/**
 * Settles a referral whose cooling-off has passed (outbox topic `referral.settle`): reads the order anew, screens once
 * more, and pays by one guarded statement. One of the two use cases that may move a reward. Twenty at once pay once.
 *
 * @param deps.payoutsPaused the switch for all shops; a shop's own is in the statement
 */
export async function settleReferral(deps: SettleDeps, row: OutboxWork): Promise<WorkVerdict> {
  const work = await loadOpenWork(deps, row);
  if (work === null || work.referral.state !== "PENDING") return { outcome: "done" };
  const { shop, referral } = work;
  const now = deps.clock.now();
  if (referral.eligibleAt === null) return { outcome: "done" };
  if (referral.eligibleAt > now) return { outcome: "again", at: referral.eligibleAt, reason: "cooling_off" };
  if (deps.payoutsPaused || shop.payoutsPaused !== null)
    return againLater(now, row.attempts, "payouts_paused", PAUSED_AGAIN_MS);
  const read = await readEvidence(deps.admin.forShop(shop.shopId, shop.domain), {
    orderId: referral.qualifyingOrder,
    friendCustomerId: work.friendCustomerId,
    referrerCustomerId: work.referrerCustomerId,
  });
  const evidence = read.outcome === "ok" ? read.evidence : null;
  const verdict = await retryRaces(() => inShop(deps.pools, shop.shopId, (tx) => settle(tx, deps, work, evidence)));
  deps.ringOutbox(shop.shopId);
  if (verdict === "settled") return { outcome: "done" };
  return read.outcome === "ok" || read.outcome === "refused"
    ? againLater(now, row.attempts, "not_payable_yet")
    : againAfterTrouble(now, row.attempts, read);
}

async function settle(
  tx: Tx,
  deps: SettleDeps,
  work: OpenWork,
  evidence: ShopifyEvidence | null,
): Promise<"settled" | "later"> {
  const { shopId } = work.shop;
  const now = deps.clock.now();
  if (evidence !== null) await keepLearned(tx, deps.keys, work, evidence);
  const referral = await lockReferral(tx, shopId, work.referral.id);
  const isAsRead = referral?.state === "PENDING" && referral.qualifyingOrder === work.referral.qualifyingOrder;
  if (referral === null || !isAsRead) return "settled";
  // Something happened to it while Shopify was being asked, a refund perhaps: what was read is out of date.
  if (referral.version !== work.referral.version) return "later";
  const answer = await weigh(tx, work, referral, evidence, now);
  switch (answer.outcome) {
    case "payable":
      if (isForeign(work, evidence) && !(await wasApproved(tx, shopId, referral.id, FOREIGN_ORDER))) {
        await holdForReview(tx, { shopId, referralId: referral.id, reason: FOREIGN_ORDER, now });
        return "settled";
      }
      return screenAndPay(tx, work, referral, {
        evidence,
        decidedOn: answer.decidedOn,
        flowTrigger: deps.flowTrigger,
        now,
      });
    case "not_yet":
      return "later";
    case "unknown":
      await noteUnreadable(tx, shopId, referral, answer.isExhausted ? null : now);
      if (!answer.isExhausted) return "later";
      await holdForReview(tx, { shopId, referralId: referral.id, reason: "evidence_missing", now });
      return "settled";
    case "reject":
      await endUnpayable(tx, work, referral, answer.reason, now);
      return "settled";
    default:
      return assertNever(answer);
  }
}

async function weigh(
  tx: Tx,
  work: OpenWork,
  referral: ReferralRow,
  evidence: ShopifyEvidence | null,
  now: Date,
): Promise<Payability> {
  const { terms } = work;
  const order = evidence?.order ?? null;
  const payable = order === null ? null : payableOrderOf(order, await ownerOf(tx, work, order.customerId), terms);
  return payability({
    read:
      payable === null
        ? { outcome: "unreadable", since: unreadableSince(referral) ?? now.getTime() }
        : { outcome: "read", order: payable },
    referral: {
      friendPerson: referral.friendPerson,
      orderAt: referral.orderAt?.getTime() ?? now.getTime(),
      paidAt: referral.paidAt?.getTime() ?? null,
      eligibleAt: referral.eligibleAt?.getTime() ?? null,
      snapshot: orderFromSnapshot(referral.orderSnapshot?.["payable"]),
    },
    // Money of two currencies is never compared: a person weighs such an order.
    minimumOrderMinor: isForeign(work, evidence) ? null : terms.minimumOrderMinor,
    now: now.getTime(),
  });
}

/** Whether the order is in another currency than the terms that its link keeps: the shop changed it in between. */
function isForeign({ terms }: OpenWork, evidence: ShopifyEvidence | null): boolean {
  const order = evidence?.order ?? null;
  return order !== null && order.currency !== terms.currency;
}

/** When the order could not be read for the first time: the day of asking again begins there, however late that is. */
function unreadableSince(referral: ReferralRow): number | null {
  const since = referral.orderSnapshot?.[UNREADABLE_SINCE];
  return typeof since === "number" ? since : null;
}

/** Keeps that moment, or forgets it (null) when a person takes over, who may have it asked for again. */
async function noteUnreadable(tx: Tx, shopId: string, referral: ReferralRow, now: Date | null): Promise<void> {
  const { qualifyingOrder, orderSnapshot } = referral;
  if (qualifyingOrder === null) return;
  const since = now === null ? null : (unreadableSince(referral) ?? now.getTime());
  const snapshot = { ...orderSnapshot, [UNREADABLE_SINCE]: since };
  await keepSnapshot(tx, { shopId, referralId: referral.id, orderId: qualifyingOrder, snapshot });
}

/** The person whom the order belongs to now; null where Shopify names no customer, or one we have not met. */
async function ownerOf(tx: Tx, work: OpenWork, customerId: string | null): Promise<string | null> {
  if (customerId === null) return null;
  const { shopId, keyring } = work.shop;
  const [owner] = await ownersOfKeys(tx, shopId, [{ kind: "customer", hash: keyring.person("customer", customerId) }]);
  const isMergedFriend =
    owner !== undefined && (await isSamePerson(tx, shopId, work.referral.friendPerson, owner.personId));
  return isMergedFriend ? work.referral.friendPerson : (owner?.personId ?? null);
}

/** Screens once more and pays. "later": the payouts were paused a moment ago, which only the statement itself has seen. */
async function screenAndPay(
  tx: Tx,
  work: OpenWork,
  referral: ReferralRow,
  payable: { evidence: ShopifyEvidence | null; decidedOn: "order" | "snapshot"; flowTrigger: boolean; now: Date },
): Promise<"settled" | "later"> {
  const { shopId } = work.shop;
  const { terms } = work;
  const { evidence, now } = payable;
  const order = {
    agentIsBot: referral.orderSnapshot?.["agentIsBot"] === true,
    riskRecommendation: riskOf(evidence?.order ?? null),
    boughtBefore: evidence === null ? null : shopifySaysBoughtBefore(work, evidence),
    evidenceMissing: false,
  };
  const seen = seenOf(work, evidence);
  const verdict = await screenReferral(tx, { shopId, referral, terms, phase: "payout", order, seen, now });
  if (verdict !== "pass") return "settled";
  const referrer = await canonicalOf(tx, shopId, referral.referrerPerson);
  await ensureReferrerCap(tx, { shopId, personId: referrer, capTotal: terms.capTotal, cap30Days: terms.cap30Days });
  await ensureBudgetInForce(tx, shopId, now);
  const state = await payOut(tx, { shopId, referralId: referral.id, now });
  if (state === "REWARDED") {
    await setOff(tx, { shopId, referralId: referral.id, now });
    await thankForUsedWelcome(tx, shopId, referral.id, now);
    if (payable.flowTrigger) await tellFlow(tx, shopId, referral.id, now);
  }
  if (state === "REWARDED" && payable.decidedOn === "snapshot") {
    const entry = { id: newId(), shopId, at: now, actor: "worker", action: "referral.decided_on_snapshot" };
    await appendAudit(tx, { ...entry, subject: referral.id, detail: { orderId: referral.qualifyingOrder } });
  }
  return state === null ? "later" : "settled";
}

/** A friend whose discount is used already has nothing to be sent but thanks; the other notes follow what they bring. */
async function thankForUsedWelcome(tx: Tx, shopId: string, referralId: string, now: Date): Promise<void> {
  for (const rewardId of await usedWelcomeRewards(tx, shopId, referralId)) {
    const payload = { rewardId };
    await enqueueOutbox(tx, {
      id: newId(),
      shopId,
      topic: "note.send",
      dedupeKey: `note:${rewardId}`,
      payload,
      nextAt: now,
      now,
    });
  }
}

async function tellFlow(tx: Tx, shopId: string, referralId: string, now: Date): Promise<void> {
  const work = { topic: "flow.trigger", dedupeKey: `flow:${referralId}`, payload: { referralId } } as const;
  await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
}

/** The budget is the shop's, whatever terms a code was minted under: that of the terms in force counts. */
async function ensureBudgetInForce(tx: Tx, shopId: string, now: Date): Promise<void> {
  const inForce = await currentTerms(tx, shopId);
  if (inForce === null) return;
  const { currency, budgetMonthMinor } = inForce.terms;
  await ensureBudget(tx, { shopId, unit: currency, capMinor: budgetMonthMinor, now });
}

/** The order earns nothing: another may count while the window lasts; some reasons end the referral at once. */
async function endUnpayable(tx: Tx, work: OpenWork, referral: ReferralRow, reason: string, now: Date): Promise<void> {
  const { shopId } = work.shop;
  if (FINAL_REASONS.has(reason)) {
    await voidReferral(tx, { shopId, referralId: referral.id, to: "REJECTED", reason, now, actor: "worker" });
    return;
  }
  const event = { shopId, facts: { orderId: work.referral.qualifyingOrder } };
  await dropOrder(tx, { event, referral, reason, now });
}
