import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FaultBoard } from "./faults.ts";

type Answer = { readonly status: number; readonly body: unknown };
type Exchange = {
  readonly faults: FaultBoard;
  readonly labels: readonly string[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

const RETRY_AFTER_SECONDS = 2;

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
  { faults, labels, request, reply }: Exchange,
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
    case "refresh_response_lost":
      await apply();
      hangUp();
      return;
  }
}
