import { appendAudit } from "#app/data/audit.repo.ts";
import { closeCase } from "#app/data/cases.repo.ts";
import { activeCodeOf, keepCode } from "#app/data/codes.repo.ts";
import type { CodeRow } from "#app/data/codes.repo.ts";
import { lockHandOpening, openedByHandSince } from "#app/data/hand-opened.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { canonicalOf } from "#app/data/people.repo.ts";
import { convertReferrals, referralOfOrder, referralsOfFriend } from "#app/data/referrals.repo.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import { mayDecide } from "#app/data/review-rules.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { normaliseEmail } from "#app/domain/person/email.ts";
import { eligibleAtOf, orderTime } from "#app/domain/referral/conversion.ts";
import { daysMs } from "#app/domain/referral/durations.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { identifyPerson } from "./identify-person.ts";
import { learnProfile } from "./learn-profile.ts";
import { openOnCodes } from "./open-referral.ts";
import type { AdminOrder } from "./ports.ts";
import type { ReferralWorkDeps } from "./referral-work.ts";
import { holdForSecond } from "./review/second-person.ts";

export type OpenByHandInput = {
  readonly shopId: string;
  /** Who is said to have brought the friend. */
  readonly personId: string;
  /** The friend's order in Shopify, digits. */
  readonly orderId: string;
  /** Why, in the words of whoever decides. */
  readonly reason: string;
  /** The appeal that it answers, with the version that was seen. */
  readonly appeal: { readonly caseId: string; readonly version: number } | null;
  readonly actor: string;
};

export type OpenByHandResult =
  | { readonly outcome: "opened"; readonly referralId: string; readonly waitsForSecond: boolean }
  | { readonly outcome: "refused"; readonly why: string }
  | { readonly outcome: "stale" }
  | { readonly outcome: "unavailable" };

/** So many in 30 days: an exception that a person answers for, not a second way to attribute. */
const PER_30_DAYS_MAX = 20;

/**
 * Opens a referral that no click proves, because a person decides so: after an appeal or a question to support. It names the
 * order and a reason, is capped and on record, and from there runs as any other: cooling-off, a second screen, one payout.
 */
export async function openByHand(deps: ReferralWorkDeps, input: OpenByHandInput): Promise<OpenByHandResult> {
  const { shopId } = input;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "unavailable" };
  const read = await deps.admin.forShop(shopId, shop.domain).readOrder(input.orderId);
  if (read.outcome === "not_found") return refused("Shopify knows no such order. It shows those of the last 60 days.");
  if (read.outcome !== "ok") return { outcome: "unavailable" };
  const { order } = read;
  if (!isPaidFor(order)) return refused(obstacleOf(order));
  const result = await retryRaces(() =>
    inShop(deps.pools, shopId, (tx) => open(tx, deps, { input, shop, order, keys: deps.keys })),
  );
  deps.ringOutbox(shopId);
  return result;
}

/** A real order that a known customer has paid for. */
type PaidOrder = AdminOrder & { readonly customerId: string; readonly paidAt: Date };

function isPaidFor(order: AdminOrder): order is PaidOrder {
  const isReal = !order.test && order.cancelledAt === null;
  return isReal && order.customerId !== null && order.paidAt !== null && order.fullyPaid;
}

/** Why nothing can be opened on an order that is not paid for. */
function obstacleOf(order: AdminOrder): string {
  if (order.customerId === null) return "The order names no customer, so there is no friend to reward.";
  if (order.test) return "That is a test order.";
  return order.cancelledAt === null ? "That order is not paid yet." : "That order was cancelled.";
}

type Asked = {
  readonly input: OpenByHandInput;
  readonly shop: KnownShop;
  readonly order: PaidOrder;
  readonly keys: Keys;
};

