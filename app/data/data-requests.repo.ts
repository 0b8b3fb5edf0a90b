import type { Tx } from "./tenant.ts";

export type DataRequest = {
  readonly id: string;
  /** Null when nobody of the request's keys is known. */
  readonly personId: string | null;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
};

/** Notes that somebody asked for their data. */
export async function addDataRequest(tx: Tx, shopId: string, request: DataRequest): Promise<void> {
  await tx.execute(
    "INSERT INTO data_requests (shop_id, id, person_id, requested_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    [shopId, request.id, request.personId, request.requestedAt, request.expiresAt],
  );
}

/** @returns requests that can still be fetched, the first hundred, oldest first; `id` narrows them to one */
export function dataRequests(
  tx: Tx,
  args: { shopId: string; now: Date; id?: string | undefined },
): Promise<DataRequest[]> {
  return tx.query<DataRequest>(
    `SELECT id, person_id AS "personId", requested_at AS "requestedAt", expires_at AS "expiresAt" FROM data_requests
      WHERE shop_id = $1 AND expires_at > $2 AND ($3::uuid IS NULL OR id = $3) ORDER BY requested_at, id LIMIT 100`,
    [args.shopId, args.now, args.id ?? null],
  );
}

/** Forgets requests whose time is over. @returns how many */
export function forgetOldRequests(tx: Tx, shopId: string, now: Date): Promise<number> {
  return tx.execute("DELETE FROM data_requests WHERE shop_id = $1 AND expires_at <= $2", [shopId, now]);
}

/** What is kept of a person, by where it lies; of others only that there is something. `$2`: every name they have had. */
const SECTIONS = {
  links: `SELECT code, state, created_at AS "createdAt" FROM codes WHERE shop_id = $1 AND person_id = ANY ($2) ORDER BY created_at`,
  names: `SELECT a.alias, a.created_at AS "createdAt" FROM code_aliases a JOIN codes c ON c.shop_id = a.shop_id AND c.id = a.code_id
           WHERE a.shop_id = $1 AND c.person_id = ANY ($2) ORDER BY a.created_at`,
  referred: `SELECT state, reason, qualifying_order::text AS "orderId", opened_at AS "openedAt", order_at AS "orderAt",
                    paid_at AS "paidAt", decided_at AS "decidedAt", evidence -> 'clickedAt' AS "tappedAtMs",
                    evidence -> 'carrier' AS carrier, evidence -> 'referrerHost' AS "cameFrom"
               FROM referrals WHERE shop_id = $1 AND friend_person = ANY ($2) ORDER BY opened_at`,
  referrals: `SELECT state, opened_at AS "openedAt", decided_at AS "decidedAt" FROM referrals
               WHERE shop_id = $1 AND referrer_person = ANY ($2) ORDER BY opened_at`,
  rewards: `SELECT kind, status, unit, amount::text AS "amountInSmallestUnit", code, created_at AS "createdAt", expires_at AS "expiresAt"
              FROM rewards WHERE shop_id = $1 AND person_id = ANY ($2) ORDER BY created_at`,
  claims: `SELECT claimed_at AS "claimedAt", state, welcome_code AS "welcomeCode" FROM claims
            WHERE shop_id = $1 AND email_hash IN (SELECT hash FROM person_keys WHERE shop_id = $1 AND kind = 'email' AND person_id = ANY ($2))
            ORDER BY claimed_at`,
  messages: `SELECT channel, state, created_at AS "createdAt", ended_at AS "endedAt" FROM notes
              WHERE shop_id = $1 AND person_id = ANY ($2) ORDER BY created_at`,
  cases: `SELECT kind, state, decision, opened_at AS "openedAt" FROM cases
           WHERE shop_id = $1 AND person_id = ANY ($2) ORDER BY opened_at`,
  hashedTraces: `SELECT kind, count(*)::int AS count FROM person_keys WHERE shop_id = $1 AND person_id = ANY ($2) GROUP BY kind ORDER BY kind`,
} as const;

export type HeldSection = keyof typeof SECTIONS;
export type HeldRows = { readonly [Section in HeldSection]: readonly Readonly<Record<string, unknown>>[] };

/** Everything that is held of a person, under all the names they have had, as plain rows. */
export async function heldOf(tx: Tx, shopId: string, personId: string): Promise<HeldRows> {
  const family = await tx.query<{ id: string }>(
    `SELECT p.id FROM people p JOIN people own ON own.shop_id = p.shop_id AND own.id = $2
      WHERE p.shop_id = $1 AND coalesce(own.merged_into, own.id) IN (p.id, p.merged_into)`,
    [shopId, personId],
  );
  const people = family.map(({ id }) => id);
  const rows = async (section: HeldSection) => tx.query<Record<string, unknown>>(SECTIONS[section], [shopId, people]);
  return {
    links: await rows("links"),
    names: await rows("names"),
    referred: await rows("referred"),
    referrals: await rows("referrals"),
    rewards: await rows("rewards"),
    claims: await rows("claims"),
    messages: await rows("messages"),
    cases: await rows("cases"),
    hashedTraces: await rows("hashedTraces"),
  };
}
