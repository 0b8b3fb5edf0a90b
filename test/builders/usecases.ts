import { createHash, randomBytes } from "node:crypto";
import { keepClickPartitions } from "#app/data/keep-click-partitions.ts";
import { insertOwnEvent } from "#app/data/own-events.repo.ts";
import type { OutboxTopic } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { createShopDirectory } from "#app/data/shop-directory.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { insertTerms } from "#app/data/terms.repo.ts";
import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import { defaultTerms } from "#app/domain/terms/terms.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { extractRead } from "#app/edge/extract/extract-read.ts";
import { createInboxDrain } from "#app/jobs/inbox-drain.ts";
import type { InboxAtOnce, InboxTogether } from "#app/jobs/inbox-drain.ts";
import { createOutboxDrain } from "#app/jobs/outbox-drain.ts";
import type { OutboxHandler, OutboxRow, OutboxTogether } from "#app/jobs/outbox-drain.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { createLogger } from "#app/platform/logger.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { compareDiscounts } from "#app/usecases/compare-discounts.ts";
import { expireWelcome } from "#app/usecases/expire-welcome.ts";
import { fulfilCodes } from "#app/usecases/fulfil-codes.ts";
import { fulfilReward } from "#app/usecases/fulfil-reward.ts";
import { refillWelcome } from "#app/usecases/refill-welcome.ts";
import { activatePixel } from "#app/usecases/activate-pixel.ts";
import { expireReferral } from "#app/usecases/expire-referral.ts";
import { expireReward } from "#app/usecases/expire-reward.ts";
import { handleEvent } from "#app/usecases/handle-event.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import { meetOwner } from "#app/usecases/meet-owner.ts";
import { meetPeople } from "#app/usecases/meet-people.ts";
import { readOrders } from "#app/usecases/read-orders.ts";
import { plainOrdersOf } from "#app/usecases/record-plain-orders.ts";
import { recordTogether } from "#app/usecases/record-together.ts";
import { saveTerms } from "#app/usecases/save-terms.ts";
import { screenOrder } from "#app/usecases/screen-order.ts";
import { screenOrders } from "#app/usecases/screen-orders.ts";
import { settleReferral } from "#app/usecases/settle-referral.ts";
import { settleReferrals } from "#app/usecases/settle-referrals.ts";
import { triggerFlow } from "#app/usecases/trigger-flow.ts";
import { uninstallShop } from "#app/usecases/uninstall-shop.ts";
import { withdrawCode } from "#app/usecases/withdraw-code.ts";
import { NOON } from "./domain.ts";
import { createFakeShopify } from "./fake-shopify.ts";

const EVENT_TOPICS = [
  "customers/merge",
  "orders/create",
  "orders/paid",
  "orders/updated",
  "orders/cancelled",
  "orders/edited",
  "orders/delete",
  "refunds/create",
  "disputes/create",
  "disputes/update",
  "customers/create",
  "customers/update",
  "customers/redact",
  "app/uninstalled",
  "shop/redact",
  "customers/data_request",
  "goodword/bind",
  "goodword/read",
  "discounts/delete",
  "discounts/redeemcode_removed",
];
const PASSES_MAX = 50;

export type UseCaseOptions = {
  readonly currency?: string;
  /** Laid over the terms before anything else happens. Both sides are given after the first order unless this says otherwise. */
  readonly terms?: Record<string, unknown>;
  readonly dataKey?: Buffer;
  /** Whether rewards become codes in the pretend Shopify; else their work is done without doing anything. */
  readonly fulfils?: boolean;
  /** The switch for all shops. */
  readonly payoutsPaused?: boolean;
  /** Whether rewarded referrals start workflows. */
  readonly flowTrigger?: boolean;
  /** False: every row comes to its own handler. */
  readonly together?: boolean;
  /** Made once by whoever builds many worlds; the clicks' partitions are theirs to make, too. */
  readonly metrics?: Metrics;
};

