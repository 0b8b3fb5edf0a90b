import { asObject, control, settle } from "../../proof/journey/http.ts";
import type { Target } from "../../proof/journey/http.ts";

/** The shop that a demo shows: a small maker of vegetable boxes, with a customer who likes it. */
const SHOP = "freshbox.myshopify.com";

/** Installs Goodword in FreshBox and fills it with people, through the simulator's control API. @returns the shop's domain */
export async function seedFreshBox(target: Target, say: (line: string) => void): Promise<string> {
  say("opening FreshBox …");
  await control(target, "POST", "shops", {
    shop: SHOP,
    name: "FreshBox",
    currency: "GBP",
    customerAccounts: "new",
    protectedFields: true,
    usageLimit: "code",
    install: true,
  });
  for (const who of PEOPLE) {
    const created = await control(target, "POST", "customers", { shop: SHOP, locale: "en-GB", ...who });
    asObject(created);
  }
  await settle(target);
  return SHOP;
}

const PEOPLE = [
  {
    email: "dan@freshbox-friends.example",
    firstName: "Dan",
    lastName: "Archer",
    pastOrders: 3,
    addresses: [address("12 Mill Lane", "BS1 4ST", "Dan", "Archer")],
  },
  {
    email: "priya@freshbox-friends.example",
    firstName: "Priya",
    lastName: "Nair",
    pastOrders: 1,
    addresses: [address("3 Harbour Row", "BS1 6QA", "Priya", "Nair")],
  },
  {
    email: "tom@freshbox-friends.example",
    firstName: "Tom",
    lastName: "Okafor",
    pastOrders: 6,
    addresses: [address("44 Park Street", "BS1 5NL", "Tom", "Okafor")],
  },
];

function address(address1: string, zip: string, firstName: string, lastName: string): Record<string, string> {
  return { address1, address2: "", city: "Bristol", zip, countryCode: "GB", firstName, lastName };
}
