import type { Pools } from "#app/data/pools.ts";
import { lockSession, offlineSessionId, readSession, removeSessions, saveSession } from "#app/data/session.repo.ts";
import type { StoredSession } from "#app/data/session.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { TokenRefresher, Unauthorised, Wait } from "#app/usecases/ports.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };
type AccessToken = { readonly outcome: "ok"; readonly token: string };

/** Access tokens live for an hour; one that is about to end is renewed before a call can meet its end. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** A token is handed out again for so long without another look: work on one shop makes many calls in a row. */
const REMEMBERED_MS = 5_000;
const REMEMBERED_MAX = 10_000;

/**
 * Gives workers a shop's access token and renews it when it is about to end. Renewal holds the session's row, looks
 * again, and stores both tokens in that transaction: ten callers in any number of processes make one request. It is the
 * one place where a network call is made inside a transaction, since the lock is what it is for; its time-out is short.
 * A token that was ended meanwhile is refused by Shopify, and then looked up.
 *
 * @param deps.clock Real time, also in the demo: tokens live on it on both sides.
 */
export function createAccessTokens(
  deps: { pools: Pools; keys: Keys; clock: Clock; refresh: TokenRefresher },
  rememberedMax = REMEMBERED_MAX,
) {
  const renewing = new Map<string, Promise<AccessToken | Wait | Unauthorised>>();
  const remembered = new Map<string, { readonly answer: AccessToken; readonly untilMs: number }>();

  function remember(shopId: string, answer: AccessToken): void {
    remembered.delete(shopId);
    remembered.set(shopId, { answer, untilMs: deps.clock.now().getTime() + REMEMBERED_MS });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= rememberedMax) break;
      remembered.delete(oldest);
    }
  }

  /**
   * @param refused The token that Shopify has just refused, if one was: it is not handed out again.
   * @param from "stored" looks the token up, also when one is remembered.
   */
  return async function accessTokenFor(
    shop: ShopRef,
    refused?: string,
    from: "memory" | "stored" = "memory",
  ): Promise<AccessToken | Wait | Unauthorised> {
    const known = from === "memory" ? remembered.get(shop.shopId) : undefined;
    const isGood = known !== undefined && known.answer.token !== refused && deps.clock.now().getTime() < known.untilMs;
    if (isGood) return known.answer;
    const id = offlineSessionId(shop.domain);
    const session = await inShop(deps.pools, shop.shopId, (tx) => readSession(tx, deps.keys, shop.shopId, id));
    if (session === null) return { outcome: "unauthorised" };
    const usable = usableToken(session, deps.clock.now(), refused);
    if (usable !== null) {
      const answer: AccessToken = { outcome: "ok", token: usable };
      remember(shop.shopId, answer);
      return answer;
    }
    // Callers of this process share one renewal, so that they do not hold a connection each while they wait.
    const key = `${shop.shopId} ${refused ?? ""}`;
    const underWay = renewing.get(key) ?? renew(deps, shop, refused).finally(() => renewing.delete(key));
    renewing.set(key, underWay);
    return underWay;
  };
}

async function renew(
  deps: { pools: Pools; keys: Keys; clock: Clock; refresh: TokenRefresher },
  shop: ShopRef,
  refused: string | undefined,
): Promise<AccessToken | Wait | Unauthorised> {
  const { shopId } = shop;
  const id = offlineSessionId(shop.domain);
  return inShop(deps.pools, shopId, async (tx) => {
    const session = await lockSession(tx, deps.keys, shopId, id);
    const usable = usableToken(session, deps.clock.now(), refused);
    if (usable !== null) return { outcome: "ok", token: usable };
    if (session?.refreshToken == null) return { outcome: "unauthorised" };
    const renewed = await deps.refresh(shop.domain, session.refreshToken);
    if (renewed.outcome === "unauthorised") {
      // The refresh token is dead; the next time the merchant opens the app it makes a new session.
      await removeSessions(tx, shopId, [id]);
      return renewed;
    }
    if (renewed.outcome !== "ok") return renewed;
    const now = deps.clock.now();
    const next: StoredSession = {
      ...session,
      accessToken: renewed.accessToken,
      refreshToken: renewed.refreshToken,
      scope: renewed.scope ?? session.scope,
      expiresAt: new Date(now.getTime() + renewed.expiresInMs),
      refreshExpiresAt: new Date(now.getTime() + renewed.refreshExpiresInMs),
    };
    await saveSession(tx, deps.keys, shopId, next, now);
    return { outcome: "ok", token: renewed.accessToken };
  });
}

function usableToken(session: StoredSession | null, now: Date, refused: string | undefined): string | null {
  if (session?.accessToken == null || session.accessToken === refused) return null;
  const isEnding = session.expiresAt !== null && session.expiresAt.getTime() - RENEW_BEFORE_MS <= now.getTime();
  return isEnding ? null : session.accessToken;
}
