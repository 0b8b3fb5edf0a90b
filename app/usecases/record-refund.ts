import { appendAudit } from "#app/data/audit.repo.ts";
import { openCase, openCaseOfKind, touchCase } from "#app/data/cases.repo.ts";
import { keepLaterFacts, noteChangedOrder } from "#app/data/later-facts.repo.ts";
import { lockReferralOfOrder } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { addReversal, parseReversal } from "#app/domain/review/reversal.ts";
import type { ReversalEvent } from "#app/domain/review/reversal.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict } from "./inbox-event.ts";

const KIND = "refund_after_reward";

/**
 * Money went back, a bank asks it back, or an order was changed or went away. Before the payout nothing needs doing: the
 * order is read again then. After it, at any age, nothing is taken back by itself: a person is asked, once, in a case that
 * shows the numbers; hearing of more changes the numbers of that case, and hearing of the same again changes nothing.
 */
export async function recordReversal(
  deps: Pick<EventDeps, "pools" | "clock">,
  event: { shopId: string; orderId: string; reversal: ReversalEvent },
): Promise<EventVerdict> {
  const { shopId, orderId } = event;
  await retryRaces(() =>
    inShop(deps.pools, shopId, async (tx) => {
      const referral = await lockReferralOfOrder(tx, shopId, orderId);
      if (referral === null) return;
      if (referral.state === "REWARDED") await askPerson(tx, { ...event, referral, now: deps.clock.now() });
      // A payout that has read the order before this has to read it again.
      else await noteChangedOrder(tx, shopId, referral.id);
    }),
  );
  return DONE;
}

async function askPerson(
  tx: Tx,
  event: { shopId: string; orderId: string; reversal: ReversalEvent; referral: ReferralRow; now: Date },
): Promise<void> {
  const { shopId, orderId, reversal, referral, now } = event;
  const { orderSnapshot: snapshot, laterFacts } = referral;
  const { currency: shopCurrency } = await termsOfVersion(tx, shopId, referral.termsVersion);
  const currency = textOf(snapshot?.["currency"]) ?? shopCurrency;
  const order = { currency, total: textOf(snapshot?.["totalPrice"]) };
  const facts = addReversal(parseReversal(laterFacts), order, reversal);
  if (facts === null) return;
  await keepLaterFacts(tx, { shopId, referralId: referral.id, facts: { ...laterFacts, reversal: facts } });
  const subject = { shopId, kind: KIND, referralId: referral.id } as const;
  const opened = await openCase(tx, { ...subject, personId: referral.referrerPerson, reason: reversal.reason, now });
  if (!opened) await touchOpenCase(tx, subject);
  const action = opened ? "case.opened" : "case.updated";
  const entry = { id: newId(), shopId, at: now, actor: "worker", action, subject: referral.id };
  await appendAudit(tx, { ...entry, detail: { kind: KIND, orderId, reason: reversal.reason } });
}

/** Makes decisions on the open case stale. It stays open until then: whoever decides locks its referral first, as we did. */
async function touchOpenCase(
  tx: Tx,
  subject: { shopId: string; kind: typeof KIND; referralId: string },
): Promise<void> {
  const caseId = await openCaseOfKind(tx, subject);
  invariant(caseId !== null, "a case that kept another from opening is open");
  await touchCase(tx, { shopId: subject.shopId, caseId, version: null });
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
