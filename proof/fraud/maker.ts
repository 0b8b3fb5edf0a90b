import type { PostalAddress } from "#app/domain/person/address.ts";
import type { Random } from "../lib/random.ts";
import type { Human, People } from "./people.ts";
import type { Account, Attempt, Purchase, Referrer, Truth } from "./truth.ts";

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
/** How long the shop's year is, in which everything happens. */
export const SPAN_DAYS = 180;
/** Of orders: the gateway names no card, the buyer allowed no id in the browser, the app may not see the phone. */
const MISSING = { card: 30, device: 15, phone: 30, address: 5 } as const;

/** What a maker of attempts works with. */
export type Maker = {
  readonly random: Random;
  readonly people: People;
  /** The start of the time in which everything happens, epoch milliseconds. */
  readonly from: number;
  id(kind: string): string;
  moment(): number;
  referrer(human: Human, at: number, shown?: Shown): Referrer;
  account(human: Human, isPhoneShown?: boolean): Account;
  attempt(made: Made): Attempt;
};

/** What an order has to show, come what may: a signal that nobody is shown is none. */
export type Shown = {
  readonly card?: boolean;
  readonly device?: boolean;
  readonly address?: boolean;
  readonly phone?: boolean;
};

export type Made = {
  readonly truth: Truth;
  readonly referrer: Referrer;
  readonly friend: Human;
  readonly clickedAt: number;
  readonly shown?: Shown;
  /** Where the parcel goes, if not home. */
  readonly sentTo?: PostalAddress;
  readonly changes?: Partial<Attempt>;
  readonly minutesToOrder?: number;
  readonly agent?: string;
};

/** Makes the things that every population is made of, from one stream of chance. */
export function createMaker(random: Random, people: People, from: number): Maker {
  const made = new Map<string, number>();

  function id(kind: string): string {
    const next = (made.get(kind) ?? 0) + 1;
    made.set(kind, next);
    return `${kind}-${String(next).padStart(6, "0")}`;
  }

  const misses = (what: keyof typeof MISSING, isShown: boolean | undefined): boolean =>
    random.int(1, 100) <= MISSING[what] && isShown !== true;

  function purchase(human: Human, at: number, shown: Shown, sentTo: PostalAddress | undefined): Purchase {
    return {
      at,
      card: misses("card", shown.card) ? null : random.pick(human.cards),
      device: misses("device", shown.device) ? null : human.device,
      address: misses("address", shown.address) ? null : (sentTo ?? human.home),
      network: human.network,
      agent: human.agent,
    };
  }

  function account(human: Human, isPhoneShown?: boolean): Account {
    return { id: id("customer"), email: human.email, phone: misses("phone", isPhoneShown) ? null : human.phone };
  }

  function referrer(human: Human, at: number, shown: Shown = {}): Referrer {
    const orders = Array.from({ length: random.int(1, 3) }, (_, n) => {
      // The first one always shows what has to be shown, and with the first of the cards.
      const bought = purchase(human, at - random.int(1, 40) * DAY_MS, n === 0 ? shown : {}, undefined);
      return n === 0 && shown.card === true ? { ...bought, card: human.cards[0] } : bought;
    });
    return { account: account(human, shown.phone), code: id("code"), purchases: orders };
  }

  function attempt({ truth, friend, clickedAt, shown = {}, ...rest }: Made): Attempt {
    const at = clickedAt + (rest.minutesToOrder ?? minutesToOrder(random)) * MINUTE_MS;
    const bought = purchase(friend, at, shown, rest.sentTo);
    const card = shown.card === true ? friend.cards[0] : bought.card;
    return {
      id: id("attempt"),
      truth,
      referrer: rest.referrer,
      friend: account(friend, shown.phone),
      clickedAt,
      clickId: id("click"),
      referrerHost: random.pick([null, null, "wa.me", "l.instagram.com", "m.facebook.com", "mail.google.com"]),
      claim: random.int(1, 5) === 1 ? { at: clickedAt + MINUTE_MS, isOwnBrowser: random.int(1, 10) > 1 } : null,
      purchase: { ...bought, card, agent: rest.agent ?? friend.agent },
      risk: riskOf(random),
      refundedAt: null,
      mergedAt: null,
      ...rest.changes,
    };
  }

  const moment = (): number => from + random.int(0, SPAN_DAYS * 24 * 60) * MINUTE_MS;
  return { random, people, from, id, moment, referrer, account, attempt };
}

/** Most buy within the hour, some think it over for weeks. */
function minutesToOrder(random: Random): number {
  return random.pick([random.int(2, 20), random.int(5, 60), random.int(60, 1_440), random.int(1_440, 40_000)]);
}

/** Of ordinary orders Shopify advises to look at two in a thousand, and against one in ten thousand; some it has no word on. */
function riskOf(random: Random): Attempt["risk"] {
  const place = random.int(1, 10_000);
  if (place === 1) return "cancel";
  if (place <= 21) return "investigate";
  return place <= 1_000 ? "none" : "accept";
}
