import { setTimeout as sleep } from "node:timers/promises";
import { createCostLimiter } from "./adapters/shopify-admin/cost-limiter.ts";
import { createTokenRefresher } from "./adapters/shopify-admin/refresh-token.ts";
import { createShopifyAdmin } from "./adapters/shopify-admin/shopify-admin.ts";
import { createSimulatedFetch } from "./adapters/shopify-admin/simulated-fetch.ts";
import { keepClickPartitions } from "./data/keep-click-partitions.ts";
import { READ_TOPIC } from "./data/order-reading.repo.ts";
import { createPools } from "./data/pools.ts";
import type { Pools } from "./data/pools.ts";
import { createPrisma } from "./data/prisma.ts";
import { journalCsv } from "./data/queries/journal.ts";
import { ledgerView } from "./data/queries/ledger.ts";
import { reviewTeamView } from "./data/queries/review-team.ts";
import { createAdminBlock, createCustomerStatus, createQueries } from "./data/queries/queries.ts";
import { createSessionStorage } from "./data/session-storage.ts";
import { createShopDirectory } from "./data/shop-directory.repo.ts";
import type { ShopDirectory } from "./data/shop-directory.repo.ts";
import { WEBHOOK_TOPICS } from "./edge/extract/extract-facts.ts";
import { extractRead } from "./edge/extract/extract-read.ts";
import type { Goodword } from "./goodword.ts";
import type { InboxRow } from "./jobs/inbox-drain.ts";
import { createJobs } from "./jobs/jobs.ts";
import type { Jobs } from "./jobs/jobs.ts";
import { createRinger } from "./jobs/ringer.ts";
import type { Ringer } from "./jobs/ringer.ts";
import { systemClock } from "./platform/clock.ts";
import type { Clock } from "./platform/clock.ts";
import type { Env } from "./platform/env.ts";
import { createKeys } from "./platform/keys.ts";
import type { Keys } from "./platform/keys.ts";
import { createLogger } from "./platform/logger.ts";
import type { Logger } from "./platform/logger.ts";
import { createMetrics } from "./platform/metrics.ts";
import type { Metrics } from "./platform/metrics.ts";
import { createQueues } from "./platform/queue.ts";
import type { Queues } from "./platform/queue.ts";
import { createShopify } from "./shopify.server.ts";
import { startClock } from "./start-clock.ts";
import type { StartedClock } from "./start-clock.ts";
import { createWords, messageHandlers } from "./words.server.ts";
import { createAccessTokens } from "./usecases/access-token.ts";
import { activatePixel } from "./usecases/activate-pixel.ts";
import { appealReferral } from "./usecases/appeal-referral.ts";
import { backfillCustomers } from "./usecases/backfill-customers.ts";
import { bindCustomer } from "./usecases/bind-customer.ts";
import { describeInvitation } from "./usecases/describe-invitation.ts";
import { endUnreachableNotes } from "./usecases/words/end-unreachable-notes.ts";
import { expireReferral } from "./usecases/expire-referral.ts";
import { expireReward } from "./usecases/expire-reward.ts";
import { expireWelcome } from "./usecases/expire-welcome.ts";
import { fulfilCodes } from "./usecases/fulfil-codes.ts";
import { fulfilReward } from "./usecases/fulfil-reward.ts";
import { handleEvent } from "./usecases/handle-event.ts";
import { compareDiscounts } from "./usecases/compare-discounts.ts";
import { fetchHeldData, listDataRequests } from "./usecases/data-request.ts";
import { decideDifference } from "./usecases/decide-difference.ts";
import { claimWelcome } from "./usecases/claim-welcome.ts";
import { confirmClick } from "./usecases/confirm-click.ts";
import { completeInstall, installShop } from "./usecases/install-shop.ts";
import type { ShopifyAdmin } from "./usecases/ports.ts";
import { meetOwner } from "./usecases/meet-owner.ts";
import { meetPeople } from "./usecases/meet-people.ts";
import { createJudgement } from "./usecases/judgement.ts";
import { createStaffMeeting } from "./usecases/meet-staff.ts";
import { importCodes } from "./usecases/import-codes.ts";
import { nameLink } from "./usecases/name-link.ts";
import { mintLink } from "./usecases/mint-link.ts";
import { pausePayouts } from "./usecases/pause-payouts.ts";
import { readOrders } from "./usecases/read-orders.ts";
import { reconcileShop } from "./usecases/reconcile-shop.ts";
import { plainOrdersOf } from "./usecases/record-plain-orders.ts";
import { recordTogether } from "./usecases/record-together.ts";
import { refillWelcome } from "./usecases/refill-welcome.ts";
import { replayDead } from "./usecases/replay-dead.ts";
import { retireCode } from "./usecases/retire-code.ts";
import { openByHand } from "./usecases/open-by-hand.ts";
import { reviewCase } from "./usecases/review-case.ts";
import { reviewMany } from "./usecases/review-many.ts";
import { runChecks } from "./usecases/run-checks.ts";
import { saveTerms } from "./usecases/save-terms.ts";
import { screenOrder } from "./usecases/screen-order.ts";
import { screenOrders } from "./usecases/screen-orders.ts";
import { setReviewRules } from "./usecases/set-review-rules.ts";
import { setUsageLimit } from "./usecases/set-usage-limit.ts";
import { settleReferral } from "./usecases/settle-referral.ts";
import { settleReferrals } from "./usecases/settle-referrals.ts";
import { showPeople } from "./usecases/show-people.ts";
import { triggerFlow } from "./usecases/trigger-flow.ts";
import { uninstallShop } from "./usecases/uninstall-shop.ts";
import { upkeep } from "./usecases/upkeep.ts";
import type { Words } from "./usecases/words/ask-model.ts";
import { customerInvite } from "./usecases/words/customer-invite.ts";
import { previewWords } from "./usecases/words/preview-words.ts";
import { resendNote } from "./usecases/words/resend-note.ts";
import { saveSettings, saveWording } from "./usecases/words/save-words.ts";
import { withdrawCode } from "./usecases/withdraw-code.ts";

