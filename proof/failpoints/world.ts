import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { buildDeps } from "../../app/deps.server.ts";
import { loadEnv } from "../../app/platform/env.ts";
import { createLogger } from "../../app/platform/logger.ts";
import { createQueues } from "../../app/platform/queue.ts";
import { newId } from "../../app/platform/ids.ts";
import { scopesOfKind } from "../../app/domain/terms/scopes.ts";
import { keepClickPartitions } from "../../app/data/keep-click-partitions.ts";
import { installShop } from "../../app/usecases/install-shop.ts";
import { startSimulator } from "../../simulator/server.ts";
import type { RunningSimulator } from "../../simulator/server.ts";
import { requireShop } from "../../simulator/world/world.ts";
import { grantShop, TEST_APP } from "../../test/builders/installed-shop.ts";
import { cloneDatabase, dropTestDatabase } from "../../test/harness/cluster.ts";
import type { Shop } from "../journey/actors.ts";
import { playCrowd } from "./crowd.ts";
import type { Couple } from "./crowd.ts";
import type { Story } from "./pipeline.ts";
import type { Delivery, Work } from "./one-process.ts";

/** A pretend Shopify with a list of what it sends to the app, one for each lane: lanes do not share a clock. */
export type Lane = {
  /** Shops of earlier runs stay in it, with nothing left to do. */
  readonly databaseUrl: string;
  readonly dataKey: string;
  readonly simulator: RunningSimulator;
  readonly appUrl: string;
  readonly recorded: Delivery[];
  close(): Promise<void>;
};

/** A shop of its own, up to the moment at which all friends have bought and nothing has been received. */
export type Stage = {
  readonly shop: Shop;
  readonly shopId: string;
  readonly databaseUrl: string;
  readonly work: Work;
  /** The referrals that have to be rewarded. */
  readonly couples: readonly Couple[];
};

const SMALLEST_COOLING_OFF = 1;
const LOOKS_MAX = 2_000;
const LOOK_MS = 10;
const NEWER_MS = 2_000;
/** The cooling-off; then steps that outlast every lease, wait and lost claim there is. */
const ADVANCES = ["P1DT1H", ...Array.from({ length: 14 }, () => "PT15M")];

/** Makes the template know the queue too, so that clones need not make it again and again. */
export async function openQueuesIn(databaseUrl: string): Promise<void> {
  const queues = createQueues({
    env: { REDIS_CLUSTER: false, REDIS_URL: undefined },
    databaseUrl,
    logger: createLogger({ LOG_LEVEL: "silent" }),
  });
  await queues.opened();
  await queues.close();
}

