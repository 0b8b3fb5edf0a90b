import { appendAudits } from "#app/data/audit.repo.ts";
import { ensureBudget, ensureReferrerCaps } from "#app/data/ledger.repo.ts";
import { enqueueAll } from "#app/data/outbox.repo.ts";
import type { NewWork } from "#app/data/outbox.repo.ts";
import { canonicalOfEach } from "#app/data/people-of-many.repo.ts";
import { payOut } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { usedWelcomeRewards } from "#app/data/rewards.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { setOff } from "./set-off.ts";

/** A referral that was found payable and was passed by the screen, both in this transaction. */
export type PayableReferral = {
  readonly referral: ReferralRow;
  readonly terms: Terms;
  readonly decidedOn: "order" | "snapshot";
};

type Paying = {
  readonly shopId: string;
  /** Whether merchants' workflows may start with a rewarded referral. */
  readonly flowTrigger: boolean;
  readonly now: Date;
};

/**
 * Pays referrals of one shop, each by the one guarded statement that may, and does what follows from it: rewards that are
 * owed to the shop are set off, used welcomes are thanked for, workflows are told.
 *
 * @returns those that were settled, by their ids: rewarded, or held by a cap. One that is missing was not payable any more.
 */
export async function payReferrals(
  tx: Tx,
  paying: Paying,
  payables: readonly PayableReferral[],
): Promise<ReadonlyMap<string, "REWARDED" | "HELD">> {
  const { shopId, now } = paying;
  const groups = [...Map.groupBy(payables, ({ referral }) => referral.termsVersion).values()];
  // Everybody's counters before the first payout, in one order for all: nobody who waits for one holds the budget.
  if (groups.length > 1) await ensureCaps(tx, shopId, payables);
  const settled = new Map<string, "REWARDED" | "HELD">();
  for (const [n, sameTerms] of groups.entries()) {
    await ensureCaps(tx, shopId, sameTerms);
    if (n === 0) await ensureBudgetInForce(tx, shopId, now);
    for (const { referral } of sameTerms) {
      const state = await payOut(tx, { shopId, referralId: referral.id, now });
      if (state !== null) settled.set(referral.id, state);
    }
  }
  const rewarded = payables.filter(({ referral }) => settled.get(referral.id) === "REWARDED");
  if (rewarded.length > 0) await follow(tx, paying, rewarded);
  return settled;
}

/** Brings the referrers' cap counters up to the terms of their referrals. */
async function ensureCaps(tx: Tx, shopId: string, payables: readonly PayableReferral[]): Promise<void> {
  const people = payables.map(({ referral }) => referral.referrerPerson);
  const canonical = await canonicalOfEach(tx, shopId, people);
  const caps = new Map(
    payables.map(({ referral: { referrerPerson }, terms: { capTotal, cap30Days } }) => {
      const personId = canonical.get(referrerPerson);
      invariant(personId !== undefined, "whoever refers is a person of the shop");
      return [personId, { personId, capTotal, cap30Days }];
    }),
  );
  await ensureReferrerCaps(tx, shopId, [...caps.values()]);
}

/** The budget is the shop's, whatever terms a code was minted under: that of the terms in force counts. */
async function ensureBudgetInForce(tx: Tx, shopId: string, now: Date): Promise<void> {
  const inForce = await currentTerms(tx, shopId);
  invariant(inForce !== null, "a shop with a referral has terms");
  const { currency, budgetMonthMinor } = inForce.terms;
  await ensureBudget(tx, { shopId, unit: currency, capMinor: budgetMonthMinor, now });
}

async function follow(tx: Tx, paying: Paying, rewarded: readonly PayableReferral[]): Promise<void> {
  const { shopId, now } = paying;
  const referralIds = rewarded.map(({ referral }) => referral.id);
  await setOff(tx, { shopId, referralIds, now });
  // A friend whose discount is used already has nothing to be sent but thanks; the other notes follow what they bring.
  const used = await usedWelcomeRewards(tx, shopId, referralIds);
  const thanks = used.map((rewardId): NewWork => {
    const note = { topic: "note.send", dedupeKey: `note:${rewardId}`, payload: { rewardId } } as const;
    return { id: newId(), ...note, nextAt: now };
  });
  const flows = referralIds.map((referralId): NewWork => {
    const told = { topic: "flow.trigger", dedupeKey: `flow:${referralId}`, payload: { referralId } } as const;
    return { id: newId(), ...told, nextAt: now };
  });
  const work = [...thanks, ...(paying.flowTrigger ? flows : [])];
  if (work.length > 0) await enqueueAll(tx, shopId, work, now);
  const onSnapshot = rewarded.filter(({ decidedOn }) => decidedOn === "snapshot");
  if (onSnapshot.length === 0) return;
  await appendAudits(
    tx,
    onSnapshot.map(({ referral }) => {
      const entry = { id: newId(), shopId, at: now, actor: "worker", action: "referral.decided_on_snapshot" };
      return { ...entry, subject: referral.id, detail: { orderId: referral.qualifyingOrder } };
    }),
  );
}
