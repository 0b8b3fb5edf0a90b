import type { BlockRow } from "#app/data/block-list.repo.ts";
import type { BackTestResult } from "#app/usecases/back-test-screen.ts";

/** Two of three hundred referrals would have come out otherwise. */
export function buildBackTest(): BackTestResult {
  const at = Date.parse("2026-11-02T09:00:00.000Z");
  const fired = { id: "too_fast", family: "velocity", outcome: "hold", weight: 40, evidence: { seconds: 8 } } as const;
  const held = { verdict: "hold", score: 40, rules: [fired] } as const;
  const passed = { verdict: "pass", score: 0, rules: [] } as const;
  return {
    outcome: "tested",
    tested: 312,
    unreadable: 4,
    held: 1,
    blocked: 0,
    released: 1,
    since: new Date("2026-05-20T00:00:00.000Z"),
    isTruncated: false,
    cases: [
      { referralId: "019aa001-0000-7000-8000-0000000000a1", at, change: "held", was: passed, would: held },
      { referralId: "019aa001-0000-7000-8000-0000000000a2", at, change: "released", was: held, would: passed },
    ],
  };
}

/** A domain and a customer on the merchant's own list. */
export function buildBlocks(): readonly BlockRow[] {
  const entry = { addedBy: "7001", addedAt: new Date("2026-10-11T09:00:00.000Z") };
  return [
    { ...entry, id: "b1", kind: "domain", subject: "mailbox.example", reason: "Forty sign-ups in one night" },
    { ...entry, id: "b2", kind: "person", subject: "019aa001-0000-7000-8000-0000000000d1", reason: "Asked to stop" },
  ];
}
