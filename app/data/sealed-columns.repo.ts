import type { Pools } from "./pools.ts";
import type { Tx } from "./tenant.ts";

/** Everything that is sealed under DATA_KEY, table by table; what is sealed is opened and sealed again by the caller. */
export type SealedColumn = "identity_key" | "person_key" | "access_token" | "refresh_token";
export type SealedValue = { readonly rowId: string; readonly sealed: Buffer };

const TABLES: Readonly<
  Record<SealedColumn, { readonly table: string; readonly key: string; readonly column: string }>
> = {
  identity_key: { table: "shops", key: "id", column: "identity_key_wrapped" },
  person_key: { table: "people", key: "id", column: "profile_key_wrapped" },
  access_token: { table: "sessions", key: "id", column: "access_token" },
  refresh_token: { table: "sessions", key: "id", column: "refresh_token" },
};

/** @returns every shop's id, over all tenants: a sweep may read that and no more */
export async function allShopIds(pools: Pick<Pools, "sweep">): Promise<string[]> {
  const { rows } = await pools.sweep.query<{ id: string }>("SELECT id FROM shops ORDER BY id");
  return rows.map((row) => row.id);
}

/** @returns a page of a shop's sealed values of one kind, after a row's id (null begins) */
export async function sealedValues(
  tx: Tx,
  args: { shopId: string; column: SealedColumn; after: string | null; limit: number },
): Promise<SealedValue[]> {
  const { table, key, column } = TABLES[args.column];
  const tenant = table === "shops" ? "id" : "shop_id";
  return tx.query<SealedValue>(
    `SELECT ${key}::text AS "rowId", ${column} AS sealed FROM ${table}
      WHERE ${tenant} = $1 AND ${column} IS NOT NULL AND ($2::text IS NULL OR ${key}::text > $2)
      ORDER BY ${key}::text LIMIT $3`,
    [args.shopId, args.after, args.limit],
  );
}

/** Puts a value that was sealed anew in the place of the old one, unless that changed meanwhile. */
export async function replaceSealed(
  tx: Tx,
  args: { shopId: string; column: SealedColumn; rowId: string; from: Buffer; to: Buffer },
): Promise<void> {
  const { table, key, column } = TABLES[args.column];
  const tenant = table === "shops" ? "id" : "shop_id";
  await tx.execute(`UPDATE ${table} SET ${column} = $4 WHERE ${tenant} = $1 AND ${key}::text = $2 AND ${column} = $3`, [
    args.shopId,
    args.rowId,
    args.from,
    args.to,
  ]);
}
