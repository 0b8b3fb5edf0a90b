import { findDueShops } from "#app/data/due.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import type { BellKind } from "./ringer.ts";

export type FoundShop = { readonly kind: BellKind; readonly shopId: string };

/** Finds the work whose bell was lost. What it does is found by what is due, so a missed or doubled sweep is harmless. */
export type Sweep = {
  /** Rings for every shop with due rows, and returns them. */
  run(): Promise<readonly FoundShop[]>;
};

const KINDS: readonly BellKind[] = ["inbox", "outbox"];
/** Shops that one sweep rings for; each bell works on one bounded batch, so no shop can keep the others waiting. */
const SHOPS_PER_SWEEP_MAX = 1_000;

/**
 * Makes the sweep.
 *
 * @param deps.ring Called once for each shop and kind with due rows, longest due first.
 */
export function createSweep(deps: {
  pools: Pick<Pools, "sweep">;
  clock: Clock;
  ring: (kind: BellKind, shopId: string) => void;
  metrics: Pick<Metrics, "oldestDueSeconds">;
}): Sweep {
  return {
    async run() {
      const now = deps.clock.now();
      const found: FoundShop[] = [];
      for (const kind of KINDS) {
        const shops = await findDueShops(deps.pools, kind, { now, limit: SHOPS_PER_SWEEP_MAX });
        const oldestMs = shops[0] === undefined ? 0 : now.getTime() - shops[0].oldestDueAt.getTime();
        deps.metrics.oldestDueSeconds.set({ table: kind }, oldestMs / 1_000);
        found.push(...shops.map(({ shopId }) => ({ kind, shopId })));
      }
      for (const { kind, shopId } of found) deps.ring(kind, shopId);
      return found;
    },
  };
}
