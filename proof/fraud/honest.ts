import type { Human } from "./people.ts";
import type { Made, Maker } from "./maker.ts";
import { DAY_MS, MINUTE_MS } from "./maker.ts";
import type { Attempt, Referrer, Truth } from "./truth.ts";

/** Of a thousand honest friends, those who share a card, an address or a browser with their referrer. */
export const FAMILIES_PER_THOUSAND = 25;
/** Couples who share card and browser: nobody can tell them from one person, so they count for nothing. Beside the others. */
const GREY_PER_THOUSAND = 4;
const FRIENDS_PER_CODE = [1, 1, 1, 2, 2, 3, 5] as const;
const CROWD_ADDRESSES = 60;
/** One order in twenty is sent back in full; what comes back in the cooling-off never gets as far as a reward. */
const REFUNDED_PER_THOUSAND = 20;
const DISPOSABLE_PER_TEN_THOUSAND = 5;

type Kind = "stranger" | "office" | "campus" | "flat" | "traveller" | "same_name" | "housemates";
/** Of a thousand who share nothing with their referrer, pairs who share everything with each other. */
const HOUSEMATES_PER_THOUSAND = 3;
const KINDS: readonly [Kind, ...Kind[]] = [
  ...repeat<Kind>("stranger", 69),
  ...repeat<Kind>("office", 9),
  ...repeat<Kind>("campus", 6),
  ...repeat<Kind>("flat", 6),
  ...repeat<Kind>("traveller", 8),
  ...repeat<Kind>("same_name", 2),
];

type Circle = { readonly human: Human; readonly referrer: Referrer; left: number };

/** Makes honest friends: people who were really recommended something, in all the ways in which they look alike by chance. */
export function makeHonest(maker: Maker, count: number): Attempt[] {
  const { random, people } = maker;
  const crowds = Array.from({ length: CROWD_ADDRESSES }, () => people.network());
  const attempts: Attempt[] = [];
  let circle = openCircle(maker, crowds);
  while (attempts.length < count) {
    if (circle.left === 0) circle = openCircle(maker, crowds);
    circle.left -= 1;
    const place = random.int(1, 1_000);
    if (place <= FAMILIES_PER_THOUSAND) attempts.push(family(maker, circle));
    else if (place <= FAMILIES_PER_THOUSAND + GREY_PER_THOUSAND) attempts.push(grey(maker, circle));
    else attempts.push(...unrelated(maker, circle));
  }
  return attempts.slice(0, count);
}

/** A customer with a link, and how many they tell of it; one in a few hundred is the friend whom everybody listens to. */
function openCircle(maker: Maker, crowds: readonly string[]): Circle {
  const { random, people } = maker;
  const network = random.int(1, 6) === 1 ? (crowds[random.int(0, crowds.length - 1)] ?? "") : people.network();
  const human = people.human({ network });
  const left = random.int(1, 400) === 1 ? random.int(15, 30) : random.pick(FRIENDS_PER_CODE);
  return { human, referrer: maker.referrer(human, maker.moment()), left };
}

function openedBy({ referrer }: Circle, maker: Maker): number {
  const last = Math.max(...referrer.purchases.map(({ at }) => at));
  return last + maker.random.int(1, 30) * DAY_MS + maker.random.int(0, 1_439) * MINUTE_MS;
}

function truth(kind: string, changes: Partial<Truth> = {}): Truth {
  return { label: "honest", kind, signals: 0, isFamily: false, ...changes };
}

/** Shares nothing with their referrer but, perhaps, a roof: a network, a building, a name. */
function unrelated(maker: Maker, circle: Circle): Attempt[] {
  const { random, people } = maker;
  const kind = random.int(1, 1_000) <= HOUSEMATES_PER_THOUSAND ? "housemates" : random.pick(KINDS);
  const { human } = circle;
  const made = (friend: Human): Made => ({
    truth: truth(kind),
    referrer: circle.referrer,
    friend,
    clickedAt: openedBy(circle, maker),
  });
  const dressed = (made: Made): Attempt => withLuck(maker, made);
  switch (kind) {
    case "stranger":
    case "traveller":
      return [
        dressed(
          made(people.human(kind === "traveller" ? { cards: [people.card(), people.card(), people.card()] } : {})),
        ),
      ];
    case "office":
    case "campus":
      return [dressed(made(people.human({ network: human.network })))];
    case "flat": {
      const unit = random.int(50, 90);
      return [dressed(made(people.human({ home: { ...human.home, address2: `Flat ${unit}` } })))].map((one) =>
        human.home.address2 === null && !/\b(?:apt|whg)\b/i.test(human.home.address1 ?? "")
          ? asNextDoor(maker, one)
          : one,
      );
    }
    case "same_name":
      return [dressed(made(people.human({ last: human.last })))];
    case "housemates": {
      // Two of a household whom somebody from outside told of it: they share card and address with each other.
      const one = people.human();
      const other = people.human({ last: one.last, home: one.home, cards: one.cards, network: one.network });
      return [dressed(made(one)), dressed(made(other))];
    }
  }
}

/** Whoever has a house to themselves has neighbours in the next house, not in the next flat. */
function asNextDoor(maker: Maker, attempt: Attempt): Attempt {
  const home = maker.people.home();
  return { ...attempt, purchase: { ...attempt.purchase, address: attempt.purchase.address === null ? null : home } };
}

/** Shares a card, an address or a browser with their referrer, as those do who live together or give presents. */
function family(maker: Maker, circle: Circle): Attempt {
  const { random, people } = maker;
  const { human } = circle;
  const tie = random.pick(["address", "address", "address", "card", "card", "device", "gift"]);
  const relative = { last: human.last, network: human.network, home: human.home };
  const friend =
    tie === "gift"
      ? people.human()
      : people.human({
          ...relative,
          ...(tie === "card" ? { cards: human.cards } : {}),
          ...(tie === "device" ? { device: human.device } : {}),
        });
  const made = {
    truth: truth(`family_${tie}`, { isFamily: true }),
    referrer: circle.referrer,
    friend,
    clickedAt: openedBy(circle, maker),
    sentTo: human.home,
  };
  // Who shares the card has a browser of their own, and the other way round: both is grey.
  return withLuck(maker, made);
}

function grey(maker: Maker, circle: Circle): Attempt {
  const { human } = circle;
  const friend = maker.people.human({
    last: human.last,
    home: human.home,
    cards: human.cards,
    device: human.device,
    network: human.network,
  });
  const made = { referrer: circle.referrer, friend, clickedAt: openedBy(circle, maker) };
  return maker.attempt({ ...made, truth: truth("couple_one_browser", { label: "grey", isFamily: true }) });
}

function withLuck(maker: Maker, made: Made): Attempt {
  const { random } = maker;
  const attempt = maker.attempt(made);
  const refundedAt =
    random.int(1, 1_000) <= REFUNDED_PER_THOUSAND ? attempt.purchase.at + random.int(15, 40) * DAY_MS : null;
  const isThrowAway = random.int(1, 10_000) <= DISPOSABLE_PER_TEN_THOUSAND;
  const email = isThrowAway ? `${attempt.friend.id}@mailinator.com` : attempt.friend.email;
  return { ...attempt, refundedAt, friend: { ...attempt.friend, email } };
}

function repeat<Item>(item: Item, times: number): [Item, ...Item[]] {
  return [item, ...Array.from({ length: times - 1 }, () => item)];
}
