import type { PostalAddress } from "#app/domain/person/address.ts";
import type { Random } from "../lib/random.ts";

/** How people of a population write their addresses and name their mailboxes. The screen is frozen against the first one. */
export type Style = {
  readonly name: string;
  readonly streets: readonly [string, ...string[]];
  address(random: Random, street: string, number: number, unit: number | null): PostalAddress;
  mailbox(random: Random, first: string, last: string): string;
  readonly mailHosts: readonly [string, ...string[]];
};

const BRITISH = [
  "High Street",
  "Church Road",
  "Station Road",
  "Victoria Avenue",
  "Mill Lane",
  "Park Crescent",
] as const;
const MORE_BRITISH = ["Queens Drive", "Kings Close", "Albert Terrace", "Chapel Street", "Green Lane"] as const;

/** British addresses, first and last name in the mailbox. */
export const PLAIN_STYLE: Style = {
  name: "plain",
  streets: [...BRITISH, ...MORE_BRITISH],
  address: (random, street, number, unit) => ({
    address1: `${number} ${street}`,
    address2: unit === null ? null : `${random.pick(["Flat", "Apartment", "Apt"])} ${unit}`,
    city: "London",
    zip: `${random.pick(["SE", "NW", "SW", "E", "N"])}${random.int(1, 20)} ${random.int(1, 9)}${letters(random, 2)}`,
    countryCode: "GB",
  }),
  mailbox: (random, first, last) =>
    random.pick([
      `${first}.${last}`,
      `${first}${last}${random.int(1, 99)}`,
      `${first[0] ?? ""}${last}`,
      `${first}_${last}${random.int(60, 99)}`,
      `${last}.${first}`,
    ]),
  mailHosts: [
    "gmail.com",
    "gmail.com",
    "gmail.com",
    "outlook.com",
    "icloud.com",
    "yahoo.co.uk",
    "proton.me",
    "hotmail.com",
  ],
};

/** German and American addresses, the number behind or before, units in the line; nicknames and numbers in the mailbox. */
export const OTHER_STYLE: Style = {
  name: "other",
  streets: ["Hauptstraße", "Schillerstr.", "Am Bahnhof", "Lindenallee", "Oak Street", "Maple Ave", "N Washington Blvd"],
  address: (random, street, number, unit) => {
    const isGerman = /stra|str\.|Am |allee/.test(street);
    const inLine = unit === null ? "" : isGerman ? `, Whg ${unit}` : ` Apt ${unit}`;
    return {
      address1: (isGerman ? `${street} ${number}` : `${number} ${street}`) + inLine,
      address2: null,
      city: isGerman ? "Berlin" : "Springfield",
      zip: isGerman ? String(random.int(10_115, 10_999)) : String(random.int(60_000, 62_999)),
      countryCode: isGerman ? "DE" : "US",
    };
  },
  mailbox: (random, first, last) =>
    random.pick([
      `${random.pick(["sunny", "happy", "lucky", "blue", "tiny"])}${first}${random.int(1, 999)}`,
      `${first}${random.int(1_970, 2_006)}`,
      `${first}-${last}`,
      `the.${last}s`,
      `hello.${first}.${last}`,
    ]),
  mailHosts: ["gmx.de", "web.de", "gmail.com", "gmail.com", "outlook.com", "t-online.de", "aol.com", "posteo.de"],
};

/** Letters of a postcode. */
function letters(random: Random, count: number): string {
  const all = "ABDEFGHJLNPQRSTUWXYZ";
  return Array.from({ length: count }, () => all[random.int(0, all.length - 1)] ?? "A").join("");
}
