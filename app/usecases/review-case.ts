import { caseById } from "#app/data/cases.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { lockReferral } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { mayDecide } from "#app/data/review-rules.repo.ts";
import { inShop, rehearseInShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { choiceOf } from "#app/domain/review/choices.ts";
import type { ChoiceIntent } from "#app/domain/review/choices.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import {
  clawBack,
  confirmIssued,
  giveGoodwill,
  leave,
  replace,
  resend,
  waive,
  withdraw,
} from "./review/after-reward.ts";
import { approveHeld, rejectHeld } from "./review/decide-hold.ts";
import { withRefusalsInWords } from "./review/refusals.ts";
import { auditDecision, loadChoiceFacts, notAllowed, STALE } from "./review/reviewing.ts";
import type { ReviewInput, Reviewing, ReviewResult } from "./review/reviewing.ts";
import { undoRejection } from "./review/undo-rejection.ts";

export type { ReviewInput, ReviewResult } from "./review/reviewing.ts";

const NOT_LISTED =
  "In this shop only listed staff decide. Whoever keeps the list can add you, under Review, Who decides.";
/** Each gives one reward. */
const ONE_SIDED: ReadonlySet<string> = new Set(["goodwill", "replacement"]);

/**
 * Carries out what a person decided on a case: one transaction, of which either everything happens or nothing. A decision
 * on a stale version changes nothing; of the same decision made twice at once, one is carried out.
 */
export async function reviewCase(
  deps: { pools: Pools; clock: Clock; ringOutbox: (shopId: string) => void },
  input: ReviewInput,
): Promise<ReviewResult> {
  const { shopId } = input;
  const result = await withRefusalsInWords(() =>
    retryRaces(() => inShop(deps.pools, shopId, (tx) => review(tx, input, deps.clock.now()))),
  );
  deps.ringOutbox(shopId);
  return result;
}

/** Says what `reviewCase` would answer now: carries everything out, guards included, and takes it back. */
export async function rehearseReview(deps: { pools: Pools; clock: Clock }, input: ReviewInput): Promise<ReviewResult> {
  return withRefusalsInWords(() =>
    retryRaces(() => rehearseInShop(deps.pools, input.shopId, (tx) => review(tx, input, deps.clock.now()))),
  );
}

async function review(tx: Tx, input: ReviewInput, now: Date): Promise<ReviewResult> {
  const { shopId, intent } = input;
  const seen = await caseById(tx, shopId, input.caseId);
  if (seen === null) return { outcome: "not_found" };
  // Referrals are locked before cases everywhere; after that the case is as it will be decided on.
  const referral = seen.referralId === null ? null : await lockReferral(tx, shopId, seen.referralId);
  const held = await caseById(tx, shopId, input.caseId);
  invariant(held !== null, "a case stays as long as its shop");
  if (intent === "note") {
    await auditDecision(tx, { input, held, referral, rewards: [], now }, "case.noted");
    return { outcome: "decided", state: held.state };
  }
  if (!(await mayDecide(tx, shopId, input.actor))) return notAllowed(NOT_LISTED);
  if (held.version !== input.version) return STALE;
  const { rewards, facts } = await loadChoiceFacts(tx, { shopId, held, referral });
  if (input.side === "both" && ONE_SIDED.has(intent)) return notAllowed("Choose one side: the referrer or the friend.");
  const choice = choiceOf(facts, intent);
  if (choice === null) return notAllowed("This case does not offer that.");
  if (choice.obstacle !== null) return notAllowed(choice.obstacle);
  return carryOut(tx, intent, { input, held, referral, rewards, now });
}

function carryOut(tx: Tx, intent: ChoiceIntent, reviewing: Reviewing): Promise<ReviewResult> {
  const { referral } = reviewing;
  switch (intent) {
    case "leave":
      return leave(tx, reviewing);
    case "withdraw":
      return withdraw(tx, reviewing);
    case "claw_back":
      return clawBack(tx, reviewing);
    case "waive":
      return waive(tx, reviewing);
    case "mark_issued":
      return confirmIssued(tx, reviewing);
    case "send_again":
      return resend(tx, reviewing);
    case "approve":
    case "reject":
    case "undo":
    case "goodwill":
    case "replacement":
      invariant(referral !== null, "only a case of a referral offers this");
      return carryOutOn(tx, intent, reviewing, referral);
  }
}

function carryOutOn(
  tx: Tx,
  intent: "approve" | "reject" | "undo" | "goodwill" | "replacement",
  reviewing: Reviewing,
  referral: NonNullable<Reviewing["referral"]>,
): Promise<ReviewResult> {
  switch (intent) {
    case "approve":
      return approveHeld(tx, reviewing, referral);
    case "reject":
      return rejectHeld(tx, reviewing, referral);
    case "undo":
      return undoRejection(tx, reviewing, referral);
    case "goodwill":
      return giveGoodwill(tx, reviewing, referral);
    case "replacement":
      return replace(tx, reviewing, referral);
  }
}
