import { editsBetween } from "./edits.ts";

/** A delivery address as somebody typed it; any part may be missing. */
export type PostalAddress = {
  readonly address1: string | null;
  readonly address2: string | null;
  readonly city: string | null;
  readonly zip: string | null;
  readonly countryCode: string | null;
};

/** How two addresses differ. `edits`: letters between their streets, all else agreeing; null when they are two addresses. */
export type AddressDifference = { readonly isSame: boolean; readonly edits: number | null };

/** An address in the form in which it is compared. */
type AddressForm = {
  readonly country: string;
  readonly place: string;
  readonly number: string;
  /** The street as far as the comma behind it: what follows may be a word for the driver. */
  readonly door: string;
  readonly street: string;
  readonly unit: string;
};

const EDITS_MAX = 4;
/** A street of three letters that differs in one is another street. */
const LETTERS_PER_EDIT = 4;

/** A house number stands alone: "12" or "12a". */
export const HOUSE_NUMBER = /(?<!\S)\d+\p{L}?(?!\S)/u;
/** A house number that its street was written on to. */
const GLUED_NUMBER = /(?<!\S)(\d+)(\p{L}{3,})/gu;
/** The kind of street, written on to its name. */
const GLUED_STREET = /(?<=\p{L}{3})(?:strasse|str|street)$/u;
const UNIT = /\b(?:flat|apartment|apt|appartement|appt|app|unit|suite|ste|room|wohnung|whg|top|no)\s+(\w{1,5})\b/;

/** Text that is in its plain form already, or will be in lower case. */
const PLAIN = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/** Words of streets that people shorten, each to the form that all of its spellings share. */
const SHORT_WORDS: ReadonlyMap<string, string> = new Map(
  [
    ["st", "street", "str", "strasse", "saint", "sankt"],
    ["rd", "road"],
    ["av", "ave", "avenue", "avenida"],
    ["ln", "lane"],
    ["dr", "drive"],
    ["ct", "court"],
    ["pl", "place", "platz", "plaza"],
    ["sq", "square"],
    ["cl", "close"],
    ["cres", "crescent"],
    ["blvd", "boulevard", "bd"],
    ["ter", "terrace", "terr"],
    ["gdns", "gardens"],
    ["pk", "park"],
    ["n", "north"],
    ["s", "south"],
    ["e", "east"],
    ["w", "west"],
  ].flatMap(([short = "", ...spellings]) => [short, ...spellings].map((word): [string, string] => [word, short])),
);

/** Lower case, without accents, punctuation or doubled spaces: the form in which addresses are compared. */
export function plainText(text: string | null): string {
  if (text === null) return "";
  const lower = text.toLowerCase();
  // Most parts of addresses are words and numbers, of which no step below would change anything.
  if (PLAIN.test(lower)) return lower;
  if (/^[\x20-\x7e]*$/.test(text)) return lower.replaceAll(/[^a-z0-9]+/g, " ").trim();
  const letters = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return letters.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/**
 * Compares two delivery addresses. The same: equal but for capitals, accents and punctuation. Near: place and house number
 * agree, the streets are a few letters apart once common words are shortened alike, in whatever order, and no two units
 * contradict each other. A unit or a remark behind a comma ("rear door") on one side only was left out; two units are two flats.
 *
 * @returns null where one of them has no street or no place
 */
export function compareAddresses(left: PostalAddress, right: PostalAddress): AddressDifference | null {
  const [one, other] = [formOf(left), formOf(right)];
  if (one === null || other === null) return null;
  const isSame = wholeOf(left) === wholeOf(right);
  if (isSame) return { isSame, edits: 0 };
  const areTwoUnits = one.unit !== "" && other.unit !== "" && one.unit !== other.unit;
  const areTwoCountries = one.country !== "" && other.country !== "" && one.country !== other.country;
  if (areTwoUnits || areTwoCountries || one.place !== other.place || one.number !== other.number)
    return { isSame, edits: null };
  return { isSame, edits: streetEdits(one, other) };
}

function streetEdits(one: AddressForm, other: AddressForm): number | null {
  // Door against door would make one of two streets that only begin alike.
  const pairs: readonly (readonly [string, string])[] = [
    [one.street, other.street],
    [one.door, other.street],
    [one.street, other.door],
  ];
  if (pairs.some(([left, right]) => inOrder(left) === inOrder(right))) return 0;
  const edits = pairs.map(([left, right]) => {
    const lettersMost = Math.floor(Math.max(left.length, right.length) / LETTERS_PER_EDIT);
    return editsBetween(left, right, Math.min(EDITS_MAX, lettersMost)) ?? Infinity;
  });
  const fewest = Math.min(...edits);
  return fewest === Infinity ? null : fewest;
}

function inOrder(street: string): string {
  return street.split(" ").toSorted().join(" ");
}

function formOf(address: PostalAddress): AddressForm | null {
  const { address1 } = address;
  const line = lineOf(address1);
  const place = placeOf(address);
  if (address1 === null || line === "" || place === "") return null;
  const second = plainText(address.address2);
  // A unit in the second line is the one that was written on purpose.
  const unit = second === "" ? UNIT.exec(line)?.[1] : (UNIT.exec(second)?.[1] ?? second);
  const { number, street } = partsOf(line);
  return {
    country: plainText(address.countryCode),
    place,
    number,
    door: doorOf(address1) ?? street,
    street,
    unit: unit ?? "",
  };
}

function lineOf(text: string | null): string {
  return plainText(text).replaceAll("ß", "ss").replaceAll(GLUED_NUMBER, "$1 $2");
}

/** House number and street of a line, the unit left out. */
function partsOf(line: string): { number: string; street: string } {
  const rest = line.replace(UNIT, " ");
  return { number: HOUSE_NUMBER.exec(rest)?.[0] ?? "", street: streetOf(rest.replace(HOUSE_NUMBER, " ")) };
}

/** The street of the first part between commas that has a number and a name; null where no part has both. */
function doorOf(address1: string): string | null {
  for (const part of address1.split(/[,;(]/)) {
    const { number, street } = partsOf(lineOf(part));
    if (number !== "" && street !== "") return street;
  }
  return null;
}

function streetOf(text: string): string {
  const words = text.split(" ").filter((word) => word !== "");
  return words.map((word) => SHORT_WORDS.get(word) ?? word.replace(GLUED_STREET, " st")).join(" ");
}

function placeOf(address: PostalAddress): string {
  const postcode = plainText(address.zip).replaceAll(" ", "");
  return postcode === "" ? plainText(address.city) : postcode;
}

function wholeOf(address: PostalAddress): string {
  const { address1, address2, countryCode } = address;
  return [placeOf(address), plainText(address1), plainText(address2), plainText(countryCode)].join("\n");
}
