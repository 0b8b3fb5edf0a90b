import { createAgenda } from "./agenda.ts";

/**
 * Simulated time: real time plus an offset that the control API moves. Work planned on it runs when its instant
 * comes, by waiting or by a jump, so four hours of webhook retries can pass in a moment.
 */
export type SimClock = {
  now(): Date;
  /** Moves time; whatever became due is started, oldest first. */
  set(instant: Date): void;
  /** How often time was moved. */
  moves(): number;
  /** Calls `listener` at the next move; returns a function that calls it off. */
  onMove(listener: () => void): () => void;
  /** Runs `work` at `instant`; returns a function that calls it off. */
  at(instant: Date, work: () => void): () => void;
  /** Forgets all planned work. */
  stop(): void;
};

/** setTimeout holds at most 2^31 − 1 ms; longer waits are taken in steps. */
const TIMER_MS_MAX = 2_000_000_000;

/** Makes a clock that starts at the real time. */
export function createSimClock(): SimClock {
  let offsetMs = 0;
  let moves = 0;
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;
  /** When the timer's work is due, on this clock. */
  let armedFor = Number.POSITIVE_INFINITY;
  const planned = createAgenda();

  const nowMs = (): number => Date.now() + offsetMs;

  function rearm(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const next = planned.first();
    armedFor = next?.at ?? Number.POSITIVE_INFINITY;
    if (next === null) return;
    const waitMs = Math.min(Math.max(next.at - nowMs(), 0), TIMER_MS_MAX);
    timer = setTimeout(runDue, waitMs);
    timer.unref();
  }

  function runDue(): void {
    // What due work plans for at once waits for the next turn, as it would behind a timer.
    for (const item of planned.takeUntil(nowMs())) item.work();
    rearm();
  }

  return {
    now: () => new Date(nowMs()),
    set(instant) {
      offsetMs = instant.getTime() - Date.now();
      moves += 1;
      runDue();
      const told = [...listeners];
      listeners.clear();
      for (const listener of told) listener();
    },
    moves: () => moves,
    onMove(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    at(instant, work) {
      const callOff = planned.add(instant.getTime(), work);
      // Whoever comes after the next one changes nothing; in a storm those are nearly all.
      if (instant.getTime() < armedFor) rearm();
      return callOff;
    },
    stop() {
      planned.clear();
      rearm();
    },
  };
}

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Parses an ISO 8601 duration of weeks, days, hours, minutes and seconds ("P14D", "PT26H") into ms.
 * Months and years have no fixed length and give null, as does anything unreadable.
 */
export function parseDurationMs(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null || text === "P" || text.endsWith("T")) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const wholeDays = (weeks ?? 0) * 7 + (days ?? 0);
  return ((wholeDays * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
}
