import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FaultBoard } from "./faults.ts";

type Answer = { readonly status: number; readonly body: unknown };
type Exchange = {
  readonly faults: FaultBoard;
  readonly labels: readonly string[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Ends the access token that the request came with, where it has one. */
  readonly endToken?: () => void;
};

const RETRY_AFTER_SECONDS = 2;
/** What Shopify says to a token that it does not know, or knows no longer. */
export const UNKNOWN_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)";

const THROTTLED_BODY = {
  errors: [
    {
      message: "Throttled",
      extensions: { code: "THROTTLED", documentation: "https://shopify.dev/api/usage/rate-limits" },
    },
  ],
  extensions: {
    cost: {
      requestedQueryCost: 10,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 0, restoreRate: 100 },
    },
  },
} as const;

/** Answers a request with what `apply` gives, unless a fault that is switched on spoils it before or after. */
export async function withFault(
  { faults, labels, request, reply, endToken }: Exchange,
  apply: () => Promise<Answer>,
): Promise<void> {
  const fault = faults.pick(labels);
  const hangUp = (): void => {
    reply.hijack();
    request.raw.socket.destroy();
  };
  const answer = async (): Promise<void> => {
    const { status, body } = await apply();
    await reply.code(status).send(body);
  };
  switch (fault?.kind) {
    case undefined:
      return answer();
    case "latency":
      await sleep(fault.ms);
      return answer();
    case "5xx":
      await reply.code(503).send({ errors: "Internal Server Error" });
      return;
    case "429":
      await reply
        .code(429)
        .header("retry-after", `${RETRY_AFTER_SECONDS}.0`)
        .send({ errors: "Exceeded 2 calls per second for api client." });
      return;
    case "throttled":
      await reply.code(200).send(THROTTLED_BODY);
      return;
    case "reset":
      hangUp();
      return;
    case "timeout_after_apply":
      await apply();
      await sleep(fault.ms, undefined, { ref: false });
      hangUp();
      return;
    case "not_found": {
      const { status, body } = await apply();
      await reply.code(status).send(withoutData(body));
      return;
    }
    case "401":
      endToken?.();
      await reply.code(401).send({ errors: UNKNOWN_TOKEN });
      return;
    case "refresh_response_lost":
      await apply();
      hangUp();
      return;
  }
}

/** The same answer, with null for everything that was asked for: what was just made is not shown yet. */
function withoutData(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("data" in body)) return body;
  const { data } = body;
  const names = typeof data === "object" && data !== null ? Object.keys(data) : [];
  return { ...body, data: Object.fromEntries(names.map((name) => [name, null])) };
}
