import Fastify, { type FastifyInstance } from "fastify";
import { registerAccount } from "./account/register.ts";
import { registerAdmin } from "./admin/register.ts";
import { loadAppConfig } from "./app-config.ts";
import type { Simulator } from "./context.ts";
import { registerControl } from "./control/routes.ts";
import { createFaultBoard } from "./faults/faults.ts";
import { registerGraphql } from "./graphql/route.ts";
import { createThrottle, type BucketSize } from "./graphql/throttle.ts";
import { startMailSink } from "./mail/sink.ts";
import { registerOauth } from "./oauth/routes.ts";
import { registerExtensions } from "./extensions/register.ts";
import { registerPages } from "./pages/register.ts";
import { registerStorefront } from "./storefront/register.ts";
import { startDispatcher } from "./webhooks/dispatcher.ts";
import { registerWords } from "./words/route.ts";
import { createWorld, WorldError, type World } from "./world/world.ts";

export type SimulatorOptions = {
  /** 0 takes a free port. */
  readonly port: number;
  /** Where the app is, "http://localhost:3000". */
  readonly appUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Absent: no mail sink. 0 takes a free port. */
  readonly smtpPort?: number | undefined;
  /** The app's configuration file; absent: the one of this repository. */
  readonly appTomlPath?: string | undefined;
  /** Size of the Admin API's bucket for each shop; absent: Shopify's standard. */
  readonly bucket?: BucketSize | undefined;
  /** More routes: the pages of storefront and admin. Called before the server listens. */
  readonly extend?: ((server: FastifyInstance, simulator: Simulator) => void) | undefined;
};

export type RunningSimulator = {
  readonly url: string;
  readonly port: number;
  readonly smtpPort: number | null;
  readonly world: World;
  readonly simulator: Simulator;
  close(): Promise<void>;
};

const BODY_BYTES_MAX = 4_000_000;

/** Starts the pretend Shopify. Rejects when a port is in use or the app's configuration cannot be read. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const world = createWorld({ appUrl: options.appUrl, apiKey: options.apiKey, apiSecret: options.apiSecret });
  const config = loadAppConfig(options.appTomlPath);
  const simulator: Simulator = {
    world,
    config,
    faults: createFaultBoard(),
    dispatcher: startDispatcher(world, config),
    throttle: createThrottle(options.bucket),
  };
  const server = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  });
  acceptForms(server);
  explainErrors(server);
  registerOauth(server, simulator);
  registerGraphql(server, simulator);
  registerControl(server, simulator);
  registerWords(server, simulator);
  registerPages(server, simulator);
  registerAdmin(server, simulator);
  registerStorefront(server, simulator);
  registerAccount(server, simulator);
  registerExtensions(server, simulator);
  options.extend?.(server, simulator);
  const mail = options.smtpPort === undefined ? null : await startMailSink(world, options.smtpPort);
  try {
    await server.listen({ port: options.port, host: "127.0.0.1" });
  } catch (error) {
    await mail?.close();
    throw error;
  }
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  world.url = `http://localhost:${port}`;
  return {
    url: world.url,
    port,
    smtpPort: mail?.port ?? null,
    world,
    simulator,
    async close() {
      simulator.dispatcher.stop();
      world.clock.stop();
      for (const timer of world.background) clearTimeout(timer);
      await Promise.all([server.close(), mail?.close()]);
    },
  };
}

function acceptForms(server: FastifyInstance): void {
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? {} : JSON.parse(body.toString()));
    } catch (error) {
      done(new WorldError(`The body is not JSON: ${error instanceof Error ? error.message : "unreadable"}`, 400));
    }
  });
}

function explainErrors(server: FastifyInstance): void {
  server.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof WorldError ? error.status : statusOf(error);
    const message = error instanceof Error ? error.message : String(error);
    await reply.code(status).send({ error: { code: status < 500 ? "refused" : "simulator_failed", message } });
  });
}

function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : null;
  return typeof status === "number" && status >= 400 ? status : 500;
}
