import { lockReferrals } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { judgeReferrals, passedFirst, recordJudgements } from "./judge-referrals.ts";
import { payReferrals } from "./pay-referrals.ts";
import type { OutboxWork } from "./ports.ts";
import { keepLearned, orderEvidenceOf, seenOf, strangersFirst } from "./referral-work.ts";
import type { OpenWork, WorkWithEvidence } from "./referral-work.ts";
import { whetherDue } from "./settle-referral.ts";
import type { SettleDeps } from "./settle-referral.ts";
import { withEvidence } from "./with-evidence.ts";
import type { DoneTogether } from "./with-evidence.ts";
import { isForeign, standingOf, weighPayouts } from "./weigh-payout.ts";

/**
 * Settles many referrals of one shop at once, those that are plainly payable: due, read, unchanged since, passed by the
 * screen. Shopify is asked about several with one call, the database about all of them with one statement of each kind, and
 * each is paid by the same guarded statement as alone. Every other referral is left to `settleReferral`, which holds, rejects
 * or waits.
 *
 * @param rows outbox rows of the topic `referral.settle`
 */
export async function settleReferrals(
  deps: SettleDeps,
  shopId: string,
  rows: readonly OutboxWork[],
): Promise<DoneTogether> {
  const now = deps.clock.now();
  const isDue = (work: OpenWork): boolean => whetherDue(deps, work, now) === "due";
  const done = await withEvidence(deps, { shopId, rows, isWanted: isDue }, (shop, read) =>
    retryRaces(() => inShop(deps.pools, shopId, (tx) => settleAll(tx, deps, shop, read))),
  );
  if (done.size > 0) deps.ringOutbox(shopId);
  return done;
}

/** @returns the referrals that were settled */
async function settleAll(
  tx: Tx,
  deps: SettleDeps,
  shop: KnownShop,
  read: readonly WorkWithEvidence[],
): Promise<ReadonlySet<string>> {
  const { shopId } = shop;
  const now = deps.clock.now();
  const apart = await strangersFirst(tx, shop, read);
  await keepLearned(tx, deps.keys, shop, apart);
  const ids = apart.map(({ work }) => work.referral.id);
  const referrals = new Map((await lockReferrals(tx, shopId, ids)).map((referral) => [referral.id, referral]));
  const standing = apart.flatMap((one) => {
    const referral = referrals.get(one.work.referral.id);
    return referral !== undefined && standingOf(one.work, referral) === "as_loaded" ? [{ ...one, referral }] : [];
  });
  const answers = await weighPayouts(tx, shop, standing, now);
  const payable = standing.flatMap((one, n) => {
    const answer = answers[n];
    return answer?.outcome === "payable" && !isForeign(one.work, one.evidence)
      ? [{ ...one, decidedOn: answer.decidedOn }]
      : [];
  });
  const judged = await judgeReferrals(
    tx,
    shopId,
    payable.map(({ work, evidence, referral, decidedOn }) => {
      const order = orderEvidenceOf(work, referral, evidence);
      return { referral, terms: work.terms, order, seen: seenOf(work, evidence), decidedOn };
    }),
  );
  const passed = passedFirst(judged);
  await recordJudgements(tx, { shopId, phase: "payout", now }, passed);
  const { flowTrigger } = deps;
  const settled = await payReferrals(
    tx,
    { shopId, flowTrigger, now },
    passed.map(({ asked }) => asked),
  );
  return new Set(settled.keys());
}