/** Shopify's topics, and the events that come through doors of our own. */
const INBOX_TOPICS = [...WEBHOOK_TOPICS, "goodword/bind", "goodword/pixel", READ_TOPIC];

/** What use cases and jobs are built from. */
type Shared = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
  readonly ringer: Ringer;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ringInbox: (shopId: string) => void;
  readonly ringOutbox: (shopId: string) => void;
  /** The model that writes; null without a key. */
  readonly words: Words | null;
  /** Whether the invite of a new link is written by it. */
  readonly writesInvites: boolean;
};

/** Everything that the processes are made of, built once; the only place where parts are chosen. */
export type Deps = Shared & {
  readonly env: Env;
  readonly queues: Queues;
  readonly jobs: Jobs;
  readonly goodword: Goodword;
  readonly refreshClock: () => Promise<void>;
  readonly onTimeMoved: StartedClock["onTimeMoved"];
  close(): Promise<void>;
};

/**
 * Builds every dependency once and hands it on.
 * @param env parsed; `databaseUrl` is given apart, since without DATABASE_URL it is that of the embedded PostgreSQL
 */
export async function buildDeps(env: Env, databaseUrl: string): Promise<Deps> {
  const logger = createLogger(env);
  const metrics = createMetrics();
  const { clock, stopClock, refreshClock, onTimeMoved } = await startClock(env, logger);
  const keys = createKeys({ dataKey: env.DATA_KEY, dataKeyOld: env.DATA_KEY_OLD });
  const pools = createPools({
    databaseUrl,
    onError: (role, error) => logger.warn({ kind: role, err: error }, "a database connection was lost"),
  });
  const shops = createShopDirectory({ pools, keys, clock });
  const queues = createQueues({ env, databaseUrl, logger });
  const ringer = createRinger({ queues, logger });
  const admin = createAdmin(env, { pools, keys, logger, metrics });
  const ringInbox = (shopId: string) => ringer.ring("inbox", shopId);
  const ringOutbox = (shopId: string) => ringer.ring("outbox", shopId);
  const words = createWords(env, logger);
  const bells = { ringer, ringInbox, ringOutbox };
  const written = { words, writesInvites: words !== null };
  const shared: Shared = { pools, clock, keys, shops, admin, logger, metrics, ...written, ...bells };
  return {
    ...shared,
    env,
    queues,
    jobs: createAllJobs(env, databaseUrl, shared),
    goodword: createGoodword(env, shared),
    refreshClock,
    onTimeMoved,
    async close() {
      stopClock();
      await words?.background.idle();
      await queues.close();
      await pools.end();
    },
  };
}

