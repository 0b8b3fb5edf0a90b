import { randomUUID } from "node:crypto";

/** How deliveries are sent: real ones come more than once, out of order, late, or never. */
export type Habits = {
  /** How often each delivery is sent. */
  readonly copies: number;
  /** Share of the copies that carry a webhook id of their own. */
  readonly freshIds: number;
  readonly reorder: boolean;
  /** On the simulated clock. */
  readonly delayMs: number;
  /** Share of the copies that are never sent. */
  readonly drop: number;
};

export type Copy = { readonly webhookId: string; readonly delayMs: number; readonly dropped: boolean };

export type DeliveryHabits = {
  /** Sets the habits of one shop, or with null of all shops. What is absent goes back to the usual. */
  set(shop: string | null, habits: { readonly [Key in keyof Habits]?: Habits[Key] | undefined }): Habits;
  copiesFor(shop: string): Copy[];
};

const USUAL: Habits = { copies: 1, freshIds: 0, reorder: false, delayMs: 0, drop: 0 };
const REORDER_SPREAD_MS = 400;

/** Makes habits that start usual: each delivery once, at once. `random` gives 0 to 1. */
export function createHabits(random: () => number = Math.random): DeliveryHabits {
  let everywhere = USUAL;
  const byShop = new Map<string, Habits>();
  return {
    set(shop, { copies, freshIds, reorder, delayMs, drop }) {
      const habits: Habits = {
        copies: copies ?? USUAL.copies,
        freshIds: freshIds ?? USUAL.freshIds,
        reorder: reorder ?? USUAL.reorder,
        delayMs: delayMs ?? USUAL.delayMs,
        drop: drop ?? USUAL.drop,
      };
      if (shop === null) {
        everywhere = habits;
        byShop.clear();
      } else byShop.set(shop, habits);
      return habits;
    },
    copiesFor(shop) {
      const { copies, freshIds, reorder, delayMs, drop } = byShop.get(shop) ?? everywhere;
      const sharedId = randomUUID();
      // Counted, not drawn: "three times, once under a fresh id" is the same each time.
      const fresh = Math.min(Math.round(copies * freshIds), copies);
      return Array.from({ length: copies }, (_, index) => ({
        webhookId: index >= copies - fresh ? randomUUID() : sharedId,
        delayMs: delayMs + (reorder ? Math.floor(random() * REORDER_SPREAD_MS) : 0),
        dropped: random() < drop,
      }));
    },
  };
}
