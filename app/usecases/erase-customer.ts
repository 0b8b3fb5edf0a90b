import { appendAudit } from "#app/data/audit.repo.ts";
import { retireActiveCode } from "#app/data/codes.repo.ts";
import { eraseDrafts } from "#app/data/drafts.repo.ts";
import { emptyInboxOf } from "#app/data/inbox.repo.ts";
import { eraseProfile, ownersOfKeys } from "#app/data/people.repo.ts";
import type { PersonKey } from "#app/data/people.repo.ts";
import { referralsOfFriend, voidReferral } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import { newId } from "#app/platform/ids.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict } from "./inbox-event.ts";

/**
 * Forgets a customer who asked for it: the profile and its key go, the code is retired, a live referral of theirs ends.
 * Opaque ids and amounts stay, since the ledger may not lose what was paid.
 */
export async function eraseCustomer(
  deps: Pick<EventDeps, "pools" | "clock">,
  event: { shopId: string; customerHash: string | null; emailHash: string | null },
): Promise<EventVerdict> {
  const keys: PersonKey[] = [];
  if (event.customerHash !== null) keys.push({ kind: "customer", hash: event.customerHash });
  if (event.emailHash !== null) keys.push({ kind: "email", hash: event.emailHash });
  await inShop(deps.pools, event.shopId, async (tx) => {
    if (event.customerHash !== null) await emptyInboxOf(tx, event.shopId, event.customerHash);
    const owners = await ownersOfKeys(tx, event.shopId, keys);
    for (const personId of new Set(owners.map((owner) => owner.personId)))
      await erase(tx, event.shopId, personId, deps.clock.now());
  });
  return DONE;
}

async function erase(tx: Tx, shopId: string, personId: string, now: Date): Promise<void> {
  const referrals = await referralsOfFriend(tx, shopId, personId);
  for (const referral of referrals.filter(({ state }) => settlementOf(state) === "OPEN")) {
    await voidReferral(tx, {
      shopId,
      referralId: referral.id,
      to: "VOIDED",
      reason: "friend_erased",
      now,
      actor: "shopify",
    });
  }
  const codeId = await retireActiveCode(tx, { shopId, personId, reason: "customer_left" });
  const entry = { shopId, at: now, actor: "shopify" };
  if (codeId !== null)
    await appendAudit(tx, {
      ...entry,
      id: newId(),
      action: "code.retired",
      subject: codeId,
      detail: { reason: "customer_left" },
    });
  await eraseDrafts(tx, shopId, personId);
  await eraseProfile(tx, shopId, personId, now);
  await appendAudit(tx, { ...entry, id: newId(), action: "person.erased", subject: personId });
}
