import { bind, buy, signUp, takeLink, tap } from "../journey/actors.ts";
import type { Person, Shop } from "../journey/actors.ts";
import { control } from "../journey/http.ts";
import type { Target } from "../journey/http.ts";
import type { Random } from "../lib/random.ts";
import type { Calls } from "./calls.ts";

/** A paid order that came by a link: what must end as two rewards. */
export type PaidOrder = { readonly shop: string; readonly orderId: string };

export type WaveOptions = {
  readonly target: Target;
  readonly shops: readonly Shop[];
  readonly friendsPerShop: number;
  /** Number of the wave's first person; the next wave begins at the returned one. */
  readonly firstPerson: number;
  readonly calls: Calls;
  readonly random: Random;
};

/** Below what the screen holds for a person to look at: sign-ups a day on one code. */
const FRIENDS_PER_LINK = 4;
const PEOPLE_AT_ONCE_MAX = 16;

type Tapped = { readonly shop: Shop; readonly number: number; readonly token: string };

/** Plays a wave up to signed-up friends whose tap is bound to their account; they have not bought yet. */
export async function playUntilBound(options: WaveOptions): Promise<{ friends: BoundFriend[]; nextPerson: number }> {
  const { calls, shops, friendsPerShop } = options;
  let number = options.firstPerson;
  const links = shops.flatMap((shop) =>
    Array.from({ length: Math.ceil(friendsPerShop / FRIENDS_PER_LINK) }, (_, index) => {
      const friends = Math.min(FRIENDS_PER_LINK, friendsPerShop - index * FRIENDS_PER_LINK);
      const link = {
        shop,
        referrer: number,
        friends: Array.from({ length: friends }, (_none, friend) => number + 1 + friend),
      };
      number += 1 + friends;
      return link;
    }),
  );
  const tapped = (
    await eachOf(links, PEOPLE_AT_ONCE_MAX, async ({ shop, referrer, friends }) =>
      tapAll(options, shop, referrer, friends),
    )
  ).flat();
  await passHour(options.target);
  const friends = await eachOf(
    shuffled(tapped, options.random),
    PEOPLE_AT_ONCE_MAX,
    async ({ shop, number: friend, token }) => {
      const person = await signUp(shop, { firstName: "Friend", seed: friend });
      await calls.untilDone(() => bind(shop, person, [token]));
      return { shop, person, token };
    },
  );
  await passHour(options.target);
  return { friends, nextPerson: number };
}

export type BoundFriend = { readonly shop: Shop; readonly person: Person; readonly token: string };

/** Lets every friend buy, once, at about the same time. */
export async function buyAll(friends: readonly BoundFriend[], random: Random): Promise<PaidOrder[]> {
  return eachOf(shuffled(friends, random), PEOPLE_AT_ONCE_MAX, async ({ shop, person, token }) => {
    const orderId = await buy(shop, person, [token]);
    return { shop: shop.domain, orderId };
  });
}

async function tapAll(
  { calls }: WaveOptions,
  shop: Shop,
  referrer: number,
  friends: readonly number[],
): Promise<Tapped[]> {
  const owner = await signUp(shop, { firstName: "Referrer", seed: referrer, pastOrders: 1 });
  const link = await calls.untilDone(() => takeLink(shop, owner));
  return Promise.all(
    friends.map(async (number) => {
      const ip = `203.0.113.${number % 250}`;
      return { shop, number, token: await calls.untilDone(() => tap(shop, String(link["code"]), { ip })) };
    }),
  );
}

async function passHour(target: Target): Promise<void> {
  await control(target, "POST", "clock", { advance: "PT1H" });
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Runs `work` for every item, so many of them at once. @returns the results in the order of the items */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const runners = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  });
  await Promise.all(runners);
  return results;
}
