// The worker process: answers the bells, sweeps for lost ones, and tells the operator that it lives.
import fastify from "fastify";
import { assertRuntimeRoles } from "./data/runtime-roles.ts";
import { buildDeps } from "./deps.server.ts";
import { startWorkers } from "./jobs/workers.ts";
import { loadEnv } from "./platform/env.ts";
import { onShutdown, registerOperatorDoor, runtimeDatabase, sweepEveryMs } from "./process.ts";

const env = loadEnv(process.env);
const database = await runtimeDatabase(env);
const deps = await buildDeps(env, database.databaseUrl);
await assertRuntimeRoles(deps.pools);
const workers = startWorkers({
  queues: deps.queues,
  jobs: deps.jobs,
  logger: deps.logger,
  sweepEveryMs: sweepEveryMs(env),
});
deps.onTimeMoved(() => workers.sweepNow());
const server = fastify({ logger: false });
registerOperatorDoor(server, deps);
await server.listen({ port: env.PORT, host: env.HOST });
deps.logger.info({ port: env.PORT, mode: env.GOODWORD_MODE }, "goodword's worker is at work");
onShutdown(deps.logger, async () => {
  await workers.close();
  await server.close();
  await deps.close();
  await database.stop();
});
