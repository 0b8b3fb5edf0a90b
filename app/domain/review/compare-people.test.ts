import { expect, test } from "vitest";
import type { ShownPerson } from "./compare-people.ts";
import { comparePeople, isTelling } from "./compare-people.ts";

const DAN: ShownPerson = {
  name: "Dan Reed",
  email: "dan.reed@example.com",
  phone: "+447700900001",
  address: { street: "12 High Street", unit: "Flat 2", city: "Leeds", zip: "LS1 4AP", country: "GB" },
  cards: ["Visa 4242", "Mastercard 1881"],
};
const STRANGER: ShownPerson = {
  name: "Mara Lind",
  email: "mara@example.org",
  phone: null,
  address: { street: "4 Mill Lane", unit: null, city: "Leeds", zip: "LS6 2AB", country: "GB" },
  cards: ["Visa 1111"],
};

function likenesses(friend: ShownPerson): Record<string, string> {
  return Object.fromEntries(comparePeople(DAN, friend).map(({ fact, likeness }) => [fact, likeness]));
}

test("comparePeople says of each fact whether it is the same, alike, different or unknown", () => {
  expect(likenesses(STRANGER)).toEqual({
    name: "different",
    email: "different",
    phone: "unknown",
    street: "different",
    unit: "unknown",
    zip: "different",
    city: "same",
    country: "same",
    card: "different",
  });
});

test.each([
  ["email", { email: "danreed@example.com" }],
  ["email", { email: "dan.read@example.com" }],
  ["name", { name: "dan  reed" }],
  ["name", { name: "Dan Reede" }],
] as const)("comparePeople calls a %s alike that differs by dots, case or a letter", (fact, changes) => {
  expect(likenesses({ ...STRANGER, ...changes })[fact]).toBe("alike");
});

test.each([
  ["Ann", "Ana"],
  ["12 High Street", "12 High"],
  ["abcdef", "abcxyz"],
])("comparePeople calls %s and %s different", (left, right) => {
  const [comparison] = comparePeople({ ...DAN, name: left }, { ...DAN, name: right });
  expect(comparison).toMatchObject({ fact: "name", likeness: "different" });
});

test("comparePeople shows the card that both have, wherever it stands", () => {
  const friend = { ...STRANGER, cards: ["Visa 1111", "Mastercard 1881"] };
  expect(comparePeople(DAN, friend).at(-1)).toEqual({
    fact: "card",
    referrer: "Mastercard 1881",
    friend: "Mastercard 1881",
    likeness: "same",
  });
});

test("comparePeople leaves out what neither shows, also everything", () => {
  const nobody: ShownPerson = { name: null, email: null, phone: null, address: null, cards: [] };
  expect(comparePeople(nobody, nobody)).toEqual([]);
});

test("isTelling points out likenesses, but not a shared city or country", () => {
  const telling = comparePeople(DAN, { ...STRANGER, cards: DAN.cards }).filter(isTelling);
  expect(telling.map(({ fact }) => fact)).toEqual(["card"]);
});
