import { hash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { sendError } from "./answer.ts";
import { within } from "./deadline.ts";

const CHECK_BUDGET_MS = 2_000;

export type HealthDeps = {
  /** What this process needs in order to be of use; each resolves when all is well and rejects when it is not. */
  readonly checks: {
    readonly database: () => Promise<unknown>;
    readonly queue: () => Promise<unknown>;
    readonly migrations: () => Promise<unknown>;
  };
  readonly metrics: Metrics;
  /** Bearer token of `/metrics`; open to whoever reaches the port when absent. */
  readonly metricsToken: string | undefined;
  readonly logger: Logger;
};

/**
 * The operator's door. `/healthz`: the process runs. `/readyz`: it can do its work (503 names the check that failed).
 * `/metrics`: what it counts, for Prometheus.
 */
export function registerHealth(app: FastifyInstance, deps: HealthDeps): void {
  app.get("/healthz", async (_request, reply) => reply.header("cache-control", "no-store").send({ status: "ok" }));

  app.get("/readyz", async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(deps.checks).map(([name, check]) => runCheck(deps.logger, name, check)),
    );
    const isReady = results.every(([, result]) => result === "ok");
    const body = { status: isReady ? "ok" : "failed", checks: Object.fromEntries(results) };
    return reply
      .code(isReady ? 200 : 503)
      .header("cache-control", "no-store")
      .send(body);
  });

  app.get("/metrics", async (request, reply) => {
    if (deps.metricsToken !== undefined && !isBearer(request.headers.authorization, deps.metricsToken)) {
      return sendError(reply.header("www-authenticate", "Bearer"), "unauthorised");
    }
    return reply.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
}

async function runCheck(
  logger: Logger,
  name: string,
  check: () => Promise<unknown>,
): Promise<[string, "ok" | "failed" | "late"]> {
  // Inside an async function even a check that throws at once becomes a failure of its own.
  const result = await within((async () => check())(), CHECK_BUDGET_MS);
  if (result.outcome === "failed") logger.warn({ err: result.error, check: name }, "a readiness check failed");
  return [name, result.outcome === "done" ? "ok" : result.outcome];
}

/** Compares digests, so that neither the place of a difference nor the length of the token shows in the time taken. */
function isBearer(header: string | undefined, token: string): boolean {
  return timingSafeEqual(hash("sha256", header ?? "", "buffer"), hash("sha256", `Bearer ${token}`, "buffer"));
}
