import type { Tx } from "#app/data/tenant.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Keys } from "#app/platform/keys.ts";

/** A session with Shopify. Of a member of staff only the id is kept: no name, no e-mail. */
export type StoredSession = {
  readonly id: string;
  readonly domain: string;
  readonly state: string;
  readonly isOnline: boolean;
  readonly scope: string | null;
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly expiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly userId: bigint | null;
  readonly userScope: string | null;
};

type SessionRow = Omit<StoredSession, "accessToken" | "refreshToken"> & {
  readonly accessToken: Buffer | null;
  readonly refreshToken: Buffer | null;
};

type Column = "access_token" | "refresh_token";

const COLUMNS = `id, domain, state, is_online AS "isOnline", scope, access_token AS "accessToken", refresh_token AS "refreshToken",
  expires_at AS "expiresAt", refresh_expires_at AS "refreshExpiresAt", user_id AS "userId", user_scope AS "userScope"`;

/** Id of a shop's offline session, as Shopify's library writes it. */
export function offlineSessionId(domain: string): string {
  return `offline_${domain}`;
}

/** @returns one session with its tokens opened, or null. A token sealed under a key that is gone reads as null. */
export async function readSession(tx: Tx, keys: Keys, shopId: string, id: string): Promise<StoredSession | null> {
  const rows = await tx.query<SessionRow>(`SELECT ${COLUMNS} FROM sessions WHERE shop_id = $1 AND id = $2`, [
    shopId,
    id,
  ]);
  return rows[0] ? opened(keys, shopId, rows[0]) : null;
}

/** As `readSession`, holding the row until the transaction ends: whoever renews its tokens is alone. */
export async function lockSession(tx: Tx, keys: Keys, shopId: string, id: string): Promise<StoredSession | null> {
  const rows = await tx.query<SessionRow>(`SELECT ${COLUMNS} FROM sessions WHERE shop_id = $1 AND id = $2 FOR UPDATE`, [
    shopId,
    id,
  ]);
  return rows[0] ? opened(keys, shopId, rows[0]) : null;
}

/** @returns every session of a shop. */
export async function readSessions(tx: Tx, keys: Keys, shopId: string): Promise<StoredSession[]> {
  const rows = await tx.query<SessionRow>(`SELECT ${COLUMNS} FROM sessions WHERE shop_id = $1 ORDER BY id LIMIT 1000`, [
    shopId,
  ]);
  return rows.map((row) => opened(keys, shopId, row));
}

/** Stores a session, its tokens sealed and both of them replaced in one statement. */
export async function saveSession(
  tx: Tx,
  keys: Keys,
  shopId: string,
  session: StoredSession,
  now: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO sessions (shop_id, id, domain, state, is_online, scope, access_token, refresh_token, expires_at,
                           refresh_expires_at, user_id, user_scope, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (shop_id, id) DO UPDATE SET domain = excluded.domain, state = excluded.state, is_online = excluded.is_online,
       scope = excluded.scope, access_token = excluded.access_token, refresh_token = excluded.refresh_token,
       expires_at = excluded.expires_at, refresh_expires_at = excluded.refresh_expires_at, user_id = excluded.user_id,
       user_scope = excluded.user_scope, updated_at = excluded.updated_at`,
    [
      shopId,
      session.id,
      session.domain,
      session.state,
      session.isOnline,
      session.scope,
      sealed(keys, shopId, session.id, "access_token", session.accessToken),
      sealed(keys, shopId, session.id, "refresh_token", session.refreshToken),
      session.expiresAt,
      session.refreshToken === null ? null : session.refreshExpiresAt,
      session.userId,
      session.userScope,
      now,
    ],
  );
}

/** Lets a shop's token end now, so that the next call asks for one with the scopes that were granted meanwhile. */
export async function endAccessToken(tx: Tx, shopId: string, id: string): Promise<void> {
  await tx.execute(
    "UPDATE sessions SET expires_at = 'epoch' WHERE shop_id = $1 AND id = $2 AND refresh_token IS NOT NULL",
    [shopId, id],
  );
}

/** Forgets the given sessions of a shop. @returns how many there were */
export async function removeSessions(tx: Tx, shopId: string, ids: readonly string[]): Promise<number> {
  return tx.execute("DELETE FROM sessions WHERE shop_id = $1 AND id = ANY ($2::text[])", [shopId, ids]);
}

/** Forgets every session of a shop: after an uninstall none of its tokens works any more. */
export async function removeAllSessions(tx: Tx, shopId: string): Promise<number> {
  return tx.execute("DELETE FROM sessions WHERE shop_id = $1", [shopId]);
}

function opened(keys: Keys, shopId: string, row: SessionRow): StoredSession {
  return {
    ...row,
    accessToken: unsealed(keys, shopId, row.id, "access_token", row.accessToken),
    refreshToken: unsealed(keys, shopId, row.id, "refresh_token", row.refreshToken),
  };
}

/** Shop and column are authenticated by the key's purpose, the session by its id inside: a moved token does not open. */
function sealed(keys: Keys, shopId: string, id: string, column: Column, token: string | null): Buffer | null {
  return token === null ? null : keys.wrap(`session-${column}`, shopId, Buffer.from(`${id}\n${token}`));
}

function unsealed(keys: Keys, shopId: string, id: string, column: Column, bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  try {
    const plain = keys.unwrap(`session-${column}`, shopId, bytes).toString();
    return plain.startsWith(`${id}\n`) ? plain.slice(id.length + 1) : null;
  } catch (error) {
    // A session without a token is one that Shopify is asked for again: better than a shop that is locked out for good.
    if (error instanceof AppError && error.code === "sealed_unreadable") return null;
    throw error;
  }
}
