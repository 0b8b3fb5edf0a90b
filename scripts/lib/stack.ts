import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../app/platform/embedded-postgres.ts";
import type { EmbeddedPostgres } from "../../app/platform/embedded-postgres.ts";
import { startChild, waitUntilUp } from "./child.ts";
import type { Child } from "./child.ts";
import { layMigratedCluster, MIGRATED_DATABASE } from "./migrated-cluster.ts";
import type { Ports } from "./ports.ts";
import { portsInUse, portsRefused } from "./ports.ts";

const UP_TIMEOUT_MS = 90_000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The exit code of a program that a person interrupted. */
const INTERRUPTED = 130;

export type StackOptions = {
  readonly ports: Ports;
  /** Where data and logs live; emptied first. */
  readonly home: string;
  /** Set: BullMQ on this Redis. Unset: on PostgreSQL. */
  readonly redisUrl?: string | undefined;
  /** Settings of the PostgreSQL server; durable by default. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
  /** Extra environment of web and worker. */
  readonly appEnv?: Readonly<Record<string, string>>;
  /** Told before and after every part, for the progress lines of a demo. */
  readonly onProgress?: (line: string) => void;
};

/** Everything that `npm run demo` starts, each part with a handle of its own so that proofs can end and restart it. */
export type Stack = {
  readonly appUrl: string;
  readonly simulatorUrl: string;
  readonly databaseUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly home: string;
  readonly parts: { postgres: EmbeddedPostgres; simulator: Child; web: Child; worker: Child };
  startWeb(): Promise<void>;
  startWorker(): Promise<void>;
  startPostgres(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL, the pretend Shopify, the web process and the worker, and waits until each answers.
 * @throws an error in words: a port in use, a part that ended while starting. What was started by then is stopped.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const taken = await portsInUse(options.ports);
  if (taken.length > 0)
    throw new Error(
      `port ${taken.join(", ")} is in use. Choose another block: npm run demo -- --port ${options.ports.app + 100}`,
    );
  const refused = portsRefused(options.ports);
  if (refused.length > 0)
    throw new Error(`browsers refuse to open port ${refused.join(", ")}. Choose another block of ports.`);
  rmSync(options.home, { recursive: true, force: true });
  mkdirSync(options.home, { recursive: true });
  const started: Started = { servers: [], processes: [] };
  // Whoever calls us listens once everything is up; until then a Ctrl-C leaves at once, and the parts end with us.
  const leave = (): void => process.exit(INTERRUPTED);
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    return await startParts(options, started);
  } catch (error) {
    await stopAll(started);
    throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
  }
}

/** What has to be stopped: the processes of the app, and then the servers that they lean on. */
type Started = { readonly servers: Part[]; readonly processes: Part[] };
type Part = { stop(): Promise<void> };

async function stopAll({ servers, processes }: Started): Promise<void> {
  for (const parts of [processes, servers]) await Promise.all(parts.splice(0).map((part) => part.stop()));
}

/** Does both at once. When one fails, the other is waited for: what it has started must be stopped too. */
async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  for (const result of await Promise.allSettled([one, other])) if (result.status === "rejected") throw result.reason;
}

