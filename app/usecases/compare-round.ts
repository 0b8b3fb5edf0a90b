import type { Pools } from "#app/data/pools.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { isObject } from "#app/domain/json/read.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { ReadTrouble, ShopifyAdmin } from "./ports.ts";

export type CompareDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
  readonly logger: Logger;
  readonly ringInbox: (shopId: string) => void;
};

/** How far a comparison of a shop with its books has come. */
export type Round = {
  /** What is being compared: discounts, then credits, then orders. */
  readonly step: number;
  /** The last one of its step that was compared; null before the first. */
  readonly after: string | null;
  /** Codes that the round before saw used without an order. */
  readonly suspects: readonly string[];
  /** Those that this one sees so. */
  readonly seen: readonly string[];
  /** Rewarded orders that the round before did not find. */
  readonly missingBefore: readonly string[];
  /** Those that this one does not find. */
  readonly missing: readonly string[];
  /** Differences that this round was the first to find. */
  readonly opened: number;
};

/** Compares one page of one kind of thing. `pages`: how many calls to Shopify that took; `isLast`: its kind is through. */
export type CompareStep = (
  deps: CompareDeps,
  shop: KnownShop,
  round: Round,
) => Promise<
  { readonly outcome: "ok"; readonly round: Round; readonly pages: number; readonly isLast: boolean } | ReadTrouble
>;

const NAMES_MAX = 1_000;

/** Reads what a row keeps of its round; one that keeps nothing begins anew. */
export function parseRound(payload: unknown): Round {
  const known = isObject(payload) ? payload : {};
  const { after } = known;
  return {
    step: countIn(known["step"]),
    after: typeof after === "string" ? after : null,
    suspects: namesIn(known["suspects"]),
    seen: namesIn(known["seen"]),
    missingBefore: namesIn(known["missingBefore"]),
    missing: namesIn(known["missing"]),
    opened: countIn(known["opened"]),
  };
}

function countIn(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string").slice(0, NAMES_MAX) : [];
}
