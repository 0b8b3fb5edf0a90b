import type { ReconciliationView } from "#app/reconcile-views.ts";

/** A day on which one message was lost. */
export function buildReconciliation(change: Partial<ReconciliationView> = {}): ReconciliationView {
  return {
    reading: {
      readTo: "2026-11-20T09:45:00Z",
      isBehind: false,
      found: 1,
      deliveries: 40,
      silentAfter: null,
      unreadable: null,
    },
    comparedAt: "2026-11-20T03:00:00Z",
    differences: [
      {
        id: "018f0000-0000-7000-8000-000000000001",
        kind: "code_missing",
        subject: "ABCD2345EFGH6789",
        foundAt: "2026-11-20T03:00:00Z",
        referralId: null,
        fields: [],
        choices: ["make_again", "accept"],
      },
    ],
    ...change,
  };
}
