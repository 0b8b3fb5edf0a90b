// The web process: both doors in one Fastify. With --all it runs the workers as well, which is all a small shop needs.
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { fileURLToPath } from "node:url";
import { createCodeDirectory } from "./data/code-directory.repo.ts";
import { assertRuntimeRoles } from "./data/runtime-roles.ts";
import { buildDeps } from "./deps.server.ts";
import type { Deps } from "./deps.server.ts";
import { createClickLog } from "./edge/click-log.ts";
import { createDoorCommits } from "./edge/commits.ts";
import { registerCard } from "./edge/card.ts";
import { registerAdminApi } from "./edge/admin-api.ts";
import { registerCustomerApi } from "./edge/customer-api.ts";
import { registerLanding } from "./edge/landing.ts";
import { registerLink } from "./edge/link.ts";
import { registerPixel } from "./edge/pixel.ts";
import { registerProxyApi } from "./edge/proxy-api.ts";
import { registerQr } from "./edge/qr.ts";
import { createStorefrontLimits } from "./edge/rate-limit.ts";
import { hmacSecrets } from "./edge/secrets.ts";
import { registerSimulated } from "./edge/simulated.ts";
import { registerUnsubscribe } from "./edge/unsubscribe.ts";
import { registerWebhooks } from "./edge/webhooks.ts";
import { startWorkers } from "./jobs/workers.ts";
import { openClickToken } from "./platform/click-token.ts";
import { loadEnv } from "./platform/env.ts";
import { onShutdown, registerOperatorDoor, runtimeDatabase, sweepEveryMs } from "./process.ts";
import { mountRemix } from "./remix-fastify.ts";
import { stopMails } from "./usecases/stop-mails.ts";

const BODY_BYTES_MAX = 1024 * 1024;
/** Longer than any answer of ours may take; after it the connection is closed, so that a slow sender holds nothing. */
const REQUEST_TIMEOUT_MS = 15_000;
const BUILD_PATH = fileURLToPath(new URL("../build", import.meta.url));

const env = loadEnv(process.env);
const database = await runtimeDatabase(env);
const deps = await buildDeps(env, database.databaseUrl);
await assertRuntimeRoles(deps.pools);
const workers = process.argv.includes("--all")
  ? startWorkers({ queues: deps.queues, jobs: deps.jobs, logger: deps.logger, sweepEveryMs: sweepEveryMs(env) })
  : null;
if (workers !== null) deps.onTimeMoved(() => workers.sweepNow());
const app = await listen(deps);
onShutdown(deps.logger, async () => {
  await app.close();
  await workers?.close();
  await deps.close();
  await database.stop();
});

/** Opens the doors. The hot path never meets Remix: it is registered beside it, in scopes of its own. */
async function listen(parts: Deps): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
  });
  const { pools, clock, keys, shops, logger, metrics, ringer, goodword } = parts;
  const secrets = hmacSecrets(env);
  const commits = createDoorCommits({ pools, metrics });
  const door = { shops, keys, secrets, clock, logger, metrics, ringer, deliveries: commits.deliveries };
  const codes = createCodeDirectory({ pools, clock });
  registerQr(server, { shops, codes, secrets, logger });
  registerCard(server, { ...goodword, secrets });
  const codeOf = (token: string): string | null => {
    const opened = openClickToken(keys, token);
    return opened.outcome === "genuine" ? opened.facts.codeText : null;
  };
  const limits = createStorefrontLimits({ codeOf });
  registerLanding(server, { ...goodword, secrets, limits });
  registerLink(server, {
    ...door,
    codes,
    clickLog: createClickLog({ clicks: commits.clicks, logger }),
    answer: env.LINK_ANSWER,
    limits,
  });
  registerWebhooks(server, door);
  registerPixel(server, door);
  registerCustomerApi(server, { ...goodword, limits });
  registerAdminApi(server, goodword);
  registerProxyApi(server, { ...goodword, limits });
  registerUnsubscribe(server, { stopMails: (token) => stopMails(parts, token) });
  registerOperatorDoor(server, parts);
  if (env.SHOPIFY_SIMULATOR_URL !== undefined) registerSimulated(server, parts);
  await mountRemix(server, { buildPath: BUILD_PATH, getLoadContext: () => ({ goodword, embedding: { shop: null } }) });
  await server.listen({ port: env.PORT, host: env.HOST });
  logger.info({ port: env.PORT, mode: env.GOODWORD_MODE }, "goodword is listening");
  return server;
}