/** Shopify's Admin API. Tokens live on real time, whatever clock the domain follows. */
function createAdmin(env: Env, deps: Pick<Shared, "pools" | "keys" | "logger" | "metrics">): ShopifyAdmin {
  const fetchLike = env.SHOPIFY_SIMULATOR_URL === undefined ? fetch : createSimulatedFetch(env.SHOPIFY_SIMULATOR_URL);
  const refresh = createTokenRefresher({
    fetch: fetchLike,
    apiKey: env.SHOPIFY_API_KEY,
    apiSecret: env.SHOPIFY_API_SECRET,
  });
  const sleepMs = (ms: number) => sleep(ms);
  return createShopifyAdmin({
    fetch: fetchLike,
    accessTokenFor: createAccessTokens({ pools: deps.pools, keys: deps.keys, clock: systemClock, refresh }),
    limiter: createCostLimiter({ nowMs: () => performance.now(), sleepMs }),
    logger: deps.logger,
    sleepMs,
    metrics: deps.metrics,
  });
}

/** The work that rows of inbox and outbox ask for, topic by topic. */
function createAllJobs(env: Env, databaseUrl: string, shared: Shared): Jobs {
  const { pools, clock, shops, logger, metrics, ringer } = shared;
  const fulfilling = { ...shared, sleepMs: (ms: number) => sleep(ms) };
  const settling = { ...shared, payoutsPaused: env.PAYOUTS_PAUSED, flowTrigger: env.FLOW_TRIGGER };
  const events = {
    ...shared,
    uninstall: (input: { shopId: string; at: Date }) => uninstallShop({ pools, clock, shops }, input),
    refreshShop: ({ scopes, ...shop }: { shopId: string; domain: string; scopes: string | null }) =>
      scopes === null
        ? completeInstall(shared, shop)
        : installShop(shared, { domain: shop.domain, scopes, told: true }),
  };
  return createJobs({
    pools,
    clock,
    ringer,
    logger,
    metrics,
    inboxHandlers: Object.fromEntries(
      INBOX_TOPICS.map((topic) => [topic, (row: InboxRow) => handleEvent(events, row)]),
    ),
    inboxAtOnce: (shopId) => plainOrdersOf(shared, shopId),
    inboxTogether: (shopId, rows) => recordTogether(shared, shopId, rows),
    outboxHandlers: {
      "owner.meet": (row) => meetOwner(shared, row),
      "referral.meet": (row) => meetPeople(shared, row),
      "referral.screen": (row) => screenOrder(shared, row),
      "referral.settle": (row) => settleReferral(settling, row),
      "referral.expire": (row) => expireReferral(shared, row),
      "reward.fulfil": (row) => fulfilReward(fulfilling, row),
      "reward.expire": (row) => expireReward(shared, row),
      "code.withdraw": (row) => withdrawCode(shared, row),
      ...messageHandlers(env, shared),
      "shop.backfill": (row) => backfillCustomers(shared, row),
      "welcome.refill": (row) => refillWelcome({ ...shared, sleepMs: (ms) => sleep(ms) }, row),
      "welcome.expire": (row) => expireWelcome(shared, row),
      "discounts.compare": (row) => compareDiscounts(shared, row),
      "orders.read": (row) => readOrders({ ...shared, extract: extractRead(shared.keys) }, row),
      "pixel.activate": (row) => activatePixel({ ...shared, appUrl: env.SHOPIFY_APP_URL }, row),
      "flow.trigger": (row) => triggerFlow(shared, row),
    },
    outboxTogether: {
      "referral.screen": (shopId, rows) => screenOrders(shared, shopId, rows),
      "referral.settle": (shopId, rows) => settleReferrals(settling, shopId, rows),
      "reward.fulfil": (shopId, rows) => fulfilCodes(fulfilling, shopId, rows),
      "note.send": (shopId, rows) => endUnreachableNotes(shared, shopId, rows),
    },
    runChecks: () => runChecks(shared),
    keepClickPartitions: (now) => keepClickPartitions(databaseUrl, now),
    upkeep: (now) => upkeep({ ...shared, isRotating: env.DATA_KEY_OLD !== undefined }, now),
    ...(env.JOB_LEASE_MS === undefined ? {} : { leaseMs: env.JOB_LEASE_MS }),
  });
}