/** Starts a lane. Its app is a list: whatever Shopify sends is written down and acknowledged. */
export async function openLane(templateUrl: string): Promise<Lane> {
  const databaseUrl = await cloneDatabase(templateUrl, `failpoints_${newId().replaceAll("-", "")}`);
  const dataKey = randomBytes(32).toString("base64");
  const recorded: Delivery[] = [];
  const receiver = createServer((request, response) => {
    void text(request).then((body) => {
      recorded.push({ headers: shopifyHeaders(request.headers), body });
      response.end();
    });
  });
  const appUrl = `http://127.0.0.1:${await listening(receiver)}`;
  const simulator = await startSimulator({ port: 0, smtpPort: 0, ...TEST_APP, appUrl });
  const close = async (): Promise<void> => {
    await simulator.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await dropTestDatabase(databaseUrl);
  };
  return { databaseUrl, dataKey, simulator, appUrl, recorded, close };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

function shopifyHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.startsWith("x-shopify-") || name === "content-type");
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** Sets the stage for one run of a story. */
export async function setStage(lane: Lane, story: Story): Promise<Stage> {
  const { databaseUrl, dataKey, simulator, appUrl, recorded } = lane;
  simulator.simulator.faults.clear();
  simulator.world.mails.length = 0;
  recorded.length = 0;
  const env = {
    GOODWORD_MODE: "test",
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: TEST_APP.apiKey,
    SHOPIFY_API_SECRET: TEST_APP.apiSecret,
    SHOPIFY_APP_URL: appUrl,
    SHOPIFY_SIMULATOR_URL: simulator.url,
    DATA_KEY: dataKey,
    SMTP_URL: `smtp://127.0.0.1:${simulator.smtpPort}`,
    LOG_LEVEL: "silent",
  };
  const deps = await buildDeps(loadEnv(env), databaseUrl);
  try {
    await keepClickPartitions(databaseUrl, deps.clock.now());
    const { kind } = story;
    const granted = await grantShop(deps, simulator, { scopes: scopesOfKind(kind) });
    await installShop(deps, granted);
    const { shopId, domain } = granted;
    const shop: Shop = { target: { appUrl, simulatorUrl: simulator.url }, domain, currency: "GBP" };
    const offer = { kind, amount: "10.00" };
    const patch = {
      referrer: offer,
      friend: { ...offer, when: "after_first_order" },
      cooling_off_days: SMALLEST_COOLING_OFF,
    };
    const saved = await deps.goodword.saveTerms({ shopId, patch, actor: "proof" });
    if (saved.outcome !== "saved") throw new Error(`the terms are not saved: ${JSON.stringify(saved)}`);
    const couples = await playCrowd(deps, shop, shopId, story);
    const deliveries = await deliveriesOf(lane, domain, couples.length + (story.strangers ?? 0));
    const { lostAnswer } = story;
    if (lostAnswer !== undefined)
      simulator.simulator.faults.add({ route: lostAnswer, kind: "timeout_after_apply", count: 1, ms: 1 });
    return {
      shop,
      databaseUrl,
      work: { env, shopId, deliveries, advances: ADVANCES, notes: 2 * couples.length },
      couples,
      shopId,
    };
  } finally {
    await deps.close();
  }
}

/**
 * What Shopify sent about a shop. It weighs an order's risk a moment later, which makes a newer version of it: whether in the
 * same second or in the next is chance, and would decide whether what is read later was told.
 */
async function deliveriesOf(
  { recorded, simulator }: Lane,
  domain: string,
  orders: number,
): Promise<readonly Delivery[]> {
  const own = (): Lane["recorded"] => recorded.filter(({ headers }) => headers["x-shopify-shop-domain"] === domain);
  const isPaid = (): boolean =>
    own().filter(({ headers }) => headers["x-shopify-topic"] === "orders/paid").length === orders;
  const isWhole = (): boolean => isPaid() && simulator.world.background.size === 0;
  const shop = requireShop(simulator.world, domain);
  for (let looks = 0; looks < LOOKS_MAX && !isWhole(); looks += 1) await sleep(LOOK_MS);
  if (!isWhole()) throw new Error("the orders' webhooks did not all come");
  for (const order of shop.orders.values()) order.updatedAt = new Date(order.updatedAt.getTime() + NEWER_MS);
  return own();
}

/** Under these names the deliveries are new to us, and of the same events. */
export function underFreshIds(deliveries: readonly Delivery[]): readonly Delivery[] {
  return deliveries.map(({ headers, body }) => ({ headers: { ...headers, "x-shopify-webhook-id": newId() }, body }));
}

/** Leaves nothing to do for the processes of the next run in this lane, which would find the rows of every shop. */
export function clearStage(stage: Stage): Promise<void> {
  return asOwner(stage, [
    "UPDATE inbox SET state = 'done', next_at = NULL WHERE next_at IS NOT NULL",
    "UPDATE outbox SET state = 'done', next_at = NULL, lease_until = NULL WHERE next_at IS NOT NULL",
  ]);
}

/**
 * Lets the time pass in which a call of the ended process may still be on its way to Shopify. It is real time, which no
 * simulated clock moves.
 */
export function letCallsEnd(stage: Stage): Promise<void> {
  return asOwner(stage, ["UPDATE rewards SET in_flight_until = clock_timestamp() WHERE in_flight_until IS NOT NULL"]);
}

async function asOwner({ databaseUrl }: Stage, statements: readonly string[]): Promise<void> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  try {
    for (const statement of statements) await owner.query(statement);
  } finally {
    await owner.end();
  }
}
