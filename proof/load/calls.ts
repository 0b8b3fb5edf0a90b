import { setTimeout as sleep } from "node:timers/promises";

const TRIES_MAX = 300;
const PAUSE_MS = 100;

/** The calls of a load that are on their way, and those that a kill cut off. */
export type Calls = {
  /** Makes a call until it succeeds: what a person or a browser does when a page does not load. */
  untilDone<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Notes what is on its way now. The answer tells, once all of it has ended, how much of it failed. */
  watchCut(): () => Promise<number>;
  /** Calls without an answer yet. */
  onTheirWay(): number;
  /** Calls that failed since the start. */
  failed(): number;
};

/** Starts with nothing on its way. */
export function createCalls(): Calls {
  const open = new Set<Promise<boolean>>();
  let failures = 0;

  async function once<Result>(
    call: () => Promise<Result>,
  ): Promise<{ ok: true; result: Result } | { ok: false; error: unknown }> {
    const outcome = call().then(
      (result) => ({ ok: true as const, result }),
      (error: unknown) => ({ ok: false as const, error }),
    );
    const isOk = outcome.then(({ ok }) => ok);
    open.add(isOk);
    const ended = await outcome;
    open.delete(isOk);
    if (!ended.ok) failures += 1;
    return ended;
  }

  return {
    async untilDone(call) {
      for (let tries = 1; ; tries += 1) {
        const ended = await once(call);
        if (ended.ok) return ended.result;
        if (tries >= TRIES_MAX) throw new Error(`a call failed ${tries} times, lastly so: ${String(ended.error)}`);
        await sleep(PAUSE_MS);
      }
    },
    watchCut() {
      const watched = [...open];
      return async () => (await Promise.all(watched)).filter((isOk) => !isOk).length;
    },
    onTheirWay: () => open.size,
    failed: () => failures,
  };
}
