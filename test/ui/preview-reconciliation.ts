import type { ReconciliationView } from "#app/reconcile-views.ts";

/** A day on which one message was lost. */
export function buildReconciliation(change: Partial<ReconciliationView> = {}): ReconciliationView {
  return {
    reading: { readTo: "2026-11-20T09:45:00Z", isBehind: false, found: 1, deliveries: 40, unreadable: null },
    ...change,
  };
}
