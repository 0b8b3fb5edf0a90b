import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import { convertedFriend, DAN, onlyReferral } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { showPeople } from "./show-people.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const HOME = {
  firstName: "Dan",
  lastName: "Reed",
  address1: "12 High Street",
  address2: "",
  city: "Leeds",
  zip: "LS1 4AP",
  countryCode: "GB",
};

async function couple() {
  const world = await buildUseCases(db);
  world.shopify.cards.set(DAN, [DAN_CARD]);
  world.shopify.addresses.set(DAN, HOME);
  await convertedFriend(world, {
    cardUsed: DAN_CARD,
    admin: { shippingAddress: { ...HOME, address1: "12 High Stret" } },
  });
  const { id: referralId } = await onlyReferral(world);
  return { world, input: { shopId: world.shopId, referralId } };
}

test("showPeople puts the referrer beside the friend, with the address that the order goes to", async () => {
  const { world, input } = await couple();
  const shown = await showPeople(world, input);
  expect(shown).toMatchObject({
    outcome: "shown",
    comparison: [
      { fact: "name", likeness: "same" },
      { fact: "email", likeness: "alike" },
      { fact: "street", referrer: "12 High Street", friend: "12 High Stret", likeness: "alike" },
      { fact: "zip", likeness: "same" },
      { fact: "city", likeness: "same" },
      { fact: "country", likeness: "same" },
      { fact: "card", referrer: "Visa •••• 4242, 04/2030", likeness: "same" },
    ],
  });
});

test("showPeople says so when Shopify does not answer, and knows nothing of another shop's referral", async () => {
  const { world, input } = await couple();
  expect(await showPeople(world, { ...input, referralId: newId() })).toEqual({ outcome: "not_found" });
  const other = await buildUseCases(db);
  expect(await showPeople(other, { ...input, shopId: other.shopId })).toEqual({ outcome: "not_found" });
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1 };
  expect(await showPeople(world, input)).toEqual({ outcome: "unavailable" });
});

test("showPeople shows what is left when Shopify knows one of the two no more", async () => {
  const { world, input } = await couple();
  world.shopify.customers.delete(DAN);
  const shown = await showPeople(world, input);
  expect(shown).toMatchObject({
    outcome: "shown",
    comparison: [{ fact: "name", referrer: null, likeness: "unknown" }, {}, {}, {}, {}, {}, {}],
  });
});

test("showPeople shows what the order tells where nothing is kept of both people, and asks Shopify about neither", async () => {
  const { world, input } = await couple();
  await world.query("UPDATE people SET profile_enc = NULL, profile_key_wrapped = NULL");
  const asked = world.shopify.calls.length;
  expect(await showPeople(world, input)).toMatchObject({
    outcome: "shown",
    comparison: [
      { fact: "street", referrer: null, friend: "12 High Stret", likeness: "unknown" },
      { fact: "zip", referrer: null, friend: "LS1 4AP" },
      { fact: "city", referrer: null, friend: "Leeds" },
      { fact: "country", referrer: null, friend: "GB" },
      { fact: "card", referrer: null, friend: "Visa •••• 4242, 04/2030" },
    ],
  });
  expect(world.shopify.calls.slice(asked)).toEqual(["readOrder"]);
});
