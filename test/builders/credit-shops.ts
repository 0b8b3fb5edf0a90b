import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { scopesOfKind } from "#app/domain/terms/scopes.ts";
import { fulfilReward } from "#app/usecases/fulfil-reward.ts";
import type { FulfilDeps } from "#app/usecases/fulfil-reward.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import { learnProfile } from "#app/usecases/learn-profile.ts";
import type { WorkVerdict } from "#app/usecases/ports.ts";
import { saveTerms } from "#app/usecases/save-terms.ts";
import { earnRewards } from "./earned-rewards.ts";
import { buildShopifyDeps, grantShop } from "./installed-shop.ts";
import type { RunningSimulator } from "#simulator/server.ts";
import { createCustomer } from "#simulator/world/customers.ts";

export const CALL_TIMEOUT_MS = 300;
const RUNS_MAX = 60;

type Options = {
  readonly kind: "store_credit" | "gift_card";
  readonly pairs?: number;
  readonly currency?: string;
  readonly amount?: { readonly text: string; readonly minor: bigint };
};

/** An installed shop whose both sides earn store credit or gift cards, with paid referrals of customers it knows. */
export async function buildCreditShop(db: { pools: Pools }, simulator: RunningSimulator, options: Options) {
  const { kind, pairs = 1, currency = "GBP", amount = { text: "10.00", minor: 1000n } } = options;
  simulator.simulator.faults.clear();
  const deps = buildShopifyDeps(db.pools, simulator, { callTimeoutMs: CALL_TIMEOUT_MS });
  const granted = await grantShop(deps, simulator, { currency, scopes: scopesOfKind(kind) });
  const { shop, shopId } = granted;
  await installShop(deps, granted);
  const offer = { kind, amount: amount.text };
  const saved = await saveTerms(deps, {
    shopId,
    patch: { referrer: offer, friend: { ...offer, when: "after_first_order" } },
    actor: "test",
  });
  if (saved.outcome !== "saved") throw new Error(JSON.stringify(saved));
  const earned = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const rewards = await earnRewards(db.pools, shopId, { termsVersion: saved.version, amountMinor: amount.minor });
    for (const { personId } of [rewards.referrer, rewards.friend]) {
      const { id: customerId } = createCustomer(simulator.world, shop, { email: `${personId}@example.com` });
      await inShop(db.pools, shopId, (tx) =>
        learnProfile(tx, { keys: deps.keys, shopId, personId, learned: { customerId } }),
      );
    }
    earned.push(rewards);
  }
  return {
    deps,
    ...granted,
    earned,
    rewardIds: earned.flatMap((pair) => [pair.referrer.rewardId, pair.friend.rewardId]),
  };
}

export type CreditShop = Awaited<ReturnType<typeof buildCreditShop>>;

/** One run of the row that gives a reward. */
export function runFulfil(deps: FulfilDeps, shopId: string, rewardId: string, attempts = 1): Promise<WorkVerdict> {
  const row = { shopId, id: rewardId, topic: "reward.fulfil", dedupeKey: `fulfil:${rewardId}`, payload: {} };
  return fulfilReward(deps, { ...row, attempts, externalId: null });
}

/** Runs a row as the drain would, until it says something other than "again"; waits are skipped. */
export async function fulfilToEnd(deps: FulfilDeps, shopId: string, rewardId: string): Promise<WorkVerdict> {
  let nowMs = Date.now();
  for (let attempts = 1; attempts <= RUNS_MAX; attempts += 1) {
    const clock = { now: () => new Date(nowMs) };
    const verdict = await runFulfil({ ...deps, clock }, shopId, rewardId, attempts);
    if (verdict.outcome !== "again") return verdict;
    nowMs = Math.max(nowMs, verdict.at.getTime());
  }
  throw new Error("the row did not end");
}

/** What the app has on record of a shop's rewards, oldest first. */
export function rewardRows(
  db: { ownerPool: { query(sql: string, values: unknown[]): Promise<{ rows: RewardRecord[] }> } },
  shopId: string,
) {
  const sql = `SELECT id, status, form, code, external_id, expires_at, remaining::int AS remaining, sends FROM rewards WHERE shop_id = $1 ORDER BY id`;
  return db.ownerPool.query(sql, [shopId]).then(({ rows }) => rows);
}

export type RewardRecord = {
  id: string;
  status: string;
  form: string | null;
  code: string | null;
  external_id: string | null;
  expires_at: Date;
  remaining: number;
  sends: number;
};
