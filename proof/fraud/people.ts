import type { PostalAddress } from "#app/domain/person/address.ts";
import type { AdminCard } from "#app/usecases/ports.ts";
import type { Random } from "../lib/random.ts";
import type { Style } from "./style.ts";

/** Somebody as they are, before they show a shop any of it. */
export type Human = {
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly phone: string;
  readonly cards: readonly [AdminCard, ...AdminCard[]];
  readonly device: string;
  readonly home: PostalAddress;
  readonly network: string;
  readonly agent: string;
};

const FIRST =
  "anna ben carla dan eva finn greta hugo ines jan kim leo mara noah olga paul rosa sam tina uli vera will yara zoe";
const LAST =
  "smith jones brown taylor wilson davies evans thomas johnson roberts walker wright khan patel lewis clarke young allen " +
  "mueller schmidt weber wagner becker hoffmann koch richter garcia martin lopez rossi silva novak kowalski nguyen chen";
const FIRSTS = FIRST.split(" ");
const LASTS = LAST.split(" ");
const BINS = ["424242", "411111", "555555", "510510", "375987", "454360", "465858", "492181", "535522"] as const;

/** Browsers as common as in life: phones first, the browsers inside chat and picture apps among them. */
const AGENTS: readonly (readonly [share: number, agent: string])[] = [
  [
    34,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.5 Mobile/15E148 Safari/604.1",
  ],
  [
    24,
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36",
  ],
  [
    18,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36",
  ],
  [
    6,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.5 Safari/605.1.15",
  ],
  [
    5,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0",
  ],
  [
    4,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 390.0.0.21.83 (iPhone15,2; iOS 19_4; en_GB)",
  ],
  [
    3,
    "Mozilla/5.0 (Linux; Android 15; SM-S921B Build/AP3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/147.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/512.0.0.45.88;]",
  ],
  [
    3,
    "Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-A556B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
  ],
  [2, "Mozilla/5.0 (X11; Linux x86_64; rv:149.0) Gecko/20100101 Firefox/149.0"],
  [
    1,
    "Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/148.0.0.0 Mobile/15E148 Safari/604.1",
  ],
];

/** Programs that say that they are. A bot that lies about it is seen by other rules, or not at all. */
export const BOT_AGENTS = [
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/148.0.0.0 Safari/537.36",
  "python-requests/2.32.3",
  "Mozilla/5.0 (compatible; PlaywrightBot/1.0)",
] as const;

/** Makes people who share nothing but what chance gives two strangers. */
export function createPeople(random: Random, style: Style) {
  let made = 0;
  const hex = (digits: number): string => Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join("");
  const nameFrom = (names: readonly string[]): string => names[random.int(0, names.length - 1)] ?? "kim";

  function device(): string {
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  }

  function card(): AdminCard {
    return {
      bin: random.pick(BINS),
      lastFour: String(random.int(0, 9_999)).padStart(4, "0"),
      expiryMonth: random.int(1, 12),
      expiryYear: random.int(2_026, 2_031),
      brand: random.pick(["Visa", "Mastercard"]),
    };
  }

  function home(unit: number | null = null): PostalAddress {
    return style.address(random, random.pick(style.streets), random.int(1, 180), unit);
  }

  /** Every customer has a mailbox of their own: the number behind the name is the one that was free. */
  function mailbox(first: string, last: string): string {
    made += 1;
    const name = style.mailbox(random, first, last);
    return `${name}${random.int(0, 2) === 0 ? "" : "."}${made.toString(36)}@${random.pick(style.mailHosts)}`;
  }

  function agent(): string {
    let place = random.int(
      1,
      AGENTS.reduce((sum, [share]) => sum + share, 0),
    );
    for (const [share, text] of AGENTS) {
      place -= share;
      if (place <= 0) return text;
    }
    return "";
  }

  function network(): string {
    return `${random.int(2, 220)}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`;
  }

  function phone(): string {
    return `+447${String(random.int(0, 999_999_999)).padStart(9, "0")}`;
  }

  function human(changes: Partial<Human> = {}): Human {
    const [first, last] = [changes.first ?? nameFrom(FIRSTS), changes.last ?? nameFrom(LASTS)];
    const cards: [AdminCard, ...AdminCard[]] = random.int(1, 4) === 1 ? [card(), card()] : [card()];
    return {
      first,
      last,
      email: mailbox(first, last),
      phone: phone(),
      cards,
      device: device(),
      home: home(random.int(1, 4) === 1 ? random.int(1, 40) : null),
      network: network(),
      agent: agent(),
      ...changes,
    };
  }

  return { human, device, card, home, mailbox, agent, network, phone };
}

export type People = ReturnType<typeof createPeople>;
