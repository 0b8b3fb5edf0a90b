import type { Pools } from "#app/data/pools.ts";
import { allShopIds, replaceSealed, sealedValues } from "#app/data/sealed-columns.repo.ts";
import type { SealedColumn } from "#app/data/sealed-columns.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Keys } from "#app/platform/keys.ts";

/** The purpose that each kind was sealed for: it is authenticated with the bytes. */
const PURPOSES: Readonly<Record<SealedColumn, string>> = {
  identity_key: "identity-key",
  person_key: "person-key",
  access_token: "session-access_token",
  refresh_token: "session-refresh_token",
};
const COLUMNS: readonly SealedColumn[] = ["identity_key", "person_key", "access_token", "refresh_token"];
const PAGE_ROWS = 500;

/**
 * Seals everything again that is still sealed under DATA_KEY_OLD, shop by shop. What is inside does not change: a known
 * person keeps the same hashes. Running it twice, or in several processes, does no harm.
 *
 * @returns how many values were sealed anew; once it is 0, and 45 days have passed for the click tokens, DATA_KEY_OLD can go
 */
export async function rewrapKeys(deps: { pools: Pools; keys: Keys }): Promise<number> {
  let rewrapped = 0;
  for (const shopId of await allShopIds(deps.pools)) {
    for (const column of COLUMNS) rewrapped += await rewrapColumn(deps, shopId, column);
  }
  return rewrapped;
}

async function rewrapColumn(deps: { pools: Pools; keys: Keys }, shopId: string, column: SealedColumn): Promise<number> {
  let rewrapped = 0;
  let after: string | null = null;
  for (;;) {
    const page = await inShop(deps.pools, shopId, async (tx) => {
      const values = await sealedValues(tx, { shopId, column, after, limit: PAGE_ROWS });
      for (const { rowId, sealed } of values.filter((value) => deps.keys.rewrapNeeded(value.sealed))) {
        const to = deps.keys.rewrap(PURPOSES[column], shopId, sealed);
        await replaceSealed(tx, { shopId, column, rowId, from: sealed, to });
        rewrapped += 1;
      }
      return values;
    });
    const last = page.at(-1);
    if (last === undefined) return rewrapped;
    after = last.rowId;
  }
}
