export type BucketSize = { readonly maximumAvailable: number; readonly restoreRate: number };

export type ThrottleStatus = BucketSize & { readonly currentlyAvailable: number };

/** The Admin API's leaky buckets, one for each shop, in real time. */
export type Throttle = {
  /** Gives a shop the bucket of another plan. */
  resize(shop: string, size: BucketSize): void;
  /** Takes `cost` points; false when there are not that many. */
  take(shop: string, cost: number): boolean;
  /** Gives points back that were asked for and not needed. */
  giveBack(shop: string, cost: number): void;
  status(shop: string): ThrottleStatus;
};

/** What a standard shop has (observed mid-2026). */
export const STANDARD_BUCKET: BucketSize = { maximumAvailable: 2_000, restoreRate: 100 };

/** Makes full buckets of a size. `nowMs` is real time. */
export function createThrottle(size: BucketSize = STANDARD_BUCKET, nowMs: () => number = Date.now): Throttle {
  const buckets = new Map<string, { available: number; atMs: number }>();
  const plans = new Map<string, BucketSize>();
  const sizeOf = (shop: string): BucketSize => plans.get(shop) ?? size;

  function filled(shop: string): { available: number; atMs: number } {
    const now = nowMs();
    const { maximumAvailable, restoreRate } = sizeOf(shop);
    const bucket = buckets.get(shop) ?? { available: maximumAvailable, atMs: now };
    const restored = ((now - bucket.atMs) / 1000) * restoreRate;
    bucket.available = Math.min(maximumAvailable, bucket.available + restored);
    bucket.atMs = now;
    buckets.set(shop, bucket);
    return bucket;
  }

  return {
    take(shop, cost) {
      const bucket = filled(shop);
      if (bucket.available < cost) return false;
      bucket.available -= cost;
      return true;
    },
    giveBack(shop, cost) {
      const bucket = filled(shop);
      bucket.available = Math.min(sizeOf(shop).maximumAvailable, bucket.available + cost);
    },
    resize(shop, plan) {
      plans.set(shop, plan);
      buckets.delete(shop);
    },
    status: (shop) => ({ ...sizeOf(shop), currentlyAvailable: Math.floor(filled(shop).available) }),
  };
}