/** A shop made by the real install, with a clock that a test moves, a pretend Shopify, bells that record, and drains. */
export async function buildUseCases(db: { pools: Pools; databaseUrl: string }, options: UseCaseOptions = {}) {
  const { pools } = db;
  const { currency = "GBP", dataKey = randomBytes(32), payoutsPaused = false } = options;
  let nowMs = NOON;
  const clock = {
    now: () => new Date(nowMs),
    set: (ms: number) => void (nowMs = ms),
    skip: (ms: number) => void (nowMs += ms),
  };
  if (options.metrics === undefined) await keepClickPartitions(db.databaseUrl, new Date(NOON));
  const keys = createKeys({ dataKey });
  const shopify = createFakeShopify(currency);
  const rung: string[] = [];
  const shops = createShopDirectory({ pools, keys, clock });
  const logger = createLogger({ LOG_LEVEL: "silent" });
  const deps = {
    pools,
    clock,
    keys,
    shops,
    admin: shopify.admin,
    logger,
    payoutsPaused,
    flowTrigger: options.flowTrigger ?? false,
    appUrl: "https://goodword.example",
    ringer: { ring: (kind: string) => void rung.push(kind) },
    ringInbox: () => void rung.push("inbox"),
    ringOutbox: () => void rung.push("outbox"),
    sleepMs: () => Promise.resolve(),
  };
  const domain = `shop-${newId().slice(-12)}.myshopify.com`;
  const shopId = shopIdFor(domain);
  // Most tests want both sides owed: the first version of the terms is there before the install would write its own.
  shopify.trouble = { outcome: "unavailable", retryAfterMs: 0 };
  await installShop(deps, { domain, scopes: "read_orders" });
  shopify.trouble = null;
  await inShop(pools, shopId, (tx) =>
    insertTerms(tx, { shopId, version: 1, terms: bothAfterOrder(currency), now: clock.now() }),
  );
  await installShop(deps, { domain, scopes: "read_orders" });
  if (options.terms !== undefined) {
    const saved = await saveTerms(deps, { shopId, patch: options.terms, actor: "test" });
    if (saved.outcome === "invalid") throw new Error(JSON.stringify(saved.problems));
  }
  const shop = await knownShop();

  async function knownShop(): Promise<KnownShop> {
    const known = await shops.byId(shopId);
    if (known === null) throw new Error("the shop was just installed");
    return known;
  }

  const unasked = () => Promise.reject(new Error("not asked for in these tests"));
  const uninstall = (input: { shopId: string; at: Date }) => uninstallShop(deps, input);
  const events = { ...deps, uninstall, refreshShop: unasked };
  const failures: unknown[] = [];
  /** A drain keeps a row that failed and tries again later: here it has to come to light. */
  function watched<Row, Verdict>(handler: (row: Row) => Promise<Verdict>) {
    return async (row: Row): Promise<Verdict> => {
      try {
        return await handler(row);
      } catch (error) {
        failures.push(error);
        throw error;
      }
    };
  }
  const done: OutboxHandler = () => Promise.resolve({ outcome: "done" });
  const outboxHandlers: Record<OutboxTopic, OutboxHandler> = {
    "referral.meet": watched((row: OutboxRow) => meetPeople(deps, row)),
    "referral.screen": watched((row: OutboxRow) => screenOrder(deps, row)),
    "referral.settle": watched((row: OutboxRow) => settleReferral(deps, row)),
    "referral.expire": watched((row: OutboxRow) => expireReferral(deps, row)),
    "reward.expire": watched((row: OutboxRow) => expireReward(deps, row)),
    "code.withdraw": watched((row: OutboxRow) => withdrawCode(deps, row)),
    "reward.fulfil": options.fulfils === true ? watched((row: OutboxRow) => fulfilReward(deps, row)) : done,
    "note.send": done,
    "shop.backfill": done,
    "welcome.refill": watched((row: OutboxRow) => refillWelcome(deps, row)),
    "welcome.expire": watched((row: OutboxRow) => expireWelcome(deps, row)),
    "discounts.compare": watched((row: OutboxRow) => compareDiscounts(deps, row)),
    "orders.read": watched((row: OutboxRow) => readOrders({ ...deps, extract: extractRead(keys) }, row)),
    "owner.meet": watched((row: OutboxRow) => meetOwner(deps, row)),
    "words.invite": done,
    "pixel.activate": watched((row: OutboxRow) => activatePixel(deps, row)),
    "flow.trigger": watched((row: OutboxRow) => triggerFlow(deps, row)),
    "team.watch": done,
  };
  const drain = {
    ...deps,
    metrics: options.metrics ?? createMetrics(),
    ringAgain: () => undefined,
    random: () => 0,
    settings: { leaseMs: 60_000, rowsMax: 200, attemptsMax: 12 },
  };
  const topics = EVENT_TOPICS.map(
    (topic) => [topic, watched((row: Parameters<typeof handleEvent>[1]) => handleEvent(events, row))] as const,
  );
  // A batch that fails is worked on row by row, and so would hide the failure.
  const watchedTogether =
    (work: OutboxTogether): OutboxTogether =>
    (shopOf, rows) =>
      watched((all: readonly OutboxRow[]) => work(shopOf, all))(rows);
  const together: InboxTogether = async (shopOf, rows) => {
    if (options.together === false) return new Map();
    try {
      return await recordTogether(deps, shopOf, rows);
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  const screening = watchedTogether((shopOf, rows) => screenOrders(deps, shopOf, rows));
  const settling = watchedTogether((shopOf, rows) => settleReferrals(deps, shopOf, rows));
  const fulfilling: OutboxTogether = (shopOf, rows) => fulfilCodes(deps, shopOf, rows);
  const atOnce: InboxAtOnce = async (shopOf) => {
    const work = options.together === false ? null : await plainOrdersOf(deps, shopOf);
    return work === null ? null : (tx, rows) => watched((all: typeof rows) => work(tx, all))(rows);
  };
  const inbox = createInboxDrain({ ...drain, handlers: Object.fromEntries(topics), atOnce, together });
  const outbox = createOutboxDrain({
    ...drain,
    handlers: outboxHandlers,
    together: {
      ...(options.together === false ? {} : { "referral.screen": screening, "referral.settle": settling }),
      ...(options.fulfils === true ? { "reward.fulfil": fulfilling } : {}),
    },
  });

  /** Works on everything that is due now. A row that failed fails the test. */
  async function work(): Promise<void> {
    for (let pass = 0; pass < PASSES_MAX; pass += 1) {
      if ((await workOn("inbox")) + (await workOn("outbox")) === 0) return;
    }
    throw new Error("there is always something due");
  }

  /** Stores a delivery as the door does. The same webhook id twice is one row. */
  async function deliver(topic: string, facts: InboxFacts, webhookId: string = newId()): Promise<void> {
    const digest = createHash("sha256").update(webhookId).digest();
    const row = { shopId, id: newId(), topic, dedupeKey: webhookId, digest, facts, now: clock.now() };
    await inShop(pools, shopId, (tx) => insertOwnEvent(tx, row));
  }

  /** Runs one statement in the shop, as gw_app. */
  function query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return inShop(pools, shopId, (tx) => tx.query<Row>(text, values));
  }

  /** The row of the outbox that does this work, as a drain hands it over. */
  async function outboxRow(topic: OutboxTopic): Promise<OutboxRow> {
    const [row] = await query<{ id: string; dedupeKey: string; payload: Record<string, unknown> }>(
      `SELECT id, dedupe_key AS "dedupeKey", payload FROM outbox WHERE topic = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
      [topic],
    );
    if (row === undefined) throw new Error(`no work of ${topic}`);
    return { ...row, shopId, topic, attempts: 1, externalId: null };
  }

  /** Works on one batch of what is due now, of one table. A row that failed fails the test. @returns how many rows */
  async function workOn(table: "inbox" | "outbox"): Promise<number> {
    const { handled } = await (table === "inbox" ? inbox : outbox).run(shopId);
    const [failure] = failures.splice(0);
    if (failure !== undefined) throw failure;
    return handled;
  }

  const doors = { work, workOn, deliver, query, outboxRow };
  return { ...deps, ...doors, shopId, domain, shop, shopify, rung, databaseUrl: db.databaseUrl };
}

/** What every shop starts with, but for the friend's side, which is owed. */
function bothAfterOrder(text: string): Terms {
  const currency = parseCurrency(text);
  if (currency === null) throw new Error(`${text} is no currency`);
  const terms = defaultTerms(currency, exponentOf(currency));
  return { ...terms, friend: { ...terms.friend, when: "after_first_order" } };
}

export type UseCases = Awaited<ReturnType<typeof buildUseCases>>;