async function open(tx: Tx, deps: ReferralWorkDeps, asked: Asked): Promise<OpenByHandResult> {
  const { input, shop, order } = asked;
  const { shopId } = input;
  const now = deps.clock.now();
  if (!(await mayDecide(tx, shopId, input.actor))) return refused("In this shop only listed staff decide.");
  await lockHandOpening(tx, shopId);
  if ((await openedByHandSince(tx, shopId, new Date(now.getTime() - daysMs(30)))) >= PER_30_DAYS_MAX)
    return refused(
      `${PER_30_DAYS_MAX} referrals were opened by hand in the last 30 days: that is as many as there may be.`,
    );
  const friendPerson = await friendOf(tx, { shop, order, now });
  const referrerPerson = await canonicalOf(tx, shopId, input.personId);
  if (friendPerson === referrerPerson) return refused("That is this customer's own order.");
  const active = await activeCodeOf(tx, shopId, referrerPerson);
  const code = active === null ? null : await keepCode(tx, shopId, active.id);
  if (code?.state !== "active") return refused("This customer has no active link, so there is no offer to keep to.");
  if ((await referralOfOrder(tx, shopId, order.orderId)) !== null)
    return refused("That order counts for another referral.");
  const others = await referralsOfFriend(tx, shopId, friendPerson);
  if (others.some(({ state }) => state === "REJECTED"))
    return refused("This friend's referral was rejected. Undo that rejection instead: its case is under Review.");
  if (others.some(({ state }) => settlementOf(state) !== "VOID"))
    return refused("This friend has a referral already, open or paid.");
  // Everything that may be refused is behind us: from here on it is all done, or the transaction starts over.
  if (input.appeal !== null && !(await answerAppeal(tx, input, input.appeal))) return { outcome: "stale" };
  return record(tx, asked, { code, friendPerson, referrerPerson, now });
}

async function friendOf(
  tx: Tx,
  { shop, order, now }: { shop: KnownShop; order: PaidOrder; now: Date },
): Promise<string> {
  const email = order.email === null ? null : normaliseEmail(order.email);
  const hashes = {
    customerHash: shop.keyring.person("customer", order.customerId),
    emailHash: email === null ? null : shop.keyring.person("email", email),
    phoneHash: null,
  };
  const personId = await identifyPerson(tx, { shopId: shop.shopId, hashes, now });
  invariant(personId !== null, "a customer's id leads to a person");
  return personId;
}

type People = {
  readonly code: CodeRow;
  readonly friendPerson: string;
  readonly referrerPerson: string;
  readonly now: Date;
};

async function record(tx: Tx, { input, order, keys }: Asked, people: People): Promise<OpenByHandResult> {
  const { shopId, actor } = input;
  const { code, now } = people;
  const terms = await termsOfVersion(tx, shopId, code.termsVersion);
  const expiresAt = new Date(now.getTime() + daysMs(terms.windowDays));
  const opening = { ...people, terms, expiresAt, evidence: null };
  const opened = (await openOnCodes(tx, { shopId, now, actor }, [opening])).get(people.friendPerson);
  assertWon(opened !== undefined, "the friend has a referral meanwhile");
  const { referralId } = opened;
  // Whom to ask Shopify about when it is screened; the name comes with the answer.
  const learned = { customerId: order.customerId, email: order.email };
  await learnProfile(tx, { keys, shopId, personId: people.friendPerson, learned });
  const { paidAt } = order;
  const orderAt = new Date(
    orderTime({ createdAt: order.createdAt.getTime(), processedAt: order.processedAt.getTime() }),
  );
  const eligibleAt = new Date(eligibleAtOf(paidAt.getTime(), terms.coolingOffDays));
  const { orderId } = order;
  const recorded = { referralId, orderId, orderAt, paidAt, eligibleAt, snapshot: { openedByHand: true } };
  const converted = await convertReferrals(tx, { shopId, now }, [recorded]);
  invariant(converted.has(referralId), "a new referral takes its order");
  await appendAudit(tx, {
    id: newId(),
    shopId,
    at: now,
    actor,
    action: "referral.opened_by_hand",
    subject: referralId,
    detail: { reason: input.reason, caseId: input.appeal?.caseId ?? null, orderId: order.orderId },
  });
  await askForScreen(tx, { shopId, referralId, orderId: order.orderId, now });
  const waitsForSecond = await holdForSecond(tx, { shopId, referralId, actor, now });
  return { outcome: "opened", referralId, waitsForSecond };
}

function answerAppeal(
  tx: Tx,
  input: OpenByHandInput,
  { caseId, version }: { caseId: string; version: number },
): Promise<boolean> {
  const { shopId, actor, reason } = input;
  return closeCase(tx, { shopId, caseId, version, decision: "opened", decidedBy: actor, reason });
}

async function askForScreen(
  tx: Tx,
  args: { shopId: string; referralId: string; orderId: string; now: Date },
): Promise<void> {
  const { shopId, referralId, orderId, now } = args;
  await enqueueOutbox(tx, {
    id: newId(),
    shopId,
    topic: "referral.screen",
    dedupeKey: `screen:${referralId}:${orderId}:order`,
    payload: { referralId },
    nextAt: now,
    now,
  });
}

function refused(why: string): OpenByHandResult {
  return { outcome: "refused", why };
}
