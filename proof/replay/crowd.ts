import { buildCustomerAnswer, DAN_CARD } from "#test/builders/fake-shopify.ts";
import { buy, mintCode, tap } from "#test/builders/journeys.ts";
import type { Purchase } from "#test/builders/journeys.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { saveTerms } from "#app/usecases/save-terms.ts";
import type { Random } from "../lib/random.ts";

const FRIENDS_PER_REFERRER = 4;
/** Versions of the terms that the codes of a crowd pin: the last ones bend the screen. */
const SCREENS: readonly (Record<string, unknown> | null)[] = [
  null,
  { too_fast: { threshold: 7_200 }, same_network: { outcome: "hold" } },
  { same_card: { outcome: "none", weight: 12 }, near_address: { weight: 29, outcome: "none" }, ring: { threshold: 1 } },
];
const HOME = {
  firstName: null,
  lastName: null,
  address1: "12 High Street",
  address2: null,
  city: "London",
  zip: "SW1A 1AA",
  countryCode: "GB",
};

/** Lets friends buy through links, in ways that the screen has much to say about, and be paid or not when it is time. */
export async function liveThrough(world: UseCases, random: Random, friends: number): Promise<void> {
  for (let n = 0; n < friends; n += FRIENDS_PER_REFERRER) {
    const screen = SCREENS[Math.floor((n / friends) * SCREENS.length)] ?? null;
    if (screen !== null) await saveTerms(world, { shopId: world.shopId, patch: { screen }, actor: "proof" });
    const referrer = String(8_000_000 + n);
    world.shopify.customers.set(referrer, { ...buildCustomerAnswer(referrer), email: `dan.${n}@shop.example` });
    const code = await mintCode(world, referrer);
    await buy(world, {
      ...bought(random, n, 0),
      customerId: referrer,
      orderId: String(6_000_000 + n),
      phone: phoneOf(n),
      email: `dan.${n}@shop.example`,
    });
    world.shopify.cards.set(referrer, [DAN_CARD]);
    world.shopify.orderAddresses.set(referrer, [HOME]);
    for (let friend = 0; friend < FRIENDS_PER_REFERRER; friend += 1) {
      world.clock.skip(random.int(1, 400) * 60_000);
      await befriended(world, random, { n, friend, code });
    }
  }
  world.clock.skip(15 * DAY_MS);
  await world.work();
}

type Friend = { readonly n: number; readonly friend: number; readonly code: string };

async function befriended(world: UseCases, random: Random, { n, friend, code }: Friend): Promise<void> {
  const customerId = String(9_000_000 + n * 10 + friend);
  const email = random.pick([
    `mara.${n}.${friend}@else.example`,
    `otto.${n}.${friend}@else.example`,
    `ines.${n}.${friend}@else.example`,
    `dan.${n + 1}@shop.example`,
    `x${n}${friend}@mailinator.com`,
  ]);
  world.shopify.customers.set(customerId, { ...buildCustomerAnswer(customerId), email });
  const token = tap(world, code);
  world.clock.skip(random.pick([1_000, 10_800_000, 10_800_000, 18_000_000]));
  const elsewhere = `${n * 10 + friend} Mill Lane`;
  const street = random.pick([
    "12 High Street",
    "12 High St",
    "12 Hihg Street",
    elsewhere,
    elsewhere,
    elsewhere,
    elsewhere,
  ]);
  await buy(world, {
    ...bought(random, n, friend),
    customerId,
    orderId: String(7_000_000 + n * 10 + friend),
    email,
    ...(random.int(1, 7) === 1 ? { phone: phoneOf(n) } : {}),
    tokens: { cartAttribute: [token], landingSite: [] },
    agentIsBot: random.int(1, 12) === 1,
    ...(random.int(1, 6) === 1 ? { cardUsed: DAN_CARD } : {}),
    admin: {
      email,
      risk: random.pick(["NONE", "ACCEPT", "ACCEPT", "ACCEPT", "ACCEPT", "INVESTIGATE"]),
      shippingAddress: { ...HOME, address1: street },
    },
  });
}

/** Browsers, addresses and networks of which some are shared. */
function bought(random: Random, n: number, friend: number): Partial<Purchase> {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  const device = `3f2b8c1e-0000-4000-8000-${hex(random.pick([n, n * 100 + friend, n * 100 + friend, n * 100 + friend]), 12)}`;
  return {
    device: random.int(1, 4) === 1 ? null : device,
    addressHash: hex(random.pick([n, n * 100 + friend, n * 100 + friend, n * 100 + friend]), 64),
    ipHash: hex(random.int(0, 200), 32),
  };
}

function phoneOf(n: number): string {
  return `+4479460${String(n).padStart(5, "0")}`;
}
