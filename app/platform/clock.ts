import type { Logger } from "./logger.ts";

/** The only way for code to learn the time that it decides on. */
export type Clock = { now(): Date };

export type FollowedClock = Clock & {
  /** Reads the simulated time once; the offset stays as it was when that fails. */
  refresh(): Promise<void>;
  /** Begins to read it again and again. */
  start(): void;
  stop(): void;
};

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() };

const POLL_EVERY_MS = 200;
const POLL_TIMEOUT_MS = 2_000;

/**
 * A clock that keeps the simulator's distance from real time, so that moving simulated time moves the app with it.
 * Between two readings it runs on at the speed of the machine's clock, and it never fails: an unreachable simulator
 * leaves the last known distance in force.
 *
 * @param options.simulatorUrl Base URL of the simulator, whose `GET /_control/clock` answers `{now}`.
 * @returns The clock; `start` must be called once for it to follow.
 */
export function createFollowedClock(options: { simulatorUrl: string; logger: Logger }): FollowedClock {
  const url = new URL("/_control/clock", options.simulatorUrl);
  let offsetMs = 0;
  let timer: NodeJS.Timeout | null = null;
  let reachable = true;
  let inFlight: Promise<void> | null = null;

  async function read(): Promise<void> {
    const askedAtMs = Date.now();
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(POLL_TIMEOUT_MS) });
      const nowMs = parseNow(await response.json());
      // Half of the round trip lies between the simulator's answer and this line.
      if (nowMs !== null) offsetMs = nowMs - (askedAtMs + Date.now()) / 2;
      reachable = true;
    } catch (error) {
      if (reachable)
        options.logger.warn({ err: error }, "the simulator's clock cannot be read; keeping the last offset");
      reachable = false;
    }
  }

  function refresh(): Promise<void> {
    inFlight ??= read().finally(() => {
      inFlight = null;
    });
    return inFlight;
  }

  return {
    now: () => new Date(Date.now() + offsetMs),
    refresh,
    start() {
      if (timer !== null) return;
      timer = setInterval(() => void refresh(), POLL_EVERY_MS);
      timer.unref();
    },
    stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}

function parseNow(body: unknown): number | null {
  if (typeof body !== "object" || body === null || !("now" in body) || typeof body.now !== "string") return null;
  const nowMs = Date.parse(body.now);
  return Number.isNaN(nowMs) ? null : nowMs;
}
