import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { ReviewInput, ReviewResult } from "#app/usecases/review-case.ts";
import { reviewCase } from "#app/usecases/review-case.ts";
import type { CaseView } from "./journeys.ts";
import { bind, buy, casesOf, COOLING_OFF_MS, DAN, HOUR_MS, mintCode, tap } from "./journeys.ts";
import type { UseCaseOptions, UseCases } from "./usecases.ts";
import { buildUseCases } from "./usecases.ts";

const SECOND_MS = 1_000;

export type RewardView = {
  id: string;
  kind: string;
  side: 1 | 2;
  status: string;
  amount: bigint;
  remaining: bigint;
  code: string | null;
  person: string;
  referral: string;
  replaces: string | null;
};

/** A shop whose friends are rewarded after their first order too, so that a payout makes a reward on each side. */
export function buildRewardingShop(
  db: { pools: UseCases["pools"]; databaseUrl: string },
  options: UseCaseOptions = {},
): Promise<UseCases> {
  return buildUseCases(db, { ...options, terms: { friend: { when: "after_first_order" }, ...options.terms } });
}

/** Dan brings a friend, who buys; the cooling-off passes, both are rewarded, and their codes are there. */
export async function rewardFriend(
  world: UseCases,
  friend: { customerId: string; orderId: string },
): Promise<{ referrer: RewardView; friend: RewardView }> {
  const code = await mintCode(world, DAN);
  await bind(world, friend.customerId, [tap(world, code)]);
  world.clock.skip(HOUR_MS / 2);
  await buy(world, friend);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const made = (await rewardsOf(world)).filter((reward) => reward.status === "owed");
  for (const { id, side } of made) await issue(world, id, `CODE${friend.orderId}S${side}`);
  const [referral] = await world.query<{ id: string }>("SELECT id FROM referrals WHERE qualifying_order = $1", [
    friend.orderId,
  ]);
  const rewards = (await rewardsOf(world)).filter((reward) => reward.referral === referral?.id);
  const [first, second] = rewards;
  if (first === undefined || second === undefined) throw new Error(`${rewards.length} rewards`);
  return { referrer: first, friend: second };
}

/** The reward's code exists in the shop. */
async function issue(world: UseCases, rewardId: string, code: string): Promise<void> {
  const discountId = "gid://shopify/DiscountCodeNode/1";
  await world.query("UPDATE rewards SET status = 'issued', code = $2, external_id = $3 WHERE id = $1", [
    rewardId,
    code,
    discountId,
  ]);
  world.shopify.codes.set(code, discountId);
}

/** The whole of a code is used on an order. */
export async function useCode(world: UseCases, reward: RewardView): Promise<void> {
  await world.query(
    `WITH used AS (
       INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id, debit_account, debit_type,
              credit_account, credit_type, unit, amount, order_id, code, created_at)
       SELECT w.shop_id, gen_random_uuid(), 4, 'redeem', w.referral_id, w.id, w.account_id, 'reward_liability', a.id, a.type,
              w.unit, w.remaining, 8001, w.code, $2
         FROM rewards w JOIN ledger_accounts a ON a.shop_id = w.shop_id AND a.type = 'redeemed' AND a.unit = w.unit
        WHERE w.id = $1 RETURNING reward_id)
     UPDATE rewards SET status = 'redeemed' WHERE id IN (SELECT reward_id FROM used)`,
    [reward.id, world.clock.now()],
  );
}

/** Every reward of the shop, the referrer's first, oldest first. */
export function rewardsOf(world: UseCases): Promise<RewardView[]> {
  return world.query<RewardView>(
    `SELECT id, kind, side, status, amount, remaining, code, person_id AS person, referral_id AS referral, replaces
       FROM rewards ORDER BY created_at, side, id`,
  );
}

/** A second later money goes back for an order. */
export async function refund(
  world: UseCases,
  change: { orderId: string; refundId?: string; amount: string; currency?: string },
): Promise<void> {
  const { refundId = "1", currency = "GBP" } = change;
  world.clock.skip(SECOND_MS);
  const at = world.clock.now().getTime();
  const facts: InboxFacts = { kind: "refund", ...change, refundId, currency, at, full: null };
  await world.deliver("refunds/create", facts);
  await world.work();
}

/** The one open case of the shop. */
export async function openCaseOf(world: UseCases): Promise<CaseView> {
  const [open, ...others] = (await casesOf(world)).filter((each) => each.state === "open");
  if (open === undefined || others.length > 0) throw new Error("not exactly one open case");
  return open;
}

/** A second later a person decides on a case as they saw it. */
export function decide(
  world: UseCases,
  on: Pick<CaseView, "id" | "version">,
  choice: Pick<ReviewInput, "intent"> & Partial<ReviewInput>,
): Promise<ReviewResult> {
  world.clock.skip(SECOND_MS);
  const form = { caseId: on.id, version: on.version, reason: null, note: null, actor: "7001", ...choice };
  return reviewCase(world, { shopId: world.shopId, ...form });
}
