import type { ReadTx } from "./raw.ts";

const NAMES_MAX = 100;

/** The canonical person behind a customer, and everybody merged into it. */
export async function familyOf(tx: ReadTx, shopId: string, hash: Uint8Array): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT q.id FROM person_keys k
      JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
      JOIN people q ON q.shop_id = k.shop_id AND coalesce(p.merged_into, p.id) IN (q.id, q.merged_into)
     WHERE k.shop_id = ${shopId}::uuid AND k.kind = 'customer' AND k.hash = ${hash} AND k.identifies LIMIT ${NAMES_MAX}`;
  return rows.map((row) => row.id);
}
