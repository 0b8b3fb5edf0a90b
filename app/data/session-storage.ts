import { Session } from "@shopify/shopify-api";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { readSession, readSessions, removeSessions, saveSession } from "#app/data/session.repo.ts";
import type { StoredSession } from "#app/data/session.repo.ts";
import type { Clock } from "#app/platform/clock.ts";
import { shopIdFor } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";

/** What Shopify's library asks of a session storage. */
export type SessionStorage = {
  storeSession(session: Session): Promise<boolean>;
  loadSession(id: string): Promise<Session | undefined>;
  deleteSession(id: string): Promise<boolean>;
  deleteSessions(ids: string[]): Promise<boolean>;
  findSessionsByShop(domain: string): Promise<Session[]>;
};

/**
 * Session storage over the table `sessions`: per shop under row security, tokens sealed, nothing of the staff but an id.
 *
 * @param deps.clock Only notes when a row was last written.
 */
export function createSessionStorage(deps: { pools: Pools; keys: Keys; clock: Clock }): SessionStorage {
  const { pools, keys, clock } = deps;

  async function remove(ids: string[]): Promise<boolean> {
    for (const [domain, own] of Map.groupBy(ids, domainOfSessionId)) {
      if (domain === null) continue;
      const shopId = shopIdFor(domain);
      await inShop(pools, shopId, (tx) => removeSessions(tx, shopId, own));
    }
    return true;
  }

  return {
    async storeSession(session) {
      const shopId = shopIdFor(session.shop);
      await inShop(pools, shopId, (tx) => saveSession(tx, keys, shopId, storedOf(session), clock.now()));
      return true;
    },
    async loadSession(id) {
      const domain = domainOfSessionId(id);
      if (domain === null) return undefined;
      const shopId = shopIdFor(domain);
      const stored = await inShop(pools, shopId, (tx) => readSession(tx, keys, shopId, id));
      return stored === null ? undefined : sessionOf(stored);
    },
    deleteSession: (id) => remove([id]),
    deleteSessions: remove,
    async findSessionsByShop(domain) {
      const shopId = shopIdFor(domain);
      const stored = await inShop(pools, shopId, (tx) => readSessions(tx, keys, shopId));
      return stored.map(sessionOf);
    },
  };
}

/** `offline_{shop}` or `{shop}_{user id}`; the id of any other flow names no shop, and none of them is used. */
function domainOfSessionId(id: string): string | null {
  const match = /^offline_(?<offline>.+)$|^(?<online>.+)_\d+$/.exec(id);
  return match?.groups?.["offline"] ?? match?.groups?.["online"] ?? null;
}

function storedOf(session: Session): StoredSession {
  const user = session.onlineAccessInfo?.associated_user.id;
  return {
    id: session.id,
    domain: session.shop,
    state: session.state,
    isOnline: session.isOnline,
    scope: session.scope ?? null,
    accessToken: session.accessToken ?? null,
    refreshToken: session.refreshToken ?? null,
    expiresAt: session.expires ?? null,
    refreshExpiresAt: session.refreshTokenExpires ?? null,
    userId: user === undefined ? null : BigInt(user),
    userScope: session.onlineAccessInfo?.associated_user_scope ?? null,
  };
}

function sessionOf(stored: StoredSession): Session {
  const entries: [string, string | number | boolean][] = [
    ["id", stored.id],
    ["shop", stored.domain],
    ["state", stored.state],
    ["isOnline", stored.isOnline],
  ];
  if (stored.scope !== null) entries.push(["scope", stored.scope]);
  if (stored.accessToken !== null) entries.push(["accessToken", stored.accessToken]);
  if (stored.expiresAt !== null) entries.push(["expires", stored.expiresAt.getTime()]);
  if (stored.refreshToken !== null) entries.push(["refreshToken", stored.refreshToken]);
  if (stored.refreshExpiresAt !== null) entries.push(["refreshTokenExpires", stored.refreshExpiresAt.getTime()]);
  if (stored.userId !== null) entries.push(["userId", Number(stored.userId)]);
  return Session.fromPropertyArray(entries, true);
}
