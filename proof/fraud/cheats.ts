import type { PostalAddress } from "#app/domain/person/address.ts";
import type { Random } from "../lib/random.ts";
import type { Shown, Made, Maker } from "./maker.ts";
import { DAY_MS, MINUTE_MS } from "./maker.ts";
import type { Human } from "./people.ts";
import { BOT_AGENTS } from "./people.ts";
import type { Attempt, Noise, Referrer, Truth } from "./truth.ts";

/** Of a hundred cheats, those who share no signal with their referrer, one, two, and three or more. */
const CHEATS_BY_SIGNALS: readonly number[] = [10, 30, 40, 20];
const MOST = 3;
/** What two accounts can have in common. The network is none: it is shared by everybody under one roof. */
const SIGNALS = ["email", "phone", "card", "device", "address"] as const;
type Signal = (typeof SIGNALS)[number];
/** Cheats who know their referrer: they are their referrer. */
const OWN_SCHEMES = [
  "second_account",
  "second_account",
  "second_account",
  "second_account",
  "ring",
  "ring",
  "refund_farm",
  "bot",
  "late_merge",
] as const;
/** Schemes that need nothing in common with anybody. */
const FAR_SCHEMES = ["clean_evader", "clean_evader", "sprayed_code", "coupon_site", "claim_spray", "bot"] as const;

export type Cheating = { readonly attempts: readonly Attempt[]; readonly noise: Noise };

/** Makes cheats: people who refer themselves, and codes that live on strangers. Shares are fixed by `CHEATS_BY_SIGNALS`. */
export function makeCheats(maker: Maker, count: number): Cheating {
  const attempts: Attempt[] = [];
  const noise = { taps: [] as Noise["taps"][number][], claims: [] as Noise["claims"][number][] };
  while (attempts.length < count) {
    const group = shortest(attempts);
    const made =
      group === 0 ? far(maker, noise) : own(maker, group === MOST ? maker.random.pick([3, 3, 3, 4, 4, 5]) : group);
    attempts.push(...made.slice(0, count - attempts.length));
  }
  return { attempts, noise };
}

/** The group that is furthest below its share: one cheat may make several attempts, and the shares are of attempts. */
function shortest(attempts: readonly Attempt[]): number {
  const counts = CHEATS_BY_SIGNALS.map(
    (_, group) => attempts.filter(({ truth: of }) => Math.min(of.signals, MOST) === group).length,
  );
  const lacks = CHEATS_BY_SIGNALS.map((share, group) => (share * attempts.length) / 100 - (counts[group] ?? 0));
  return lacks.indexOf(Math.max(...lacks));
}

function truth(kind: string, signals: number): Truth {
  return { label: "cheat", kind, signals, isFamily: false };
}

/** One person with two accounts or more. */
function own(maker: Maker, signals: number): Attempt[] {
  const { random } = maker;
  const kind = random.pick(OWN_SCHEMES);
  if (kind === "ring") return ring(maker, signals);
  const human = maker.people.human();
  const shared = someOf(random, signals);
  const shown: Shown = Object.fromEntries(shared.map((signal) => [signal, true]));
  const referrer = maker.referrer(human, maker.moment(), shown);
  const times = kind === "refund_farm" ? random.int(3, 6) : random.int(1, 3);
  let at = lastOf(referrer) + random.int(1, 20) * DAY_MS;
  return Array.from({ length: times }, () => {
    at +=
      (kind === "refund_farm" ? random.int(10_000, 30_000) : random.int(1, kind === "bot" ? 20 : 4_000)) * MINUTE_MS;
    const made = { truth: truth(kind, signals), referrer, clickedAt: at, shown };
    return disguised(maker, { ...made, human, shared, kind });
  });
}

type Disguise = Omit<Made, "friend"> & {
  readonly human: Human;
  readonly shared: readonly Signal[];
  readonly kind: string;
};

/** The second account: everything new but what is shared. */
function disguised(maker: Maker, { human, shared, kind, ...made }: Disguise): Attempt {
  const { random, people } = maker;
  const has = (signal: Signal): boolean => shared.includes(signal);
  const fresh = people.human(random.int(1, 2) === 1 ? { last: human.last } : {});
  const friend: Human = {
    ...fresh,
    email: has("email") ? sameMailbox(random, human.email) : secondMailbox(random, human, fresh),
    phone: has("phone") ? human.phone : fresh.phone,
    cards: has("card") ? [human.cards[0]] : [people.card()],
    device: has("device") ? human.device : fresh.device,
    home: has("address") ? tricked(random, human.home) : fresh.home,
    // New card, new browser, but rarely a new line into the house.
    network: random.int(1, 10) <= 7 ? human.network : fresh.network,
  };
  const attempt = maker.attempt({
    ...made,
    friend,
    ...(kind === "bot" ? { agent: random.pick(BOT_AGENTS), minutesToOrder: random.pick([0, 0, 1]) } : {}),
  });
  const { at } = attempt.purchase;
  return {
    ...attempt,
    refundedAt: kind === "refund_farm" && random.int(1, 10) <= 8 ? at + random.int(15, 30) * DAY_MS : null,
    mergedAt: kind === "late_merge" ? at + random.int(1, 17) * DAY_MS : null,
  };
}

