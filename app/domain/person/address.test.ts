import fc from "fast-check";
import { expect, test } from "vitest";
import type { PostalAddress } from "./address.ts";
import { compareAddresses, plainText } from "./address.ts";

const at = (address1: string, zip = "SW1A 1AA", changes: Partial<PostalAddress> = {}): PostalAddress => ({
  address1,
  address2: null,
  city: "London",
  zip,
  countryCode: "GB",
  ...changes,
});
const HOME = at("12 High Street");

test.each<[string, PostalAddress]>([
  ["itself", HOME],
  ["other capitals and spaces", at(" 12  HIGH street ", "sw1a1aa")],
  ["punctuation", at("12, High Street.")],
])("compareAddresses finds an address the same as %s", (_what, other) => {
  expect(compareAddresses(HOME, other)).toEqual({ isSame: true, edits: 0 });
});

test.each<[string, PostalAddress, PostalAddress, number]>([
  ["an abbreviation", HOME, at("12 High St."), 0],
  ["a letter left out", HOME, at("12 Hgh Street"), 1],
  ["two letters swapped", HOME, at("12 Hihg Street"), 1],
  ["a unit on one side only", HOME, at("12 High Street", "SW1A 1AA", { address2: "Flat 3" }), 0],
  ["a unit within the line", HOME, at("Flat 3, 12 High Street"), 0],
  [
    "one unit written in two ways",
    at("Flat 3, 12 High Street"),
    at("12 High Street", "SW1A 1AA", { address2: "Apt 3" }),
    0,
  ],
  ["a country on one side only", HOME, at("12 High St", "SW1A 1AA", { countryCode: null }), 0],
  ["a German street", at("Hauptstraße 5", "10115"), at("Hauptstr. 5", "10115"), 0],
  ["a remark behind the street", HOME, at("12 High Street, rear door"), 0],
  ["a remark behind a unit", at("Flat 3, 12 High Street"), at("12 High St, c/o Smith"), 0],
  ["a street written in one word", HOME, at("12 HighStreet"), 0],
  ["a number written on to its street", HOME, at("12High Street"), 0],
  ["words in another order", HOME, at("High Street 12"), 0],
  ["words of the street in another order", at("5 North Mill Lane"), at("5 Mill Lane North"), 0],
  ["no postcode, but a place", at("5 rue des Lilas", "", { zip: null }), at("5 rue de Lilas", "", { zip: null }), 1],
])("compareAddresses finds two near but for %s", (_what, left, right, edits) => {
  expect(compareAddresses(left, right)).toEqual({ isSame: false, edits });
  expect(compareAddresses(right, left)).toEqual({ isSame: false, edits });
});

test.each<[string, PostalAddress, PostalAddress]>([
  ["another house", HOME, at("14 High Street")],
  ["another street", HOME, at("12 Church Street")],
  ["a short street with another letter in it", at("4 Elm"), at("4 Ely")],
  ["another postcode", HOME, at("12 High Street", "SW1A 2AA")],
  ["another country", HOME, at("12 High Street", "SW1A 1AA", { countryCode: "IE" })],
  ["another street behind a comma", at("Building 5, Oak Street"), at("Building 5, Elm Street")],
  ["a street that only begins alike", at("12 High Street"), at("12 High Street Extension")],
  [
    "another flat beside a unit that was left in the line",
    at("12 Oak Street Apt 3"),
    at("12 Oak Street Apt 3", undefined, { address2: "Flat 9" }),
  ],
  ["another flat", at("Flat 3, 12 High Street"), at("12 High Street", "SW1A 1AA", { address2: "Flat 4" })],
])("compareAddresses keeps apart %s", (_what, left, right) => {
  const difference = compareAddresses(left, right);
  expect(difference?.isSame).toBe(false);
  expect(difference?.edits === null || (difference?.edits ?? 0) > 2).toBe(true);
});

test("compareAddresses says nothing where a street or a place is not known", () => {
  expect(compareAddresses(HOME, at("", "SW1A 1AA"))).toBeNull();
  expect(compareAddresses({ ...HOME, zip: null, city: null }, HOME)).toBeNull();
  expect(compareAddresses(HOME, { ...HOME, address1: null })).toBeNull();
});

test("compareAddresses is total and the same both ways round", () => {
  const any = fc.record({
    address1: fc.option(fc.string({ unit: "grapheme" })),
    address2: fc.option(fc.string()),
    city: fc.option(fc.string()),
    zip: fc.option(fc.string()),
    countryCode: fc.option(fc.string({ maxLength: 2 })),
  });
  fc.assert(
    fc.property(any, any, (left, right) => {
      expect(compareAddresses(left, right)).toEqual(compareAddresses(right, left));
    }),
  );
});

test("plainText leaves words and numbers with single spaces between them, and nothing else", () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "Z", "0", " ", "-", "é", "\u212a"), maxLength: 8 }),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const letters = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
      expect(plainText(text)).toBe(letters.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim());
    }),
  );
});

test("plainText drops accents, whatever the script", () => {
  expect([plainText("Ä. Calle"), plainText("Улица 5"), plainText(null)]).toEqual(["a calle", "улица 5", ""]);
});
