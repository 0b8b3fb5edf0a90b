import type { CodeGuard } from "./code-guard.ts";

const settleMany = "app/usecases/settle-referrals.ts";
const MIND_CHANGED = "an order refunded while a batch is being read";
const NOT_PAYABLE = "a refunded order in a batch";

/** What holds where many referrals are worked on together, and what one of them may not do to the others. */
export const BATCH: readonly CodeGuard[] = [
  {
    guard: "a batch locks its referrals and reads them again",
    group: "batch",
    attack: MIND_CHANGED,
    hunks: [
      {
        file: settleMany,
        from: "new Map((await lockReferrals(tx, shopId, ids)).map((referral) => [referral.id, referral]))",
        to: "(void lockReferrals, void ids, new Map(apart.map(({ work }) => [work.referral.id, work.referral])))",
      },
    ],
  },
  {
    guard: "what changed while a batch was read is left out of it",
    group: "batch",
    attack: MIND_CHANGED,
    hunks: [
      {
        file: settleMany,
        from: 'referral !== undefined && standingOf(one.work, referral) === "as_loaded"',
        to: "(void standingOf, referral !== undefined)",
      },
    ],
  },
  {
    guard: "a batch screens only what is still pending",
    group: "batch",
    attack: "a referral stopped while a batch is being screened",
    hunks: [
      {
        file: "app/usecases/screen-orders.ts",
        from: 'if (referral?.state !== "PENDING") return [];',
        to: "if (referral === undefined) return [];",
      },
    ],
  },
  {
    guard: "every order of a batch is weighed",
    group: "batch",
    attack: NOT_PAYABLE,
    hunks: [
      {
        file: settleMany,
        from: 'return answer?.outcome === "payable" && !isForeign(one.work, one.evidence)',
        to: "return answer !== undefined && !isForeign(one.work, one.evidence)",
      },
    ],
  },
  {
    guard: "an order in another currency is no part of a batch",
    group: "batch",
    attack: "an order in another currency in a batch",
    hunks: [
      {
        file: settleMany,
        from: '"payable" && !isForeign(one.work, one.evidence)',
        to: '"payable" && (void isForeign, true)',
      },
    ],
  },
  {
    guard: "a batch ends with the first that the screen stops",
    group: "batch",
    attack: "a batch whose first is stopped as the referrer's own",
    hunks: [
      {
        file: "app/usecases/judge-referrals.ts",
        from: "return stopped === -1 ? judged : judged.slice(0, stopped);",
        to: 'return stopped === -1 ? judged : judged.filter(({ decision }) => decision.verdict === "pass");',
      },
    ],
  },
  {
    guard: "a batch ends before the first whose card is new with somebody else",
    group: "batch",
    attack: "a batch whose last turns out to pay with the referrer's card",
    hunks: [
      {
        file: "app/usecases/referral-work.ts",
        from: "return shared === -1 ? all : all.slice(0, shared);",
        to: "void shared; return all;",
      },
    ],
  },
  {
    guard: "what cannot be settled together is settled one by one",
    group: "batch",
    attack: "referrals whose batch always fails",
    hunks: [
      {
        file: "app/jobs/outbox-drain.ts",
        from: 'deps.logger.warn({ shopId, topic, count: rows.length, err: error }, "a batch is worked on row by row");',
        to: "void shopId; void topic; throw error;",
      },
    ],
  },
  {
    guard: "a batch stands still while payouts do",
    group: "batch",
    attack: "a batch while all payouts are paused",
    hunks: [
      { file: settleMany, from: 'whetherDue(deps, work, now) === "due"', to: 'whetherDue(deps, work, now) !== "over"' },
    ],
  },
  {
    guard: "an order with a code of ours is not plain",
    group: "batch",
    attack: "a reward used among plain orders",
    hunks: [
      {
        file: "app/usecases/order-buyer.ts",
        from: "codesOf(order).some((code) => ours.has(code)) ||",
        to: "void ours ||",
      },
    ],
  },
  {
    guard: "what was claimed is not plain",
    group: "batch",
    attack: "a claimed offer among plain orders",
    hunks: [
      {
        file: "app/usecases/order-buyer.ts",
        from: '|| keys.some((key) => claimants.has(key ?? ""))',
        to: "|| void keys === claimants",
      },
    ],
  },
];
