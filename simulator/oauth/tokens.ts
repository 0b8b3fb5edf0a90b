import { randomHex } from "../world/ids.ts";
import type { AccessToken, Installation, RefreshToken } from "../world/installation-types.ts";
import type { Shop } from "../world/types.ts";

export const ACCESS_TOKEN_LIFE_MS = 3_600_000;
export const REFRESH_TOKEN_LIFE_MS = 90 * 86_400_000;

export type IssuedTokens = { readonly access: AccessToken; readonly refresh: RefreshToken | null };

/** Issues an access token and, when it expires, a refresh token beside it. */
export function issueTokens(
  installation: Installation,
  options: { readonly mode: "offline" | "online"; readonly expiring: boolean },
): IssuedTokens {
  const refresh = options.expiring && options.mode === "offline" ? newRefreshToken(installation) : null;
  return { access: newAccessToken(installation, { ...options, refreshToken: refresh?.token ?? null }), refresh };
}

/**
 * Exchanges a refresh token. It rotates: the answer holds a new one. The old one may be sent again (an answer got lost)
 * until the new one is used; then it is dead. Null when the token is unknown, dead or expired.
 */
export function refreshTokens(installation: Installation, token: string): IssuedTokens | null {
  const used = installation.refreshTokens.get(token);
  if (used === undefined || used.dead || used.expiresAtMs <= Date.now()) return null;
  for (const older of installation.refreshTokens.values()) if (older.replacedBy === token) older.dead = true;
  const known = used.replacedBy === null ? undefined : installation.refreshTokens.get(used.replacedBy);
  const replacement = known ?? newRefreshToken(installation);
  used.replacedBy = replacement.token;
  const access = newAccessToken(installation, { mode: "offline", expiring: true, refreshToken: replacement.token });
  return { access, refresh: replacement };
}

/** Finds a live access token of a shop; null when the app is not installed or the token is unknown or expired. */
export function findAccessToken(shop: Shop, token: string): AccessToken | null {
  const found = shop.installation?.accessTokens.get(token);
  if (found === undefined) return null;
  return found.expiresAtMs !== null && found.expiresAtMs <= Date.now() ? null : found;
}

function newAccessToken(
  installation: Installation,
  options: { mode: "offline" | "online"; expiring: boolean; refreshToken: string | null },
): AccessToken {
  const access: AccessToken = {
    token: `shpat_${randomHex(16)}`,
    mode: options.mode,
    scopes: installation.scopes,
    expiresAtMs: options.expiring ? Date.now() + ACCESS_TOKEN_LIFE_MS : null,
    refreshToken: options.refreshToken,
  };
  installation.accessTokens.set(access.token, access);
  return access;
}

function newRefreshToken(installation: Installation): RefreshToken {
  const refresh: RefreshToken = {
    token: `shprt_${randomHex(16)}`,
    expiresAtMs: Date.now() + REFRESH_TOKEN_LIFE_MS,
    replacedBy: null,
    dead: false,
  };
  installation.refreshTokens.set(refresh.token, refresh);
  return refresh;
}