/** Two to five accounts of one person, each referred by the one before, the first by the last. */
function ring(maker: Maker, signals: number): Attempt[] {
  const { random, people } = maker;
  const human = people.human();
  const shared = someOf(random, signals);
  const shown: Shown = Object.fromEntries(shared.map((signal) => [signal, true]));
  const first = maker.referrer(human, maker.moment(), shown);
  const size = random.int(2, 5);
  const attempts: Attempt[] = [];
  let [referrer, at] = [first, lastOf(first) + random.int(1, 20) * DAY_MS];
  for (let n = 0; n < size; n += 1) {
    at += random.int(60, 4_000) * MINUTE_MS;
    const made = { truth: truth("ring", signals), referrer, clickedAt: at, shown, human, shared, kind: "ring" };
    const attempt = disguised(maker, made);
    // The last link leads back: the friend is the account that it began with, which bought before and hides it.
    const closing = n === size - 1 ? { ...attempt, friend: first.account } : attempt;
    attempts.push(closing);
    referrer = { account: attempt.friend, code: maker.id("code"), purchases: [attempt.purchase] };
    at = attempt.purchase.at;
  }
  return attempts;
}

/** Strangers to each other, brought by nobody who knows them. */
function far(maker: Maker, noise: { taps: Noise["taps"][number][]; claims: Noise["claims"][number][] }): Attempt[] {
  const { random, people } = maker;
  const kind = random.pick(FAR_SCHEMES);
  const referrer = maker.referrer(people.human(), maker.moment());
  const at = lastOf(referrer) + random.int(1, 20) * DAY_MS;
  const made = (changes: Partial<Attempt> = {}, spreadMinutes = 60): Attempt => {
    const clickedAt = at + random.int(0, spreadMinutes) * MINUTE_MS;
    return maker.attempt({ truth: truth(kind, 0), referrer, friend: people.human(), clickedAt, changes });
  };
  switch (kind) {
    case "clean_evader":
      return [made()];
    case "bot":
      return [
        {
          ...maker.attempt({
            truth: truth(kind, 0),
            referrer,
            friend: people.human(),
            clickedAt: at,
            minutesToOrder: 0,
            agent: random.pick(BOT_AGENTS),
          }),
        },
      ];
    case "coupon_site":
      return Array.from({ length: random.int(1, 4) }, () =>
        made(
          { referrerHost: random.pick(["www.retailmenot.com", "www.hotukdeals.com", "deals-of-the-day.example"]) },
          20_000,
        ),
      );
    case "sprayed_code": {
      for (let left = random.int(150, 600); left > 0; left -= 1)
        noise.taps.push({ code: referrer.code, at: at + random.int(0, 60) * MINUTE_MS, network: people.network() });
      return Array.from({ length: random.int(3, 8) }, () => made());
    }
    case "claim_spray": {
      for (let left = random.int(15, 80); left > 0; left -= 1)
        noise.claims.push({ code: referrer.code, at: at + random.int(0, 300) * MINUTE_MS, email: maker.id("sprayed") });
      return Array.from({ length: random.int(1, 4) }, () => {
        const one = made({}, 300);
        return { ...one, claim: { at: one.clickedAt + MINUTE_MS, isOwnBrowser: false } };
      });
    }
  }
}

function someOf(random: Random, count: number): Signal[] {
  const left = [...SIGNALS];
  return Array.from({ length: count }, () => left.splice(random.int(0, left.length - 1), 1)).flat();
}

/** The same mailbox, written in another way. */
function sameMailbox(random: Random, email: string): string {
  const [name = "", host = ""] = email.split("@");
  return random.pick([
    `${name}+${random.int(1, 99)}@${host}`,
    `${name.toUpperCase()}@${host}`,
    `${name}+shop@${host.toUpperCase()}`,
  ]);
}

/** A second mailbox: often the first with a digit more, so that its owner remembers it. */
function secondMailbox(random: Random, human: Human, fresh: Human): string {
  const [name = "", host = ""] = human.email.split("@");
  return random.int(1, 10) <= 4 ? `${name}${random.int(1, 9)}@${host}` : fresh.email;
}

/** The same door, in a way that the parcel still finds and a comparison of letters does not. */
function tricked(random: Random, home: PostalAddress): PostalAddress {
  const line = home.address1 ?? "";
  const place = random.int(3, Math.max(3, line.length - 1));
  const words = line.split(" ");
  return random.pick([
    home,
    home,
    home,
    { ...home, address1: line.slice(0, place) + line.slice(place + 1) },
    {
      ...home,
      address1: line.replace(/Street|Road|Avenue|Lane|straße|Ave|Blvd/, (word) =>
        word === "straße" ? "str." : word.slice(0, 2),
      ),
    },
    { ...home, address2: home.address2 === null ? `Flat ${random.int(1, 9)}` : null },
    { ...home, address1: `${line}, rear door` },
    { ...home, address1: [...words.slice(1), words[0] ?? ""].join(" ") },
    { ...home, address2: `Flat ${random.int(10, 99)}` },
  ]);
}

function lastOf(referrer: Referrer): number {
  return Math.max(...referrer.purchases.map(({ at }) => at));
}