/** What the admin and the APIs may call. */
function createGoodword(env: Env, shared: Shared): Goodword {
  const { pools, clock, keys, shops, logger, ringer } = shared;
  const prisma = createPrisma(pools.app);
  const sessionStorage = createSessionStorage({ pools, keys, clock: systemClock });
  const onInstalled = async (shop: { domain: string; scopes: string }): Promise<void> => {
    await installShop(shared, shop);
  };
  return {
    env,
    clock,
    logger,
    shopify: createShopify({ env, sessionStorage, onInstalled, logger }),
    shops,
    ringer,
    mintLink: (input) => mintLink(shared, input),
    customerInvite: (input) => customerInvite(shared, input),
    bindCustomer: (input) => bindCustomer(shared, input),
    claimWelcome: (input) => claimWelcome(shared, input),
    confirmClick: (input) => confirmClick(shared, input),
    nameLink: (input) => nameLink(shared, input),
    importCodes: (input) => importCodes(shared, input),
    describeInvitation: (input) => describeInvitation(shared, input),
    appealReferral: (input) => appealReferral(shared, input),
    adminBlock: createAdminBlock({ prisma, keys }),
    customerStatus: createCustomerStatus({ prisma, keys }),
    saveTerms: (input) => saveTerms(shared, input),
    saveWording: (input) => saveWording(shared, input),
    saveWordSettings: (input) => saveSettings(shared, input),
    previewWords: (input) => previewWords(shared, input),
    resendNote: (input) => resendNote(shared, input),
    reviewCase: (input) => reviewCase(shared, input),
    reviewMany: (input) => reviewMany(shared, input),
    meetStaff: createStaffMeeting(shared),
    reviewTeam: (input) => reviewTeamView(shared, input),
    setReviewRules: (input) => setReviewRules(shared, input),
    openByHand: (input) => openByHand(shared, input),
    showPeople: (input) => showPeople(shared, input),
    pausePayouts: (input) => pausePayouts(shared, input),
    replayDead: (input) => replayDead(shared, input),
    decideDifference: (input) => decideDifference(shared, input),
    reconcileShop: (input) => reconcileShop(shared, input),
    setUsageLimit: (input) => setUsageLimit(shared, input),
    retireCode: (input) => retireCode(shared, input),
    judgement: createJudgement(shared),
    queries: createQueries({ prisma, keys }),
    heldData: {
      list: (input) => listDataRequests(shared, input),
      fetch: (input) => fetchHeldData(shared, input),
    },
    ledger: {
      view: (input) => ledgerView({ pools }, input),
      journal: (input) => journalCsv({ pools }, input),
    },
  };
}
