import type { Tx } from "#app/data/tenant.ts";

export type AuditEntry = {
  readonly id: string;
  readonly shopId: string;
  readonly at: Date;
  /** `worker`, `customer`, or the subject of a staff member's session token. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  /** Opaque ids, counts and reasons; never personal data. */
  readonly detail?: Record<string, unknown>;
};

/** Appends one entry to the record that nobody may change: the table refuses UPDATE and DELETE. */
export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.execute(
    "INSERT INTO audit (shop_id, id, at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [entry.shopId, entry.id, entry.at, entry.actor, entry.action, entry.subject, JSON.stringify(entry.detail ?? {})],
  );
}
