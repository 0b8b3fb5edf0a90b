import type { Random } from "../lib/random.ts";

/** The customer accounts of a story. The first two have bought before and hold a link. */
export const ACCOUNTS = ["dan", "eve", "mara", "ned", "ola"] as const;
export type Who = (typeof ACCOUNTS)[number];
export const OWNERS = ["dan", "eve"] as const satisfies readonly Who[];
export type Owner = (typeof OWNERS)[number];

/** One thing that happens, at `at`; what Shopify tells of it arrives after a lag of its own. Milliseconds. */
export type Step = { readonly at: number } & Happening;

export type Happening =
  | { readonly do: "tap"; readonly who: Who; readonly owner: Owner }
  | { readonly do: "sign_up" | "bind"; readonly who: Who; readonly lag: number }
  | { readonly do: "claim"; readonly who: Who }
  | {
      readonly do: "order";
      readonly who: Who;
      /** How late orders/create comes, and orders/paid; null: it is paid later, if at all. */
      readonly lag: number;
      readonly paidLag: number | null;
      /** The cart carries the taps; the welcome code is used; the browser is known by its device. */
      readonly carries: boolean;
      readonly usesCode: boolean;
      readonly onDevice: boolean;
      readonly risky: boolean;
    }
  | { readonly do: "pay" | "cancel"; readonly who: Who; readonly lag: number }
  /** Everything told of the newest order so far is told again, under webhook ids of their own or under the old ones. */
  | { readonly do: "again"; readonly who: Who; readonly lag: number; readonly fresh: boolean }
  | { readonly do: "refund"; readonly who: Who; readonly lag: number; readonly full: boolean }
  | { readonly do: "approve" | "reject" }
  | { readonly do: "merge"; readonly who: Who; readonly into: Who; readonly lag: number }
  | { readonly do: "redact"; readonly who: Who; readonly lag: number }
  | { readonly do: "uninstall"; readonly lag: number; readonly awayMs: number }
  | { readonly do: "retire"; readonly owner: Owner; readonly reason: "abuse" | "merchant" }
  | { readonly do: "mint"; readonly owner: Owner }
  | { readonly do: "terms"; readonly patch: Readonly<Record<string, unknown>> };

/** A random sequence: the shop's first terms, and what happens, in the order in which it does. */
export type Story = {
  readonly seed: number;
  readonly terms: Readonly<Record<string, unknown>>;
  /** The friend whose browser is Dan's: a person has to look at what comes of it. */
  readonly onDansDevice: Who | null;
  readonly steps: readonly Step[];
};

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Deliveries come up to so late. */
export const LAG_MAX_MS = 26 * HOUR_MS - 60_000;
const MINUTE_MS = 60_000;
const FRIENDS = ["mara", "ned", "ola"] as const satisfies readonly Who[];
const SPAN_DAYS = [2, 5, 20, 45] as const;

/** Tells a random story. Most friends come the usual way, in a random order and pace; what disturbs them comes between. */
export function tellStory(seed: number, random: Random): Story {
  const windowDays = random.pick([2, 7, 30]);
  const spanMs = random.pick([...SPAN_DAYS]) * DAY_MS;
  const chance = (share: number): boolean => random.next() < share;
  /** Half of the deliveries come at once, some late, some as late as can be. */
  const lag = (): number => {
    const kind = random.next();
    if (kind < 0.5) return random.int(1, 20_000);
    return kind < 0.9 ? random.int(1, 4 * HOUR_MS) : random.int(20 * HOUR_MS, LAG_MAX_MS);
  };
  const friends = FRIENDS.slice(0, random.int(1, FRIENDS.length));
  const steps: Step[] = [];
  const add = (at: number, happening: Happening): void => void steps.push({ at: Math.round(at), ...happening });
  const anyTime = (): number => random.int(MINUTE_MS, spanMs);
  const order = (who: Who): Happening => ({
    do: "order",
    who,
    lag: lag(),
    paidLag: chance(0.75) ? lag() : null,
    carries: chance(0.6),
    usesCode: chance(0.6),
    onDevice: chance(0.5),
    risky: chance(0.15),
  });
  for (const who of friends) {
    let at = random.int(MINUTE_MS, Math.floor(spanMs / 3));
    const pace = (): number => (at += random.int(MINUTE_MS, chance(0.8) ? 2 * HOUR_MS : Math.floor(spanMs / 4)));
    for (let taps = random.int(1, 2); taps > 0; taps -= 1)
      add(pace(), { do: "tap", who, owner: random.pick([...OWNERS]) });
    if (chance(0.4)) add(pace(), { do: "claim", who });
    if (chance(0.6)) add(pace(), { do: "sign_up", who, lag: lag() });
    if (chance(0.6)) add(chance(0.7) ? pace() : anyTime(), { do: "bind", who, lag: lag() });
    for (let orders = random.int(1, 2); orders > 0; orders -= 1) {
      add(chance(0.85) ? pace() : anyTime(), order(who));
      if (chance(0.3)) add(pace(), { do: "pay", who, lag: lag() });
      if (chance(0.4)) add(pace(), { do: "again", who, lag: lag(), fresh: chance(0.6) });
      if (chance(0.25)) add(pace(), { do: "refund", who, lag: lag(), full: chance(0.6) });
      if (chance(0.15)) add(pace(), { do: "cancel", who, lag: lag() });
    }
  }
  disturb();
  return {
    seed,
    terms: {
      friend: { when: random.pick(["on_first_order", "after_first_order"]) },
      window_days: windowDays,
      cooling_off_days: random.pick([1, 3, 14]),
    },
    onDansDevice: chance(0.2) ? random.pick([...FRIENDS]) : null,
    steps: steps.toSorted((a, b) => a.at - b.at),
  };

  function disturb(): void {
    const someone = (): Who => random.pick([...ACCOUNTS]);
    for (let looks = random.int(0, 3); looks > 0; looks -= 1)
      add(random.int(0, spanMs + 20 * DAY_MS), { do: chance(0.7) ? "approve" : "reject" });
    if (chance(0.25))
      add(anyTime(), { do: "merge", who: random.pick([...FRIENDS, "eve"]), into: someone(), lag: lag() });
    if (chance(0.12)) add(anyTime(), { do: "redact", who: someone(), lag: lag() });
    if (chance(0.2)) add(anyTime(), { do: "uninstall", lag: lag(), awayMs: random.int(MINUTE_MS, 4 * DAY_MS) });
    if (chance(0.2))
      add(anyTime(), { do: "retire", owner: random.pick([...OWNERS]), reason: random.pick(["abuse", "merchant"]) });
    if (chance(0.3)) add(anyTime(), { do: "mint", owner: random.pick([...OWNERS]) });
    if (chance(0.25)) add(anyTime(), { do: "terms", patch: random.pick(PATCHES) });
  }
}

const PATCHES: readonly [Readonly<Record<string, unknown>>, ...Readonly<Record<string, unknown>>[]] = [
  { paused: true },
  { cooling_off_days: 2 },
  { window_days: 5 },
  { friend: { when: "after_first_order" } },
  { friend: { when: "on_first_order" } },
];
