/** Calls of a minute, counted by key. Each process counts its own: what has to be exact is limited in the database. */
export type RateLimit = {
  /**
   * Counts one more call.
   * @returns `over` when the key has had its share of this minute, `full` when there are too many keys to count another
   */
  take(key: string): "within" | "over" | "full";
};

const WINDOW_MS = 60_000;
const KEYS_MAX = 100_000;

/**
 * Starts counting. The minutes are those of real time, whatever clock the domain follows: a flood is one of this machine.
 *
 * @param options.max Calls of one key in a minute.
 * @param options.keysMax How many keys are counted at most, so that a flood of addresses does not fill the memory.
 */
export function createRateLimit(options: { max: number; keysMax?: number; nowMs?: () => number }): RateLimit {
  const { max, keysMax = KEYS_MAX, nowMs = Date.now } = options;
  const counts = new Map<string, number>();
  let window = 0;
  return {
    take(key) {
      const current = Math.floor(nowMs() / WINDOW_MS);
      if (current !== window) {
        counts.clear();
        window = current;
      }
      const count = counts.get(key);
      if (count === undefined && counts.size >= keysMax) return "full";
      counts.set(key, (count ?? 0) + 1);
      return (count ?? 0) < max ? "within" : "over";
    },
  };
}

/** Taps of one network on one shop in a minute that are still taps: a whole campus may sit behind one. */
const TAPS_PER_NETWORK = 1_000;
/** Calls of one network that may be worth something; a visit makes three. */
const CALLS_PER_NETWORK = 300;
const CALLS_PER_SHOP = 6_000;
/** Claims of one link in a minute, from whatever networks: a link that was shared to thousands is not claimed by two a second. */
const CLAIMS_PER_CODE = 120;
/** Calls of one logged-in customer; a page makes four. */
const CALLS_PER_CUSTOMER = 120;
/** Calls of one network on the API of the extensions, of all shops together, before anybody is known. */
const API_CALLS_PER_NETWORK = 600;
/** Every visitor whose address cannot be read shares one count: nobody gains by hiding theirs. */
const NO_NETWORK = "none";

/** The limits of the storefront's doors. */
export type StorefrontLimits = {
  /** Whether a tap is one of a flood. It is sent on all the same, without a token: a link never fails. Open when in doubt. */
  isFlood(shopId: string, prefix: string | null): boolean;
  /** Whether a call that may be worth something is to be answered. Closed when in doubt. */
  mayAsk(shopId: string, prefix: string | null): boolean;
  /** Whether the link of a token may be claimed once more. A token that is none of ours costs nothing and is not counted. */
  mayClaim(shopId: string, token: string): boolean;
  /** Whether a network may call the extensions' API; null is one that cannot be told, such as that of a proxy of ours. */
  mayCall(prefix: string | null): boolean;
  /** Whether a customer, who is proved, may call once more. */
  mayCallAs(shopId: string, customerId: string): boolean;
};

/**
 * Starts the counts of one process.
 * @param options.codeOf reads the text of a link's code out of a token; null for a token that is none of ours
 */
export function createStorefrontLimits(options: {
  codeOf: (token: string) => string | null;
  nowMs?: () => number;
}): StorefrontLimits {
  const { codeOf, nowMs = Date.now } = options;
  const taps = createRateLimit({ max: TAPS_PER_NETWORK, nowMs });
  const networks = createRateLimit({ max: CALLS_PER_NETWORK, nowMs });
  const shops = createRateLimit({ max: CALLS_PER_SHOP, nowMs });
  const codes = createRateLimit({ max: CLAIMS_PER_CODE, nowMs });
  const callers = createRateLimit({ max: API_CALLS_PER_NETWORK, nowMs });
  const customers = createRateLimit({ max: CALLS_PER_CUSTOMER, nowMs });
  return {
    isFlood: (shopId, prefix) => taps.take(`${shopId}/${prefix ?? NO_NETWORK}`) === "over",
    mayAsk: (shopId, prefix) =>
      networks.take(`${shopId}/${prefix ?? NO_NETWORK}`) === "within" && shops.take(shopId) === "within",
    mayClaim(shopId, token) {
      const code = codeOf(token);
      return code === null || codes.take(`${shopId}/${code}`) === "within";
    },
    mayCall: (prefix) => prefix === null || callers.take(prefix) === "within",
    mayCallAs: (shopId, customerId) => customers.take(`${shopId}/${customerId}`) === "within",
  };
}
