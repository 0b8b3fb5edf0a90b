import type { Logger } from "./logger.ts";

/** Work that nobody waits for, and that may be lost with the process: only what has a fallback belongs here. */
export type Background = {
  /** Begins it, unless too much is under way already. */
  begin(work: () => Promise<void>): boolean;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
};

/** Makes a place for background work. @param options.atOnceMax how much may be under way in this process */
export function createBackground(options: { atOnceMax: number; logger: Pick<Logger, "warn"> }): Background {
  const underWay = new Set<Promise<void>>();
  return {
    begin(work) {
      if (underWay.size >= options.atOnceMax) return false;
      const running: Promise<void> = work()
        .catch((error: unknown) => options.logger.warn({ err: error }, "background work failed"))
        .finally(() => underWay.delete(running));
      underWay.add(running);
      return true;
    },
    async idle() {
      await Promise.all(underWay);
    },
  };
}
