import Fastify from "fastify";
import { expect, test } from "vitest";
import { createLogger } from "#app/platform/logger.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { registerHealth } from "./health.ts";
import type { HealthDeps } from "./health.ts";

const FINE = { database: async () => undefined, queue: async () => undefined, migrations: async () => undefined };

function build(changes: Partial<HealthDeps> = {}) {
  const app = Fastify();
  registerHealth(app, {
    checks: FINE,
    metrics: createMetrics(),
    metricsToken: undefined,
    logger: createLogger({ LOG_LEVEL: "silent" }),
    ...changes,
  });
  return app;
}

test("healthz answers while the process runs, whatever else does", async () => {
  const failing = { ...FINE, database: () => Promise.reject(new Error("away")) };
  expect((await build({ checks: failing }).inject("/healthz")).statusCode).toBe(200);
});

test("readyz names the check that failed", async () => {
  expect((await build().inject("/readyz")).json()).toEqual({
    status: "ok",
    checks: { database: "ok", queue: "ok", migrations: "ok" },
  });
  const failing = {
    ...FINE,
    queue: () => {
      throw new Error("away");
    },
  };
  const response = await build({ checks: failing }).inject("/readyz");
  expect([response.statusCode, response.json()]).toEqual([
    503,
    { status: "failed", checks: { database: "ok", queue: "failed", migrations: "ok" } },
  ]);
});

test("metrics are told to whoever holds the token, and to everybody when there is none", async () => {
  const closed = build({ metricsToken: "a-token-of-metrics" });
  expect((await closed.inject("/metrics")).statusCode).toBe(401);
  expect((await closed.inject({ url: "/metrics", headers: { authorization: "Bearer another" } })).statusCode).toBe(401);
  const told = await closed.inject({ url: "/metrics", headers: { authorization: "Bearer a-token-of-metrics" } });
  expect([told.statusCode, told.body.includes("goodword_link_taps_total")]).toEqual([200, true]);
  expect((await build().inject("/metrics")).statusCode).toBe(200);
});
