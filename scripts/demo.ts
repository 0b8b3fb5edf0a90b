// One command from a fresh clone to a shop one can play with: `npm run demo`. With --journey it then plays the whole
// story over HTTP, prints a line a step and ends.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { playJourney } from "../proof/journey/journey.ts";
import { ensureAdminBuilt } from "./lib/admin-build.ts";
import { portsFrom } from "./lib/ports.ts";
import { seedFreshBox } from "./lib/freshbox.ts";
import { startStack } from "./lib/stack.ts";
import type { Stack } from "./lib/stack.ts";

const ROOT = join(import.meta.dirname, "..");
const HOME = join(ROOT, ".demo");
const FIRST_PORT = 4400;
const PORT_MAX = 65_000;

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: String(FIRST_PORT) },
    fresh: { type: "boolean", default: false },
    journey: { type: "boolean", default: false },
    /** The journey's shop gives no name, e-mail, phone or address to the app. */
    "protected-null": { type: "boolean", default: false },
    currency: { type: "string", default: "GBP" },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const first = Number(options.port);
  if (!Number.isInteger(first) || first < 1024 || first > PORT_MAX)
    throw new Error(`--port ${options.port} is not a port between 1024 and ${PORT_MAX}`);
  if (!existsSync(HOME)) mkdirSync(HOME);
  await ensureAdminBuilt(say);
  const stack = await startStack({
    ports: portsFrom(first),
    home: join(HOME, `world-${first}`),
    redisUrl: process.env["REDIS_URL"],
    onProgress: say,
  });
  const stopped = stopOnSignal(stack);
  try {
    const shop = await seedFreshBox(stack, say);
    writeState(stack, shop);
    if (options.journey) {
      await journey(stack);
      return 0;
    }
    printUrls(stack);
    const ended = await Promise.race([stopped, firstToEnd(stack)]);
    if (ended === null) return 0;
    throw new Error(`${ended} has ended, so the demo stops. Its log is in ${stack.home}`);
  } finally {
    await stack.stop();
  }
}

async function journey(stack: Stack): Promise<void> {
  const result = await playJourney({
    target: { appUrl: stack.appUrl, simulatorUrl: stack.simulatorUrl },
    shop: "journey.myshopify.com",
    currency: options.currency,
    protectedFields: !options["protected-null"],
    onStep: (name, detail) => say(`  ✓ ${name}: ${detail}`),
  });
  say(JSON.stringify(result));
}

/** Resolves with null when the person at the terminal has had enough. */
function stopOnSignal(stack: Stack): Promise<null> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        say("\nstopping …");
        if (!options.journey) return resolve(null);
        void stack.stop().then(() => process.exit(130));
      });
    }
  });
}

/** Resolves with the name of the first part that ends by itself. */
function firstToEnd(stack: Stack): Promise<string> {
  const { postgres, simulator, web, worker } = stack.parts;
  return Promise.race([
    postgres.exited.then(() => "PostgreSQL"),
    simulator.ended.then(() => "the pretend Shopify"),
    web.ended.then(() => "the web process"),
    worker.ended.then(() => "the worker"),
  ]);
}

function writeState(stack: Stack, shop: string): void {
  const { simulator, web, worker, postgres } = stack.parts;
  const state = {
    appUrl: stack.appUrl,
    simulatorUrl: stack.simulatorUrl,
    shop,
    apiKey: stack.apiKey,
    apiSecret: stack.apiSecret,
    databaseUrl: stack.databaseUrl,
    pids: { simulator: simulator.pid, web: web.pid, worker: worker.pid, postgres: postgres.pid },
  };
  writeFileSync(join(HOME, "state.json"), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

function printUrls(stack: Stack): void {
  const port = new URL(stack.simulatorUrl).port;
  say("");
  say("  Goodword is running beside a pretend Shopify. Open the first one:");
  say("");
  say(`  The world at a glance   ${stack.simulatorUrl}/`);
  say(`  Shopify admin           http://admin.localhost:${port}/store/freshbox`);
  say(`  FreshBox's storefront   http://freshbox.localhost:${port}/`);
  say(`  Mail                    ${stack.simulatorUrl}/mail`);
  say("");
  say("  Ctrl-C stops everything.");
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`goodword: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
// Whatever a library still holds open, the demo is over.
process.exit();
