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
  await appendAudits(tx, [entry]);
}

/** As `appendAudit`, of many entries at once. */
export async function appendAudits(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  await tx.execute(
    `INSERT INTO audit (shop_id, id, at, actor, action, subject, detail)
     SELECT shop_id, id, at, actor, action, subject, detail::jsonb
       FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[])
         AS e (shop_id, id, at, actor, action, subject, detail)`,
    [
      entries.map(({ shopId }) => shopId),
      entries.map(({ id }) => id),
      entries.map(({ at }) => at.toISOString()),
      entries.map(({ actor }) => actor),
      entries.map(({ action }) => action),
      entries.map(({ subject }) => subject),
      entries.map(({ detail }) => JSON.stringify(detail ?? {})),
    ],
  );
}
