import { appendAudit } from "#app/data/audit.repo.ts";
import { openCase } from "#app/data/cases.repo.ts";
import { activeCodeOf, claimAlias, codeById, retireActiveCode } from "#app/data/codes.repo.ts";
import { addReferrerCap } from "#app/data/ledger.repo.ts";
import { lockPeople, pointAtCanonical } from "#app/data/people.repo.ts";
import type { LockedPerson } from "#app/data/people.repo.ts";
import { referralsTouching, voidReferral } from "#app/data/referrals.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { mergePlan } from "#app/domain/person/merge-plan.ts";
import type { MergePlan, MergingPerson } from "#app/domain/person/merge-plan.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";

type Merge = Extract<MergePlan, { outcome: "merge" }>;
type MergeArgs = { readonly shopId: string; readonly people: readonly [string, string]; readonly now: Date };

/**
 * Makes one person of two who turned out to be one, and settles in the same transaction what they cannot both keep:
 * live referrals, codes, rewards already paid. Nobody is deleted; look-ups lead to the older of the two.
 *
 * @param args.people two canonical people
 * @returns the canonical person
 */
export async function mergePeople(tx: Tx, args: MergeArgs): Promise<string> {
  const locked = await lockPeople(tx, args.shopId, args.people);
  const [left, right] = await Promise.all(locked.map((person) => mergingPerson(tx, args.shopId, person)));
  invariant(left !== undefined && right !== undefined, "a merge is of two people");
  const referrals = await referralsTouching(tx, args.shopId, args.people);
  const plan = mergePlan(left, right, referrals);
  invariant(plan.outcome === "merge", "two rows are two people");
  await settleReferrals(tx, args, plan);
  await settleCodes(tx, args, plan);
  await addReferrerCap(tx, args.shopId, plan.mergedPerson, plan.keptPerson);
  await pointAtCanonical(tx, args.shopId, plan.mergedPerson, plan.keptPerson);
  await appendAudit(tx, {
    id: newId(),
    shopId: args.shopId,
    at: args.now,
    actor: "worker",
    action: "people.merged",
    subject: plan.keptPerson,
    detail: { merged: plan.mergedPerson },
  });
  return plan.keptPerson;
}

async function mergingPerson(tx: Tx, shopId: string, person: LockedPerson): Promise<MergingPerson> {
  const code = await activeCodeOf(tx, shopId, person.id);
  return {
    personId: person.id,
    createdAt: person.createdAt.getTime(),
    code: code === null ? null : { codeId: code.id, createdAt: code.createdAt.getTime() },
  };
}

async function settleReferrals(tx: Tx, args: MergeArgs, plan: Merge): Promise<void> {
  for (const { referralId, reason } of plan.rejections) {
    await voidReferral(tx, { shopId: args.shopId, referralId, to: "REJECTED", reason, now: args.now, actor: "worker" });
  }
  for (const { referralId, reason } of plan.conflicts) {
    await openCase(tx, {
      shopId: args.shopId,
      kind: "conflict",
      referralId,
      personId: plan.keptPerson,
      reason,
      now: args.now,
    });
  }
}

async function settleCodes(tx: Tx, args: MergeArgs, plan: Merge): Promise<void> {
  if (plan.codes === null) return;
  const aliased = await codeById(tx, args.shopId, plan.codes.aliasedCode);
  invariant(aliased !== null, "a code that is active exists");
  await retireActiveCode(tx, { shopId: args.shopId, personId: aliased.personId, reason: "replaced" });
  await claimAlias(tx, { shopId: args.shopId, alias: aliased.code, codeId: plan.codes.keptCode, now: args.now });
  await appendAudit(tx, {
    id: newId(),
    shopId: args.shopId,
    at: args.now,
    actor: "worker",
    action: "code.retired",
    subject: aliased.id,
    detail: { reason: "replaced", by: plan.codes.keptCode },
  });
}
