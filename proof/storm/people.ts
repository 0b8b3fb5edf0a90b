import { createKeys } from "../../app/platform/keys.ts";
import type { Keys } from "../../app/platform/keys.ts";
import { sealClickToken } from "../../app/platform/click-token.ts";
import { newId, shopIdFor } from "../../app/platform/ids.ts";
import { addressOf, takeLinkWith } from "../journey/actors.ts";
import type { Person, Shop } from "../journey/actors.ts";
import { asList, control } from "../journey/http.ts";
import type { Target } from "../journey/http.ts";
import { eachOf } from "../load/wave.ts";
import type { PaidOrder } from "../load/wave.ts";
import { simulatedNow } from "../oracle/gather.ts";

/** Below what the screen looks at: sign-ups a day on one link. */
const FRIENDS_PER_LINK = 4;
/** People that one call of the control API brings along, and how many such calls are on their way. */
const PER_CALL = 8;
const AT_ONCE = 4;
const WINDOW_MS = 30 * 86_400_000;
const TAPPED_MS_BEFORE = 3_600_000;

/** A referrer's link in a shop. */
export type Link = { readonly shop: Shop; readonly code: string };
type Newcomer = { readonly shop: Shop; readonly number: number };
type Friend = Newcomer & { readonly code: string };
type Joined = { readonly person: Person; readonly sessionToken: string };

/** Plays the days of a storm: so many friends of every shop come by links, sign up and buy. */
export function createDays(options: { shops: readonly Shop[]; dataKey: Buffer }) {
  const { shops } = options;
  const target = shops[0]?.target ?? missing();
  const keys = createKeys({ dataKey: options.dataKey });
  let person = 1;

  /** New referrers take their links: as many as the friends of a day need. */
  async function takeLinks(friendsPerShop: number): Promise<Link[]> {
    const wanted = shops.flatMap((shop) =>
      Array.from({ length: Math.ceil(friendsPerShop / FRIENDS_PER_LINK) }, () => ({ shop, number: person++ })),
    );
    return inCalls(wanted, async (owners) => {
      const joined = await join(target, owners, "referrer");
      return Promise.all(
        joined.map(async (owner, index) => {
          const { shop } = owners[index] ?? missing();
          const link = await takeLinkWith(shop, owner.person, owner.sessionToken);
          return { shop, code: String(link["code"]) };
        }),
      );
    });
  }

  /** @returns the paid orders, each of which must end as two rewards */
  async function play(friendsPerShop: number, links: readonly Link[]): Promise<PaidOrder[]> {
    const now = (await simulatedNow(target)).getTime();
    const left = new Map(shops.map((shop) => [shop, friendsPerShop]));
    const friends: Friend[] = links.flatMap(({ shop, code }) => {
      const count = Math.min(FRIENDS_PER_LINK, left.get(shop) ?? 0);
      left.set(shop, (left.get(shop) ?? 0) - count);
      return Array.from({ length: count }, () => ({ shop, code, number: person++ }));
    });
    return inCalls(friends, async (some) => {
      const joined = await join(target, some, "friend");
      const orders = joined.map((one, index) => {
        const friend = some[index] ?? missing();
        return orderOf(friend, one.person, tokenOf(keys, friend, now));
      });
      // Placed unheard of, and then paid: one message tells of an order.
      const placed = asList((await control(target, "POST", "orders/many", { orders, thenPay: true }))["orders"]);
      return placed.map((order, index) => ({ shop: some[index]?.shop.domain ?? "", orderId: String(order["id"]) }));
    });
  }
  return { takeLinks, play };
}

/** Does `work` for a handful of items at a time, a few handfuls at once. @returns all results, in order */
async function inCalls<Item, Result>(
  items: readonly Item[],
  work: (some: readonly Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  const calls = Array.from({ length: Math.ceil(items.length / PER_CALL) }, (_, index) =>
    items.slice(index * PER_CALL, (index + 1) * PER_CALL),
  );
  return (await eachOf(calls, AT_ONCE, work)).flat();
}

async function join(target: Target, newcomers: readonly Newcomer[], role: "friend" | "referrer"): Promise<Joined[]> {
  const customers = newcomers.map(({ shop, number }) => {
    // A referrer bought long ago, with a card of their own: one card of everybody would be looked at in every screen.
    const past = role === "referrer" ? { pastOrders: 1, silent: true, card: cardOf(number) } : {};
    return { shop: shop.domain, ...nameOf(number), ...past };
  });
  const answer = await control(target, "POST", "customers/many", { customers, sessionTokens: role === "referrer" });
  return asList(answer["customers"]).map((created, index) => ({
    person: personOf(newcomers[index]?.number ?? 0, String(created["id"])),
    sessionToken: String(created["sessionToken"]),
  }));
}

function nameOf(number: number): { firstName: string; email: string } {
  return { firstName: "Storm", email: `storm.${number}@mail.example` };
}

function personOf(number: number, id: string): Person {
  const device = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  return { ...nameOf(number), id, device, ip: addressOf(number), card: cardOf(number) };
}

function cardOf(number: number): Person["card"] {
  const bin = String(400_000 + Math.floor(number / 10_000));
  const last4 = String(number % 10_000).padStart(4, "0");
  return { bin, last4, expMonth: 4, expYear: 2031, brand: "Visa", name: "Storm" };
}

/** The token that the link's redirect would carry: the app's own key makes it, and the token is the evidence. */
function tokenOf(keys: Keys, { shop, code }: Friend, now: number): string {
  const issuedAt = new Date(now - TAPPED_MS_BEFORE);
  const times = { issuedAt, expiresAt: new Date(issuedAt.getTime() + WINDOW_MS) };
  return sealClickToken(keys, { shopId: shopIdFor(shop.domain), codeText: code, clickId: newId(), ...times, flags: 0 });
}

function orderOf({ shop }: Friend, person: Person, token: string) {
  return {
    shop: shop.domain,
    customerId: person.id,
    lines: [{ title: "Weekly vegetable box", price: "42.00", quantity: 1 }],
    noteAttributes: [
      { name: "_ref_token", value: token },
      { name: "_ref_device", value: person.device },
    ],
    clientIp: person.ip,
    card: person.card,
    silent: true,
    paid: false,
  };
}

function missing(): never {
  throw new Error("a storm needs a shop");
}
