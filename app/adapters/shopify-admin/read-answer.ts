import { z } from "zod";
import type { ChangeTrouble, ReadTrouble } from "#app/usecases/ports.ts";
import type { ThrottleStatus } from "./cost-limiter.ts";
import type { AdminOperation } from "./operation.ts";

export type Answer<Data> = {
  readonly result: { readonly outcome: "ok"; readonly data: Data } | ChangeTrouble;
  readonly throttle: ThrottleStatus | null;
};

const THROTTLED_RETRY_MS = 2_000;
const UNAVAILABLE_RETRY_MS = 5_000;
/** A frozen or unpaid shop stays so for long: ask again in an hour. */
const SHOP_CLOSED_RETRY_MS = 3_600_000;
const RETRY_AFTER_SECONDS_MAX = 3_600;

const GraphqlError = z.object({
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.object({ code: z.string().optional() }).optional(),
});

const Body = z.object({
  data: z.unknown().optional(),
  errors: z.union([z.array(GraphqlError), z.string()]).optional(),
  extensions: z
    .object({
      cost: z
        .object({
          requestedQueryCost: z.number().nullable().optional(),
          throttleStatus: z
            .object({ maximumAvailable: z.number(), currentlyAvailable: z.number(), restoreRate: z.number() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

/**
 * Makes an outcome of an HTTP answer of the Admin API.
 *
 * @param status HTTP status.
 * @param retryAfter The Retry-After header, in seconds, or null.
 * @param text The body, or null when it could not be read to its end.
 */
export function readAnswer<Data>(
  operation: AdminOperation<Data>,
  status: number,
  retryAfter: string | null,
  text: string | null,
): Answer<Data> {
  const byStatus = troubleOfStatus(operation.kind, status, retryAfter);
  if (byStatus !== null) return { result: byStatus, throttle: null };
  const body = parseBody(text);
  // A change whose answer is unreadable may have been made.
  if (body === null) return { result: unanswered(operation.kind), throttle: null };
  const throttle = body.extensions?.cost?.throttleStatus ?? null;
  if (body.errors !== undefined && !isOnlyWithheld(operation, body.errors))
    return { result: troubleOfErrors(operation, body, throttle), throttle };
  const data = operation.data.safeParse(body.data);
  if (data.success) return { result: { outcome: "ok", data: data.data }, throttle };
  return {
    result: operation.kind === "change" ? { outcome: "unknown" } : { outcome: "refused", code: "INVALID_ANSWER" },
    throttle,
  };
}

/** What it means that no answer came at all. */
export function unanswered(kind: "read" | "change"): ChangeTrouble {
  return kind === "change" ? { outcome: "unknown" } : { outcome: "unavailable", retryAfterMs: UNAVAILABLE_RETRY_MS };
}

/** The call never reached Shopify, so nothing can have been done. */
export function unreached(): ReadTrouble {
  return { outcome: "unavailable", retryAfterMs: UNAVAILABLE_RETRY_MS };
}

function troubleOfStatus(kind: "read" | "change", status: number, retryAfter: string | null): ChangeTrouble | null {
  if (status === 401) return { outcome: "unauthorised" };
  if (status === 402 || status === 403 || status === 404 || status === 423)
    return { outcome: "unavailable", retryAfterMs: SHOP_CLOSED_RETRY_MS };
  if (status === 429) return { outcome: "throttled", retryAfterMs: retryAfterMsOf(retryAfter) };
  if (status >= 500) return unanswered(kind);
  if (status >= 400) return { outcome: "refused", code: `HTTP_${status}` };
  return null;
}

function retryAfterMsOf(header: string | null): number {
  const seconds = Number(header ?? "");
  if (header === null || !Number.isFinite(seconds) || seconds < 0) return THROTTLED_RETRY_MS;
  return Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1_000;
}

function parseBody(text: string | null): z.infer<typeof Body> | null {
  if (text === null) return null;
  try {
    return Body.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/**
 * Whether a read is whole but for protected fields inside it: a shop's access level may withhold them at any time, and
 * everything here works without them. A root field that is denied is no such case: its null would read as "not there".
 */
function isOnlyWithheld(
  { kind, isAllOrNothing }: Pick<AdminOperation<unknown>, "kind" | "isAllOrNothing">,
  errors: readonly z.infer<typeof GraphqlError>[] | string,
): boolean {
  if (kind === "change" || isAllOrNothing || typeof errors === "string" || errors.length === 0) return false;
  return errors.every((error) => error.extensions?.code === "ACCESS_DENIED" && (error.path?.length ?? 0) > 1);
}

function troubleOfErrors(
  operation: AdminOperation<unknown>,
  body: z.infer<typeof Body>,
  throttle: ThrottleStatus | null,
): ChangeTrouble {
  const codes =
    typeof body.errors === "string" ? [body.errors] : (body.errors ?? []).map((e) => e.extensions?.code ?? "UNKNOWN");
  if (codes.includes("THROTTLED")) return { outcome: "throttled", retryAfterMs: throttledMs(body, throttle) };
  if (codes.includes("INTERNAL_SERVER_ERROR") || codes.includes("TIMEOUT")) return unanswered(operation.kind);
  return { outcome: "refused", code: codes[0] ?? "UNKNOWN" };
}

/** How long until the bucket holds enough for the same call again. */
function throttledMs(body: z.infer<typeof Body>, throttle: ThrottleStatus | null): number {
  const cost = body.extensions?.cost?.requestedQueryCost ?? null;
  if (throttle === null || cost === null) return THROTTLED_RETRY_MS;
  const missing = Math.max(0, cost - throttle.currentlyAvailable);
  return Math.max(500, Math.ceil((missing / Math.max(1, throttle.restoreRate)) * 1_000));
}
