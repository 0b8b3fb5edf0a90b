import { expect, test } from "vitest";
import { buildOrderFacts } from "#test/builders/domain.ts";
import { keysSharedInPart } from "./batch.ts";
import type { InboxFacts } from "./inbox-facts.ts";
import type { PersonFacts } from "./person-facts.ts";
import { plainCustomers } from "./plain-customer.ts";

function person(customer: string | null, email: string | null = null): PersonFacts {
  const nobody = { customerId: null, phoneHash: null, profileSealed: null, emailDomain: null };
  return { ...nobody, customerHash: customer, emailHash: email };
}

function customer(id: string, who: PersonFacts, token: string | null = null): { id: string; facts: InboxFacts } {
  return { id, facts: { kind: "customer", person: who, createdAt: 1, updatedAt: 1, state: "enabled", token } };
}

/** The customers that were taken, each with the ids of the events that told of them. */
function taken(...events: { id: string; facts: InboxFacts }[]): string[] {
  return plainCustomers(events).map((told) => told.map(({ id }) => id).join(" "));
}

test("events that tell the same of a customer are gathered, and an order of theirs is not in their way", () => {
  const order = { id: "4", facts: buildOrderFacts({ person: person("c1", "e1") }) };
  expect(
    taken(customer("1", person("c1", "e1")), customer("2", person("c2")), customer("3", person("c1", "e1")), order),
  ).toEqual(["1 3", "2"]);
});

test("customers who share a key without sharing all, and whoever shares one with those, take a closer look", () => {
  expect(
    taken(customer("1", person("c1", "e1")), customer("2", person("c2", "e1")), customer("3", person("c3", "e3"))),
  ).toEqual(["3"]);
});

test.each<[string, InboxFacts]>([
  ["a bind", { kind: "bind", person: person("c1"), tokens: [], device: null, at: 1 }],
  ["a merge", { kind: "merge", keptHash: "c9", deletedHash: "c1", keptId: null }],
  ["a registration that brought a link", customer("9", person("c1"), "token").facts],
])("%s leaves its customer to a closer look", (_what, facts) => {
  expect(taken(customer("1", person("c1")), customer("2", person("c2")), { id: "3", facts })).toEqual(["2"]);
});

test("an event that names nobody is about nobody", () => {
  expect(taken(customer("1", person(null)), customer("2", person("c2")))).toEqual(["2"]);
});

test("keys are shared in part when two events tell different sets of them", () => {
  const [one, other, third] = [person("c1", "e1"), person("c1", "e2"), person("c3")].map((who) => customer("1", who));
  expect([...keysSharedInPart([one, other, third].filter((event) => event !== undefined))].toSorted(byText)).toEqual([
    "c1",
    "e1",
    "e2",
  ]);
});

function byText(left: string, right: string): number {
  return left.localeCompare(right);
}
