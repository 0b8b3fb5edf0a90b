import { createBriefCache } from "#app/platform/brief-cache.ts";
import type { Clock } from "#app/platform/clock.ts";
import { codeByText } from "./codes.repo.ts";
import type { Pools } from "./pools.ts";
import { inShop } from "./tenant.ts";
import type { Tx } from "./tenant.ts";
import { currentTerms, termsOfVersion } from "./terms.repo.ts";

/** What the link route knows of a code. */
export type KnownCode = {
  readonly codeId: string;
  readonly code: string;
  /** The owner, under the name that the code was minted for. */
  readonly personId: string;
  readonly state: "active" | "retired";
  readonly retiredReason: string | null;
  /** Keyed hashes of the customer ids that are the owner, merged ones included. */
  readonly ownerCustomerHashes: readonly string[];
  /** Pinned with the code. */
  readonly landingPath: string;
  readonly windowDays: number;
  /** Whether the friend's code is shown only to who gives an address, so that a tap leads to the page that asks for it. */
  readonly emailFirst: boolean;
  /** Whether the merchant has paused the programme, whatever version a code pins. */
  readonly paused: boolean;
  /** Epoch milliseconds, of the pinned version; null where there is no such limit. */
  readonly campaignStart: number | null;
  readonly campaignEnd: number | null;
};

export type CodeDirectory = {
  /**
   * The code of this text in a shop, or the one that an alias of this text leads to; null when there is neither.
   * Throws when the database is away and the code was not asked for before.
   *
   * @param text Normalised by the domain.
   */
  resolve(shopId: string, text: string): Promise<KnownCode | null>;
};

/** A retired code redirects as any other, and attribution looks again: a few seconds of memory decide nothing. */
const KNOWN_FOR_MS = 5_000;
/** Guesses fill this as well as real codes do; what leaves is read again. */
const CODES_MAX = 50_000;

/** Opens the directory of codes, with a short memory of its own in each process. */
export function createCodeDirectory(deps: { pools: Pools; clock: Clock }): CodeDirectory {
  async function load(key: string): Promise<KnownCode | null> {
    const [shopId = "", text = ""] = key.split("/");
    return inShop(deps.pools, shopId, (tx) => readCode(tx, shopId, text));
  }
  const cache = createBriefCache({ load, clock: deps.clock, ttlMs: KNOWN_FOR_MS, sizeMax: CODES_MAX });
  return { resolve: (shopId, text) => cache.get(`${shopId}/${text}`) };
}

async function readCode(tx: Tx, shopId: string, text: string): Promise<KnownCode | null> {
  const row = await codeByText(tx, shopId, text);
  if (row === null) return null;
  const pinned = await termsOfVersion(tx, shopId, row.termsVersion);
  const current = await currentTerms(tx, shopId);
  return {
    codeId: row.id,
    code: row.code,
    personId: row.personId,
    state: row.state,
    retiredReason: row.retiredReason,
    ownerCustomerHashes: await customerHashesOf(tx, shopId, row.personId),
    landingPath: pinned.landingPath,
    windowDays: pinned.windowDays,
    // Of the terms in force: a merchant who closes the gate closes it for the links that are out.
    emailFirst: pinned.friend.when === "on_first_order" && (current?.terms.emailFirst ?? pinned.emailFirst),
    paused: current?.terms.paused ?? pinned.paused,
    campaignStart: pinned.campaignStart,
    campaignEnd: pinned.campaignEnd,
  };
}

async function customerHashesOf(tx: Tx, shopId: string, personId: string): Promise<string[]> {
  const rows = await tx.query<{ hash: string }>(
    `WITH owner AS (SELECT coalesce(merged_into, id) AS id FROM people WHERE shop_id = $1 AND id = $2)
     SELECT encode(k.hash, 'hex') AS hash
       FROM owner o
       JOIN people p ON p.shop_id = $1 AND o.id IN (p.id, p.merged_into)
       JOIN person_keys k ON k.shop_id = $1 AND k.person_id = p.id
      WHERE k.kind = 'customer' AND k.identifies
      LIMIT 100`,
    [shopId, personId],
  );
  return rows.map((row) => row.hash);
}
