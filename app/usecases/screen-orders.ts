import { lockReferrals } from "#app/data/referrals.repo.ts";
import { keepSnapshots } from "#app/data/order-snapshots.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { judgeReferrals, passedFirst, recordJudgements } from "./judge-referrals.ts";
import type { OutboxWork } from "./ports.ts";
import { keepLearned, orderEvidenceOf, seenOf, strangersFirst } from "./referral-work.ts";
import type { ReferralWorkDeps, WorkWithEvidence } from "./referral-work.ts";
import { isRiskAwaited, snapshotOf } from "./screen-order.ts";
import { withEvidence } from "./with-evidence.ts";
import type { DoneTogether } from "./with-evidence.ts";

/**
 * Screens many referrals of one shop at once when their orders are known, those that are pending and that the screen passes.
 * One that is to be held or rejected, has a case already or has to wait is left to `screenOrder`.
 *
 * @param rows outbox rows of the topic `referral.screen`
 */
export async function screenOrders(
  deps: ReferralWorkDeps,
  shopId: string,
  rows: readonly OutboxWork[],
): Promise<DoneTogether> {
  return withEvidence(deps, { shopId, rows, isWanted: ({ referral }) => referral.state === "PENDING" }, (shop, read) =>
    retryRaces(() => inShop(deps.pools, shopId, (tx) => screenAll(tx, deps, shop, read))),
  );
}

/** @returns the referrals that were passed */
async function screenAll(
  tx: Tx,
  deps: ReferralWorkDeps,
  shop: KnownShop,
  read: readonly WorkWithEvidence[],
): Promise<ReadonlySet<string>> {
  const { shopId } = shop;
  const now = deps.clock.now();
  const apart = await strangersFirst(tx, shop, read);
  const ready = apart.filter(({ work, evidence }) => !isRiskAwaited(work, evidence, now));
  await keepLearned(tx, deps.keys, shop, ready);
  const ids = ready.map(({ work }) => work.referral.id);
  const referrals = new Map((await lockReferrals(tx, shopId, ids)).map((referral) => [referral.id, referral]));
  const judged = await judgeReferrals(
    tx,
    shopId,
    ready.flatMap(({ work, evidence }) => {
      const referral = referrals.get(work.referral.id);
      if (referral?.state !== "PENDING") return [];
      const [order, seen] = [orderEvidenceOf(work, referral, evidence), seenOf(work, evidence)];
      return [{ referral, terms: work.terms, order, seen, snapshot: snapshotOf(work, referral, evidence) }];
    }),
  );
  const passed = passedFirst(judged);
  const snapshots = passed.map(({ asked }) => asked.snapshot).filter((snapshot) => snapshot !== null);
  await keepSnapshots(tx, shopId, snapshots);
  await recordJudgements(tx, { shopId, phase: "open", now }, passed);
  return new Set(passed.map(({ asked }) => asked.referral.id));
}
