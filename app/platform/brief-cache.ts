import type { Clock } from "./clock.ts";

export type BriefCache<Value> = {
  /** The value where it is at hand and young enough; undefined where it has to be waited for. */
  peek(key: string): Value | undefined;
  /** The value, at most `ttlMs` old; an older one only while it cannot be loaded anew. Throws when there is none at all. */
  get(key: string): Promise<Value>;
  /** Makes the next `get` load again. */
  forget(key: string): void;
};

type Entry<Value> = { readonly value: Value; readonly loadedAtMs: number };

/**
 * Remembers what a hot path asks for again and again. Requests for one key share one load; when loading fails, what was
 * known last goes on being the answer, so that a database that is away does not take the door with it.
 *
 * @param options.sizeMax Entries kept; the ones loaded longest ago leave first.
 */
export function createBriefCache<Value>(options: {
  readonly load: (key: string) => Promise<Value>;
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly sizeMax: number;
}): BriefCache<Value> {
  const entries = new Map<string, Entry<Value>>();
  const loading = new Map<string, Promise<Value>>();

  async function load(key: string): Promise<Value> {
    try {
      const value = await options.load(key);
      entries.delete(key);
      entries.set(key, { value, loadedAtMs: options.clock.now().getTime() });
      const [oldest] = entries.keys();
      if (entries.size > options.sizeMax && oldest !== undefined) entries.delete(oldest);
      return value;
    } catch (error) {
      const known = entries.get(key);
      if (known !== undefined) return known.value;
      throw error;
    } finally {
      loading.delete(key);
    }
  }

  function fresh(key: string): Entry<Value> | undefined {
    const known = entries.get(key);
    // A clock that was moved back makes an entry look young: the distance counts, not the direction.
    const isFresh = known !== undefined && Math.abs(options.clock.now().getTime() - known.loadedAtMs) < options.ttlMs;
    return isFresh ? known : undefined;
  }

  return {
    peek: (key) => fresh(key)?.value,
    get(key) {
      const known = fresh(key);
      if (known !== undefined) return Promise.resolve(known.value);
      const underWay = loading.get(key);
      if (underWay !== undefined) return underWay;
      const started = load(key);
      loading.set(key, started);
      return started;
    },
    forget(key) {
      const known = entries.get(key);
      if (known !== undefined) entries.set(key, { ...known, loadedAtMs: Number.NEGATIVE_INFINITY });
    },
  };
}
