import { countCodes, parentFor } from "#app/data/discount-parents.repo.ts";
import { lockRewards, markCodesSending } from "#app/data/rewards.repo.ts";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { usageLimitCounts } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { expiryFor, parentDiscountKey } from "#app/domain/reward/reward-expiry.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { codeOfReward, planCode } from "./fulfil-code.ts";
import type { CodeWork } from "./fulfil-code.ts";
import { rewardIdOf } from "./fulfil-reward.ts";
import type { FulfilDeps } from "./fulfil-reward.ts";
import { CODES_AT_ONCE_MAX, placeCodes } from "./place-codes.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import { issueRewards } from "./reward-outcome.ts";
import { formOf, loadTermsFor, planOf } from "./reward-plan.ts";
import type { RewardPlan } from "./reward-plan.ts";
import { afterTrouble } from "./verdicts.ts";

/** What becomes of rows that were worked on together; the others come to their own runs. */
export type TogetherVerdicts = ReadonlyMap<string, Extract<WorkVerdict, { outcome: "done" | "again" }>>;

type Sent = { readonly row: OutboxWork; readonly rewardId: string; readonly work: CodeWork };

/**
 * Gives many rewards of one shop at once, those that are plain codes: one transaction writes all of them down, one call for
 * each discount adds their codes, one transaction says that they are there. As `fulfilReward` does it for one: what is
 * written down first is found again whatever fails. A reward that the shop refuses or that is in doubt, is of another
 * kind or needs a discount to itself is left out, and has a run of its own.
 *
 * @param rows outbox rows of the topic `reward.fulfil`
 */
export async function fulfilCodes(
  deps: FulfilDeps,
  shopId: string,
  rows: readonly OutboxWork[],
): Promise<TogetherVerdicts> {
  const shop = await deps.shops.byId(shopId);
  if (shop === null || rows.length < 2) return new Map();
  const sent = await inShop(deps.pools, shopId, (tx) => prepareAll(tx, shop, rows, deps.clock.now()));
  const verdicts = new Map<string, Extract<WorkVerdict, { outcome: "done" | "again" }>>();
  for (const group of groupsOf(sent)) {
    for (const [rowId, verdict] of await fulfilGroup(deps, shop, group)) verdicts.set(rowId, verdict);
  }
  return verdicts;
}

/** Writes down the codes of all rewards that can go together, and the discounts they go under. */
async function prepareAll(tx: Tx, shop: KnownShop, rows: readonly OutboxWork[], now: Date): Promise<Sent[]> {
  const { shopId } = shop;
  if ((await usageLimitCounts(tx, shopId)) === "discount") return [];
  const rowOf = new Map(rows.map((row) => [rewardIdOf(row, "fulfil:"), row]));
  rowOf.delete(null);
  const plans = await plansOf(tx, shop, await lockRewards(tx, shopId, [...rowOf.keys()].map(String)));
  const drafts = plans.map((plan) => {
    const code = codeOfReward(shop, plan.reward);
    const expiresAt = plan.reward.expiresAt ?? new Date(expiryFor(now.getTime(), plan.offer.expiresAfterDays));
    return { plan, code, expiresAt };
  });
  await markCodesSending(
    tx,
    shopId,
    drafts.map(({ plan, code, expiresAt }) => ({ rewardId: plan.reward.id, code, expiresAt })),
  );
  const sent: Sent[] = [];
  for (const group of Map.groupBy(drafts, ({ plan, expiresAt }) => keyOf(plan, expiresAt)).values()) {
    const [{ plan, code, expiresAt }] = group as [(typeof group)[number]]; // a group has a member
    const key = { shopId, termsVersion: plan.terms.version, side: plan.reward.side, expiresAt, rewardId: null };
    const parent = await parentFor(tx, { ...key, id: newId(), firstCode: code, now });
    for (const draft of group) {
      const row = rowOf.get(draft.plan.reward.id);
      invariant(row !== undefined, "the rewards were looked up by the rows that name them");
      const facts = { code: draft.code, expiresAt: draft.expiresAt, isAlone: false, onlyFor: null, now };
      const work: CodeWork = { form: "code", parentId: parent.id, plan: planCode(draft.plan, parent, facts) };
      sent.push({ row, rewardId: draft.plan.reward.id, work });
    }
  }
  return sent;
}

/** How each reward is given; only of those that are codes like every other of their side. */
async function plansOf(tx: Tx, shop: KnownShop, rewards: readonly RewardRow[]): Promise<RewardPlan[]> {
  const plans: RewardPlan[] = [];
  for (const [termsVersion, sameTerms] of Map.groupBy(rewards, (reward) => reward.termsVersion)) {
    const terms = await loadTermsFor(tx, shop.shopId, { termsVersion });
    for (const reward of sameTerms) {
      const plan = planOf(shop, reward, terms);
      const isPlain = reward.kind !== "welcome" && plan.outcome === "give" && !plan.isOdd;
      if (isPlain && formOf(plan.kind) === "code") plans.push(plan);
    }
  }
  return plans;
}

function keyOf(plan: RewardPlan, expiresAt: Date): string {
  const { terms, reward } = plan;
  return parentDiscountKey({ termsVersion: terms.version, side: reward.side, expiresAt: expiresAt.getTime() });
}

function groupsOf(sent: readonly Sent[]): [Sent, ...Sent[]][] {
  return [...Map.groupBy(sent, ({ work }) => work.parentId).values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / CODES_AT_ONCE_MAX) }, (_, index) => {
      const some = group.slice(index * CODES_AT_ONCE_MAX, (index + 1) * CODES_AT_ONCE_MAX);
      return some as [Sent, ...Sent[]]; // the slices are as many as it takes, so none is empty
    }),
  );
}

async function fulfilGroup(
  deps: FulfilDeps,
  shop: KnownShop,
  group: readonly [Sent, ...Sent[]],
): Promise<TogetherVerdicts> {
  const { shopId } = shop;
  const [first, ...others] = group;
  const placed = await placeCodes(deps, shop, [first.work.plan, ...others.map(({ work }) => work.plan)]);
  const verdicts = new Map<string, Extract<WorkVerdict, { outcome: "done" | "again" }>>();
  const given: { rewardId: string; externalId: string }[] = [];
  for (const { row, rewardId, work } of group) {
    const what = placed.get(work.plan.code);
    if (what === undefined || what.outcome === "refused") continue;
    if (what.outcome === "placed") given.push({ rewardId, externalId: what.externalId });
    verdicts.set(
      row.id,
      what.outcome === "placed"
        ? { outcome: "done", externalId: what.externalId }
        : afterTrouble(deps.clock.now(), row.attempts, what),
    );
  }
  const issued = await inShop(deps.pools, shopId, async (tx) => {
    const firstTime = await issueRewards(tx, { shopId, given, now: deps.clock.now() });
    await countCodes(tx, shopId, first.work.parentId, firstTime.length);
    return firstTime.length;
  });
  if (issued > 0) deps.ringer.ring("outbox", shopId);
  return verdicts;
}