async function startParts(options: StackOptions, started: Started): Promise<Stack> {
  const { ports, home } = options;
  const progress = progressOf(options.onProgress);
  const launch = launcherIn(home);
  const appUrl = `http://localhost:${ports.app}`;
  const simulatorUrl = `http://localhost:${ports.simulator}`;
  const apiKey = randomBytes(16).toString("hex");
  const apiSecret = `shpss_${randomBytes(16).toString("hex")}`;
  const dataDir = join(home, "postgres");
  const postgresOptions = {
    dataDir,
    port: ports.postgres,
    database: MIGRATED_DATABASE,
    ...(options.postgresSettings === undefined ? {} : { settings: options.postgresSettings }),
  };

  const parts = {} as Stack["parts"]; // filled below, before anybody sees it
  const startPostgres = async (): Promise<void> => {
    parts.postgres = await startEmbeddedPostgres(postgresOptions);
  };
  const startSimulator = async (): Promise<void> => {
    const args = simulatorArgs({ port: ports.simulator, appUrl, apiKey, apiSecret, smtpPort: ports.smtp });
    parts.simulator = await launch("simulator", "simulator/main.ts", args, {}, `${simulatorUrl}/_control/clock`);
    started.servers.push(parts.simulator);
  };
  await both(
    progress("PostgreSQL", async () => {
      await layMigratedCluster(dataDir);
      await startPostgres();
      // Handles change when a proof restarts a part, so they are looked up when the time to stop comes.
      started.servers.push({ stop: () => parts.postgres.stop() });
    }),
    progress("pretend Shopify", startSimulator),
  );

  const { databaseUrl } = parts.postgres;
  const appEnv = environmentOf(options, { appUrl, simulatorUrl, databaseUrl, apiKey, apiSecret });
  const stack: Stack = {
    appUrl,
    simulatorUrl,
    databaseUrl,
    apiKey,
    apiSecret,
    home,
    parts,
    async startWeb() {
      parts.web = await launch("web", "app/server.ts", [], appEnv, `${appUrl}/readyz`);
    },
    async startWorker() {
      const port = String(ports.app + 10);
      const upUrl = `http://localhost:${port}/readyz`;
      parts.worker = await launch("worker", "app/worker.ts", [], { ...appEnv, PORT: port }, upUrl);
    },
    startPostgres,
    stop: () => stopAll(started),
  };
  const startWeb = async (): Promise<void> => {
    await stack.startWeb();
    started.processes.push({ stop: () => parts.web.stop() });
  };
  const startWorker = async (): Promise<void> => {
    await stack.startWorker();
    started.processes.push({ stop: () => parts.worker.stop() });
  };
  await both(progress("web", startWeb), progress("worker", startWorker));
  return stack;
}

function simulatorArgs(at: {
  port: number;
  appUrl: string;
  apiKey: string;
  apiSecret: string;
  smtpPort: number;
}): string[] {
  const flags = {
    port: at.port,
    "app-url": at.appUrl,
    "api-key": at.apiKey,
    "api-secret": at.apiSecret,
    "smtp-port": at.smtpPort,
  };
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

type Launch = (
  name: string,
  script: string,
  args: string[],
  env: Record<string, string>,
  upUrl: string,
) => Promise<Child>;

/** Starts a part, waits until it answers, and ends it again when it does not. */
function launcherIn(home: string): Launch {
  return async (name, script, args, env, upUrl) => {
    const logPath = join(home, `${name}.log`);
    const child = startChild({ name, script, args, env, logPath });
    try {
      await waitUntilUp(child, upUrl, { timeoutMs: UP_TIMEOUT_MS, logPath });
    } catch (error) {
      await child.kill();
      throw error;
    }
    return child;
  };
}

/** The environment of web and worker: what an operator would write into a file, made up for the demo. */
function environmentOf(
  options: StackOptions,
  facts: { appUrl: string; simulatorUrl: string; databaseUrl: string; apiKey: string; apiSecret: string },
): Record<string, string> {
  return {
    NODE_ENV: "production",
    GOODWORD_MODE: "demo",
    DATABASE_URL: facts.databaseUrl,
    REDIS_URL: options.redisUrl ?? "",
    HOST: "127.0.0.1",
    PORT: String(options.ports.app),
    SHOPIFY_API_KEY: facts.apiKey,
    SHOPIFY_API_SECRET: facts.apiSecret,
    SHOPIFY_APP_URL: facts.appUrl,
    SHOPIFY_SIMULATOR_URL: facts.simulatorUrl,
    DATA_KEY: randomBytes(32).toString("base64"),
    SMTP_URL: `smtp://127.0.0.1:${options.ports.smtp}`,
    MAIL_FROM: "FreshBox <hello@freshbox.example>",
    SMS_URL: `${facts.simulatorUrl}/_sinks/sms`,
    // Words are written by a stand-in beside the pretend Shopify: whatever key the shell may hold, nothing leaves this machine.
    ANTHROPIC_API_KEY: "stand-in",
    ANTHROPIC_BASE_URL: `${facts.simulatorUrl}/_words`,
    LOG_LEVEL: "info",
    ...options.appEnv,
  };
}

function progressOf(onProgress: StackOptions["onProgress"]): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  return async (name, work) => {
    const startedAt = Date.now();
    onProgress?.(`starting ${name} …`);
    const result = await work();
    onProgress?.(`${name} is up (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    return result;
  };
}
