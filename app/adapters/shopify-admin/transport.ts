import type { ChangeTrouble, ReadTrouble } from "#app/usecases/ports.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import type { CostLimiter } from "./cost-limiter.ts";
import type { AdminOperation } from "./operation.ts";
import { readAnswer, unanswered, unreached } from "./read-answer.ts";
import type { Answer } from "./read-answer.ts";
import type { FetchLike } from "./simulated-fetch.ts";

export const ADMIN_API_VERSION = "2026-10";

const CALL_TIMEOUT_MS = 10_000;
const READ_TRIES_MAX = 3;
const READ_RETRY_MS = 200;
/** When Shopify asks for a longer wait than this, coming back is the outbox's business. */
const READ_RETRY_WAIT_MS_MAX = 5_000;

/**
 * A shop's current access token; `refused` names the one Shopify just refused, so that it is replaced. "stored" asks for the
 * one on record, whatever this process remembers.
 */
export type AccessTokens = (
  shop: { readonly shopId: string; readonly domain: string },
  refused?: string,
  from?: "memory" | "stored",
) => Promise<{ readonly outcome: "ok"; readonly token: string } | ReadTrouble>;

export type AdminTransport = {
  read<Data>(shop: ShopRef, operation: AdminOperation<Data>, variables: object): Promise<Sent<Data, ReadTrouble>>;
  change<Data>(shop: ShopRef, operation: AdminOperation<Data>, variables: object): Promise<Sent<Data, ChangeTrouble>>;
};

type ShopRef = { readonly shopId: string; readonly domain: string };
type Sent<Data, Trouble> = { readonly outcome: "ok"; readonly data: Data } | Trouble;

export type TransportDeps = {
  fetch: FetchLike;
  accessTokenFor: AccessTokens;
  limiter: CostLimiter;
  logger: Logger;
  sleepMs: (ms: number) => Promise<void>;
  callTimeoutMs?: number;
  metrics?: Pick<Metrics, "adminCalls" | "adminSeconds">;
};

/**
 * Sends operations to a shop's Admin API. A read is tried up to three times in quick succession. A change is sent once:
 * when its answer is lost the outcome is `unknown`, and only the caller knows where to look. A refused token is replaced
 * and the call repeated once, since a 401 means that nothing was done; so is a call that a newer token may be allowed to make.
 */
export function createAdminTransport(deps: TransportDeps): AdminTransport {
  async function once<Data>(
    shop: ShopRef,
    operation: AdminOperation<Data>,
    variables: object,
  ): Promise<Sent<Data, ChangeTrouble>> {
    const access = await deps.accessTokenFor(shop);
    if (access.outcome !== "ok") return access;
    const first = await limited(deps, shop, operation, variables, access.token);
    const next = await nextToken(deps, shop, access.token, first);
    if (next === null) return first;
    return next.outcome === "ok" ? limited(deps, shop, operation, variables, next.token) : next;
  }

  return {
    change: once,
    async read(shop, operation, variables) {
      for (let tries = 1; ; tries += 1) {
        const result = await once(shop, operation, variables);
        // A read has no unknown outcome: nothing was to be done.
        if (result.outcome === "unknown") return unreached();
        const waits = result.outcome === "throttled" || result.outcome === "unavailable";
        if (!waits || tries >= READ_TRIES_MAX || result.retryAfterMs > READ_RETRY_WAIT_MS_MAX) return result;
        await deps.sleepMs(waitMsBefore(tries, result));
      }
    },
  };
}

/** The token to try once more with, after an answer that says that nothing was done; null when there is no other. */
async function nextToken(
  deps: TransportDeps,
  shop: ShopRef,
  token: string,
  answer: Sent<unknown, ChangeTrouble>,
): Promise<Awaited<ReturnType<AccessTokens>> | null> {
  if (answer.outcome === "unauthorised") return deps.accessTokenFor(shop, token);
  if (answer.outcome !== "refused" || answer.code !== "ACCESS_DENIED") return null;
  // A remembered token lacks what the merchant has allowed since: the one on record may have it.
  const stored = await deps.accessTokenFor(shop, undefined, "stored");
  return stored.outcome === "ok" && stored.token !== token ? stored : null;
}

function waitMsBefore(tries: number, trouble: { outcome: "throttled" | "unavailable"; retryAfterMs: number }): number {
  const backOffMs = READ_RETRY_MS * 2 ** (tries - 1);
  const baseMs = trouble.outcome === "throttled" ? trouble.retryAfterMs : backOffMs;
  return Math.ceil(baseMs * (1 + Math.random() * 0.5));
}

async function limited<Data>(
  deps: TransportDeps,
  shop: ShopRef,
  operation: AdminOperation<Data>,
  variables: object,
  token: string,
): Promise<Sent<Data, ChangeTrouble>> {
  const permit = await deps.limiter.acquire(shop.shopId, operation.costMax);
  if (permit.outcome === "throttled") return permit;
  const startedAtMs = performance.now();
  let answer: Answer<Data> | null = null;
  try {
    answer = await post(deps, shop, operation, variables, token);
  } finally {
    permit.release(answer?.throttle ?? null);
  }
  record(deps, shop, operation, answer.result, performance.now() - startedAtMs);
  return answer.result;
}

function record(
  deps: TransportDeps,
  shop: ShopRef,
  operation: AdminOperation<unknown>,
  result: Answer<unknown>["result"],
  tookMs: number,
): void {
  const { outcome } = result;
  deps.metrics?.adminCalls.inc({ operation: operation.name, outcome });
  deps.metrics?.adminSeconds.observe({ operation: operation.name }, tookMs / 1_000);
  if (outcome === "ok") return;
  const reason = outcome === "refused" ? result.code : undefined;
  const fields = { shopId: shop.shopId, operation: operation.name, outcome, reason, durationMs: Math.round(tookMs) };
  deps.logger.warn(fields, "Admin API call did not succeed");
}

async function post<Data>(
  deps: TransportDeps,
  shop: ShopRef,
  operation: AdminOperation<Data>,
  variables: object,
  token: string,
): Promise<Answer<Data>> {
  let response: Response;
  try {
    response = await deps.fetch(`https://${shop.domain}/admin/api/${ADMIN_API_VERSION}/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "x-shopify-access-token": token },
      body: JSON.stringify({ query: operation.document, variables, operationName: operation.name }),
      signal: AbortSignal.timeout(deps.callTimeoutMs ?? CALL_TIMEOUT_MS),
    });
  } catch (error) {
    return { result: neverConnected(error) ? unreached() : unanswered(operation.kind), throttle: null };
  }
  return readAnswer(operation, response.status, response.headers.get("retry-after"), await textOf(response));
}

async function textOf(response: Response): Promise<string | null> {
  try {
    return await response.text();
  } catch (error) {
    // The connection broke in the middle of the answer; anything else is a fault of this program.
    if (error instanceof TypeError || error instanceof DOMException) return null;
    throw error;
  }
}

/** Errors of the time before a connection stood: the request cannot have been seen by anybody. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function neverConnected(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : null;
  return cause instanceof Error && "code" in cause && NEVER_CONNECTED.has(String(cause.code));
}
