import { setTimeout as sleep } from "node:timers/promises";
import { createPools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { currentTerms, insertTerms } from "#app/data/terms.repo.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { webhookHeaders } from "#test/builders/door.ts";
import { control, settle } from "#proof/journey/http.ts";
import type { Shop } from "#proof/journey/actors.ts";
import { settleBacklog } from "#proof/lib/settle-world.ts";
import { createRandom } from "#proof/lib/random.ts";
import { createCalls } from "#proof/load/calls.ts";
import { buyAll, playUntilBound } from "#proof/load/wave.ts";
import type { BoundFriend } from "#proof/load/wave.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { orderBodies } from "../intake/bodies.ts";
import { cpuSecondsOf, peakMbOf } from "../lib/cpu.ts";
import type { LoadGenerator, PreparedRequest } from "../lib/load.ts";
import { percentile } from "../lib/stats.ts";
import { watchRewards } from "./watch-rewards.ts";
import type { RewardWatch } from "./watch-rewards.ts";

const SHOPS = 50;
const REFERRED_SHARE = 0.02;
const CONNECTIONS = 32;
/** Orders that come first and do not count: until then nothing is compiled, planned or connected. */
const WARM_UP_SHARE = 0.2;
/** Each customer orders twice: an unknown one once, a known one once. */
const ORDERS_EACH = 2;

export type PipelineOptions = {
  readonly stack: Stack;
  readonly load: LoadGenerator;
  readonly webPort: number;
  /** Whose CPU time counts. */
  readonly pids: readonly number[];
  /** Orders of the run at full load; the one at half load has half as many. */
  readonly events: number;
  readonly seed: number;
  readonly say: (line: string) => void;
};

/** `events`: rows that came into the inbox, from the load and from the pretend Shopify. */
export type Stretch = { readonly events: number; readonly seconds: number; readonly cpuSeconds: number };
export type PipelineRun = {
  readonly full: Stretch;
  readonly halfPerSecond: number;
  readonly p95Ms: number;
  readonly referredOrders: number;
  readonly rewards: number;
  /** The most memory that each counted process has held so far, in MB, in the order of `pids`. */
  readonly peakMb: readonly number[];
};

/** Opens the shops and brings the friends to the till, then runs at full load and at half of what that reached. */
export async function runPipeline(options: PipelineOptions): Promise<PipelineRun> {
  const { stack, say } = options;
  const target = { appUrl: stack.appUrl, simulatorUrl: stack.simulatorUrl };
  const shops = await openShops(options, target);
  const random = createRandom(options.seed);
  const perWave = (orders: number): number => Math.max(1, Math.round((orders * REFERRED_SHARE) / SHOPS));
  const warmUp = options.events * WARM_UP_SHARE;
  const friendsPerShop = perWave(warmUp) + perWave(options.events) + perWave(options.events / 2);
  say(`${SHOPS} shops with ${friendsPerShop} friends each come to the till …`);
  const { friends } = await playUntilBound({
    target,
    shops,
    friendsPerShop,
    firstPerson: 1,
    calls: createCalls(),
    random,
  });
  await settleBacklog(target);
  const warmUpFriends = friends.slice(0, perWave(warmUp) * SHOPS);
  const fullFriends = friends.slice(warmUpFriends.length, warmUpFriends.length + perWave(options.events) * SHOPS);
  const halfFriends = friends.slice(warmUpFriends.length + fullFriends.length);

  const rewards = watchRewards(stack.databaseUrl);
  try {
    say(`${Math.round(warmUp)} orders to warm up …`);
    await stretch(options, shops, rewards, { orders: warmUp, friends: warmUpFriends, perSecond: null });
    say(`${options.events} orders as fast as they are taken …`);
    const full = await stretch(options, shops, rewards, {
      orders: options.events,
      friends: fullFriends,
      perSecond: null,
    });
    say(`${full.events} events in ${full.seconds.toFixed(1)} s and ${full.cpuSeconds.toFixed(1)} CPU seconds`);
    const halfPerSecond = full.events / full.seconds / 2;
    rewards.watch();
    const half = await stretch(options, shops, rewards, {
      orders: options.events / 2,
      friends: halfFriends,
      perSecond: halfPerSecond,
    });
    say(`${half.events} events in ${half.seconds.toFixed(1)} s at ${Math.round(halfPerSecond)}/s`);
    const times = half.boughtAt.entries().map(([order, at]) => (rewards.issuedAt().get(order) ?? Infinity) - at);
    return {
      full,
      halfPerSecond,
      p95Ms: percentile([...times], 0.95),
      referredOrders: friends.length,
      rewards: await witnessed(target),
      peakMb: options.pids.map(peakMbOf),
    };
  } finally {
    await rewards.close();
  }
}

type Target = { appUrl: string; simulatorUrl: string };
type Plan = { readonly orders: number; readonly friends: readonly BoundFriend[]; readonly perSecond: number | null };

/** Sends orders, the referred ones among them through the pretend Shopify, until everything they cause is done. */
async function stretch(
  options: PipelineOptions,
  shops: readonly Shop[],
  rewards: RewardWatch,
  plan: Plan,
): Promise<Stretch & { boughtAt: Map<string, number> }> {
  const { stack, pids } = options;
  const requests = plainOrders(shops, Math.round(plan.orders) - plan.friends.length, stack.apiSecret);
  const rowsBefore = await rewards.inboxRows();
  const [cpuBefore, startedAt] = [cpuSecondsOf(pids), performance.now()];
  const [, boughtAt] = await Promise.all([
    options.load.sendOnce({
      port: options.webPort,
      connections: CONNECTIONS,
      perSecond: plan.perSecond,
      requests,
      status: 200,
    }),
    buySlowly(plan, options.seed),
  ]);
  const target = { appUrl: stack.appUrl, simulatorUrl: stack.simulatorUrl };
  await rewards.untilIdle(async () => new Date(String((await control(target, "GET", "clock"))["now"])));
  const [seconds, cpuSeconds] = [(performance.now() - startedAt) / 1_000, cpuSecondsOf(pids) - cpuBefore];
  // The pretend Shopify may still have had something to deliver: then the figure was taken too early.
  const events = (await rewards.inboxRows()) - rowsBefore;
  await settleBacklog(target);
  if ((await rewards.inboxRows()) - rowsBefore !== events)
    options.say("some deliveries came late, and are not in the figure");
  return { events, seconds, cpuSeconds, boughtAt };
}

/** At a pace the referred orders are spread over the whole stretch, as they are among the others. @returns when each was made */
async function buySlowly({ friends, orders, perSecond }: Plan, seed: number): Promise<Map<string, number>> {
  const everyMs = perSecond === null ? 0 : ((orders / perSecond) * 1_000) / Math.max(1, friends.length);
  const boughtAt = new Map<string, number>();
  await Promise.all(
    friends.map(async (friend, index) => {
      await sleep(index * everyMs);
      const at = performance.now();
      for (const { orderId } of await buyAll([friend], createRandom(seed))) boughtAt.set(orderId, at);
    }),
  );
  return boughtAt;
}

let worlds = 0;

function plainOrders(shops: readonly Shop[], count: number, secret: string): PreparedRequest[] {
  worlds += 1;
  return orderBodies("2 KB", count, ORDERS_EACH).map((plain, index) => {
    const shop = shops[Math.floor(index / ORDERS_EACH) % shops.length];
    if (shop === undefined) throw new Error("there is no shop to order in");
    const body = plain.replaceAll("@mail.example", `@mail${worlds}.example`);
    const freshId = newId();
    const headers = webhookHeaders(body, { shop: shop.domain, topic: "orders/paid", webhookId: freshId, secret });
    return {
      method: "POST",
      path: "/webhooks",
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      body,
      freshId,
    };
  });
}

/** Shops whose rewards are due at once: what cooling-off waits for is not what is measured. */
async function openShops({ stack }: PipelineOptions, target: Target): Promise<Shop[]> {
  const shops = Array.from({ length: SHOPS }, (_, index) => ({
    target,
    domain: `pipe-${index + 1}.myshopify.com`,
    currency: "GBP",
  }));
  for (const { domain, currency } of shops)
    await control(target, "POST", "shops", {
      shop: domain,
      name: domain,
      currency,
      customerAccounts: "new",
      protectedFields: true,
      usageLimit: "code",
      install: true,
    });
  await settle(target);
  const pools = createPools({ databaseUrl: stack.databaseUrl });
  try {
    for (const shopId of shops.map(({ domain }) => shopIdFor(domain)))
      await inShop(pools, shopId, async (tx) => {
        const current = await currentTerms(tx, shopId);
        if (current === null) throw new Error("an installed shop has terms");
        await insertTerms(tx, {
          shopId,
          version: current.version + 1,
          terms: {
            ...current.terms,
            coolingOffDays: 0,
            friend: { ...current.terms.friend, when: "after_first_order" },
          },
          now: new Date(),
        });
      });
  } finally {
    await pools.end();
  }
  return shops;
}

/** Codes of rewards that the pretend Shopify knows; the friends' codes are made ahead of time. */
async function witnessed(target: Target): Promise<number> {
  type Seen = { discounts: { title: string; codes: unknown[] }[] };
  const { discounts } = (await control(target, "GET", "witness")) as Seen; // the simulator's own answer
  const ofRewards = discounts.filter(({ title }) => !title.startsWith("Goodword welcome"));
  return ofRewards.reduce((sum, discount) => sum + discount.codes.length, 0);
}
