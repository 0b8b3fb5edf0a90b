import { z } from "zod";
import type { TokenRefresher } from "#app/usecases/ports.ts";
import type { FetchLike } from "./simulated-fetch.ts";

const TIMEOUT_MS = 5_000;
const RETRY_MS = 5_000;
/** A refusal for another reason than the token is one of set-up (a wrong secret): no cause to throw a token away. */
const REFUSED_RETRY_MS = 60_000;

const Tokens = z.object({
  access_token: z.string(),
  scope: z.string().optional(),
  expires_in: z.number().positive(),
  refresh_token: z.string(),
  refresh_token_expires_in: z.number().positive(),
});

/** How Shopify says that a refresh token is expired, revoked or superseded. */
const Dead = z.object({ error: z.literal("invalid_grant") });

/**
 * Trades a refresh token for a new pair. The old one stays good until the new one is used, so an answer that is lost
 * costs nothing: the same token is sent again.
 *
 * @param options.fetch Leads to Shopify, or to the pretend one.
 */
export function createTokenRefresher(options: { fetch: FetchLike; apiKey: string; apiSecret: string }): TokenRefresher {
  return async (domain, refreshToken) => {
    const body = JSON.stringify({
      client_id: options.apiKey,
      client_secret: options.apiSecret,
      grant_type: "refresh_token",
      refresh_token: refreshToken,
    });
    const answer = await exchange(options.fetch, `https://${domain}/admin/oauth/access_token`, body);
    if (answer === null || answer.status >= 500 || answer.status === 429)
      return { outcome: "unavailable", retryAfterMs: RETRY_MS };
    if (Dead.safeParse(answer.json).success) return { outcome: "unauthorised" };
    if (answer.status !== 200) return { outcome: "unavailable", retryAfterMs: REFUSED_RETRY_MS };
    const tokens = Tokens.safeParse(answer.json);
    if (!tokens.success) return { outcome: "unavailable", retryAfterMs: RETRY_MS };
    return {
      outcome: "ok",
      accessToken: tokens.data.access_token,
      scope: tokens.data.scope ?? null,
      expiresInMs: tokens.data.expires_in * 1_000,
      refreshToken: tokens.data.refresh_token,
      refreshExpiresInMs: tokens.data.refresh_token_expires_in * 1_000,
    };
  };
}

/** Null when no whole answer came. */
async function exchange(
  fetchLike: FetchLike,
  url: string,
  body: string,
): Promise<{ status: number; json: unknown } | null> {
  try {
    const response = await fetchLike(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, json: JSON.parse(text) };
  } catch (error) {
    // A broken connection, a time-out, a torn body: all of them are "no answer"; anything else is a fault of ours.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return null;
    throw error;
  }
}
