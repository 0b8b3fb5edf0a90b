import type { Pools } from "./pools.ts";

/** One tap on a link. The token proves it; this is its record. */
export type ClickRow = {
  readonly shopId: string;
  /** The token's issued-at, to the millisecond: with the id it makes a second writing of the same tap harmless. */
  readonly clickedAt: Date;
  readonly id: string;
  /** Null for a text that is no code. */
  readonly codeId: string | null;
  /** Keyed hashes of this month, 32 hex digits; null where nothing was sent. */
  readonly ipHash: string | null;
  readonly prefixHash: string | null;
  readonly agentHash: string | null;
  readonly referrerHost: string | null;
  readonly flags: number;
};

const STORE_CLICKS = {
  name: "store-clicks",
  text: `
    INSERT INTO clicks (shop_id, clicked_at, id, code_id, ip_hash, prefix_hash, agent_hash, referrer_host, flags)
    SELECT shop_id, clicked_at, id, code_id, decode(ip, 'hex'), decode(prefix, 'hex'), decode(agent, 'hex'), referrer_host, flags
      FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[])
        AS r (shop_id, clicked_at, id, code_id, ip, prefix, agent, referrer_host, flags)
        ON CONFLICT DO NOTHING`,
};

/** Stores clicks in one statement, all or none, committed when it resolves. */
export async function storeClicks(pools: Pick<Pools, "door">, rows: readonly ClickRow[]): Promise<void> {
  await pools.door.query({
    ...STORE_CLICKS,
    values: [
      rows.map((row) => row.shopId),
      rows.map((row) => row.clickedAt.toISOString()),
      rows.map((row) => row.id),
      rows.map((row) => row.codeId),
      rows.map((row) => row.ipHash),
      rows.map((row) => row.prefixHash),
      rows.map((row) => row.agentHash),
      rows.map((row) => row.referrerHost),
      rows.map((row) => row.flags),
    ],
  });
}
