/** What Shopify says about a shop's bucket in every answer. */
export type ThrottleStatus = {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRate: number;
};

export type Permit = { readonly outcome: "granted"; release(status: ThrottleStatus | null): void };
export type Denied = { readonly outcome: "throttled"; readonly retryAfterMs: number };

export type CostLimiter = {
  /** Waits, within bounds, until a call of this cost fits the shop's bucket. Every permit must be released once. */
  acquire(shopId: string, cost: number): Promise<Permit | Denied>;
};

/** What a standard shop has until its first answer tells better. */
const BUCKET_POINTS = 2_000;
const RESTORE_POINTS_PER_SECOND = 100;
/** A drain does not hold a worker for longer than this; the outbox row comes back instead. */
const WAIT_MS_MAX = 5_000;
/** Calls in flight per shop: four fill a standard shop's restore rate and leave the others of a process alone. */
const CONCURRENCY_MAX = 4;
const QUEUE_MAX = 100;
const SHOPS_MAX = 10_000;
const JITTER = 0.2;

type Bucket = {
  available: number;
  max: number;
  ratePerSecond: number;
  atMs: number;
  inFlight: number;
  readonly waiting: (() => void)[];
};

/**
 * A leaky bucket per shop that follows the throttle status Shopify reports, so that calls are held back here instead of
 * being refused there. Per process; Shopify's own refusal is the backstop across processes.
 *
 * @param options.nowMs A steady clock in ms.
 * @param options.sleepMs Waits; replaced in tests.
 * @param options.random Jitter from 0 to 1, so that waiters of one bucket do not wake together.
 */
export function createCostLimiter(options: {
  nowMs: () => number;
  sleepMs: (ms: number) => Promise<void>;
  random?: () => number;
}): CostLimiter {
  const buckets = new Map<string, Bucket>();
  const random = options.random ?? Math.random;

  return {
    async acquire(shopId, cost) {
      const bucket = bucketOf(buckets, shopId, options.nowMs());
      if (!(await takeSlot(bucket))) return { outcome: "throttled", retryAfterMs: WAIT_MS_MAX };
      const waitMs = Math.ceil(msUntilFits(bucket, cost, options.nowMs()) * (1 + random() * JITTER));
      if (waitMs > WAIT_MS_MAX) {
        freeSlot(bucket);
        return { outcome: "throttled", retryAfterMs: waitMs };
      }
      bucket.available -= cost;
      if (waitMs > 0) await options.sleepMs(waitMs);
      return {
        outcome: "granted",
        release(status) {
          if (status !== null) follow(bucket, status, options.nowMs());
          freeSlot(bucket);
        },
      };
    },
  };
}

function bucketOf(buckets: Map<string, Bucket>, shopId: string, nowMs: number): Bucket {
  const known = buckets.get(shopId);
  if (known !== undefined) return known;
  if (buckets.size >= SHOPS_MAX) for (const [id, bucket] of buckets) if (bucket.inFlight === 0) buckets.delete(id);
  const bucket: Bucket = {
    available: BUCKET_POINTS,
    max: BUCKET_POINTS,
    ratePerSecond: RESTORE_POINTS_PER_SECOND,
    atMs: nowMs,
    inFlight: 0,
    waiting: [],
  };
  buckets.set(shopId, bucket);
  return bucket;
}

/** Fills the bucket up to now, and says how long it takes until a call of this cost fits. */
function msUntilFits(bucket: Bucket, cost: number, nowMs: number): number {
  refill(bucket, nowMs);
  const missing = Math.min(cost, bucket.max) - bucket.available;
  return missing <= 0 ? 0 : (missing / bucket.ratePerSecond) * 1_000;
}

function refill(bucket: Bucket, nowMs: number): void {
  bucket.available = Math.min(bucket.max, bucket.available + ((nowMs - bucket.atMs) * bucket.ratePerSecond) / 1_000);
  bucket.atMs = nowMs;
}

function follow(bucket: Bucket, status: ThrottleStatus, nowMs: number): void {
  bucket.max = status.maximumAvailable;
  bucket.ratePerSecond = Math.max(1, status.restoreRate);
  refill(bucket, nowMs);
  // Calls in flight are counted here and perhaps not yet there: never believe in more than both say.
  const isAlone = bucket.inFlight <= 1;
  bucket.available = isAlone ? status.currentlyAvailable : Math.min(bucket.available, status.currentlyAvailable);
}

async function takeSlot(bucket: Bucket): Promise<boolean> {
  if (bucket.inFlight < CONCURRENCY_MAX) {
    bucket.inFlight += 1;
    return true;
  }
  if (bucket.waiting.length >= QUEUE_MAX) return false;
  // The slot of a call that ends is handed over, so inFlight does not change.
  await new Promise<void>((resolve) => bucket.waiting.push(resolve));
  return true;
}

function freeSlot(bucket: Bucket): void {
  const next = bucket.waiting.shift();
  if (next === undefined) bucket.inFlight -= 1;
  else next();
}
