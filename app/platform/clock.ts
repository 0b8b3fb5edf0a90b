import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "./logger.ts";

/** The only way for code to learn the time that it decides on. */
export type Clock = { now(): Date };

export type FollowedClock = Clock & {
  /** Reads the simulated time once; the offset stays as it was when that fails. */
  refresh(): Promise<void>;
  /** Begins to follow: hears at once of every move. */
  start(): void;
  /** Calls `listener` whenever simulated time was moved and `now` tells the new time already. */
  onMove(listener: () => void): void;
  stop(): void;
};

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() };

/** How long the simulator may keep us waiting for the next move of time. */
const WATCH_MS = 2_000;
/** After an answer that does not count the moves, or none at all. */
const PAUSE_MS = 200;
const TIMEOUT_MS = WATCH_MS + 2_000;

/**
 * A clock that keeps the simulator's distance from real time, so that moving simulated time moves the app with it.
 * Between two readings it runs on at the speed of the machine's clock, and it never fails: an unreachable simulator
 * leaves the last known distance in force.
 *
 * @param options.simulatorUrl Base URL of the simulator, whose `GET /_control/clock` answers `{now}`, and with
 *   `?moves=N&waitMs=M` waits for the next move and counts them: `{now, moves}`.
 * @returns The clock; `start` must be called once for it to follow.
 */
export function createFollowedClock(options: { simulatorUrl: string; logger: Logger }): FollowedClock {
  const url = new URL("/_control/clock", options.simulatorUrl);
  const listeners: (() => void)[] = [];
  let offsetMs = 0;
  let following: AbortController | null = null;
  let reachable = true;
  let inFlight: Promise<void> | null = null;

  async function ask(query: string, signal?: AbortSignal): Promise<unknown> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const asked = new URL(query, url);
    try {
      const response = await fetch(asked, {
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      const answer: unknown = await response.json();
      reachable = true;
      return answer;
    } catch (error) {
      if (reachable && signal?.aborted !== true)
        options.logger.warn({ err: error }, "the simulator's clock cannot be read; keeping the last offset");
      reachable = false;
      return null;
    }
  }

  async function read(): Promise<void> {
    const askedAtMs = Date.now();
    const nowMs = parseNow(await ask(""));
    // Half of the round trip lies between the simulator's answer and this line.
    if (nowMs !== null) offsetMs = nowMs - (askedAtMs + Date.now()) / 2;
  }

  function refresh(): Promise<void> {
    inFlight ??= read().finally(() => {
      inFlight = null;
    });
    return inFlight;
  }

  async function follow(signal: AbortSignal): Promise<void> {
    for (let known = 0; !signal.aborted;) {
      const moves = parseMoves(await ask(`?moves=${known}&waitMs=${WATCH_MS}`, signal));
      if (signal.aborted) return;
      // An answer that waited does not say when it was sent: the time itself is read on its own.
      await refresh();
      if (moves === null) await sleep(PAUSE_MS, undefined, { ref: false });
      else if (moves !== known) {
        known = moves;
        for (const listener of listeners) listener();
      }
    }
  }

  return {
    now: () => new Date(Date.now() + offsetMs),
    refresh,
    start() {
      if (following !== null) return;
      following = new AbortController();
      void follow(following.signal);
    },
    onMove: (listener) => void listeners.push(listener),
    stop() {
      following?.abort();
      following = null;
    },
  };
}

function parseMoves(body: unknown): number | null {
  if (typeof body !== "object" || body === null || !("moves" in body) || typeof body.moves !== "number") return null;
  return body.moves;
}

function parseNow(body: unknown): number | null {
  if (typeof body !== "object" || body === null || !("now" in body) || typeof body.now !== "string") return null;
  const nowMs = Date.parse(body.now);
  return Number.isNaN(nowMs) ? null : nowMs;
}
