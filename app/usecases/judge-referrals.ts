import { approvedRules, recordDecisions } from "#app/data/decisions.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { applyApproval } from "#app/domain/screen/approval.ts";
import { featuresOf } from "#app/domain/screen/features-of.ts";
import type { ScreenFeatures } from "#app/domain/screen/features.ts";
import { screen } from "#app/domain/screen/screen.ts";
import type { ScreenDecision } from "#app/domain/screen/screen.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { gatherFacts } from "./gather-facts.ts";
import type { Gathering } from "./gather-facts.ts";

/** What the screen says of one referral. */
export type Judged<Asked extends Gathering = Gathering> = {
  readonly asked: Asked;
  readonly features: ScreenFeatures;
  /** As the rules alone gave it. */
  readonly found: ScreenDecision;
  /** After what a person has approved. */
  readonly decision: ScreenDecision;
};

/** Judges referrals on what is known now: nothing is written, nothing follows from it yet. */
export async function judgeReferrals<Asked extends Gathering>(
  tx: Tx,
  shopId: string,
  all: readonly Asked[],
): Promise<Judged<Asked>[]> {
  const facts = await gatherFacts(tx, shopId, all);
  const ids = all.map(({ referral }) => referral.id);
  const approved = await approvedRules(tx, shopId, ids);
  return all.map((asked, n) => {
    const known = facts[n];
    invariant(known !== undefined, "each referral asked about has its facts");
    const features = featuresOf(known);
    const found = screen(features, asked.terms.screen);
    return { asked, features, found, decision: applyApproval(found, approved.get(asked.referral.id) ?? []) };
  });
}

/**
 * Those before the first that the screen does not pass. What comes after it is judged after it: what becomes of one may be what
 * the next one is held for.
 */
export function passedFirst<Asked extends Gathering>(judged: readonly Judged<Asked>[]): readonly Judged<Asked>[] {
  const stopped = judged.findIndex(({ decision }) => decision.verdict !== "pass");
  return stopped === -1 ? judged : judged.slice(0, stopped);
}

/** Puts judgements on record, each with the features that led to it. */
export async function recordJudgements(
  tx: Tx,
  when: { readonly shopId: string; readonly phase: "open" | "payout"; readonly now: Date },
  judged: readonly Judged[],
): Promise<void> {
  const rows = judged.map(({ asked, features, found }) => {
    const { phase, now } = when;
    return { id: newId(), referralId: asked.referral.id, phase, features, decision: found, at: now };
  });
  await recordDecisions(tx, when.shopId, rows);
}
