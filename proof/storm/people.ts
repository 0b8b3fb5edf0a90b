import { createKeys } from "../../app/platform/keys.ts";
import type { Keys } from "../../app/platform/keys.ts";
import { sealClickToken } from "../../app/platform/click-token.ts";
import { newId, shopIdFor } from "../../app/platform/ids.ts";
import { addressOf, takeLink } from "../journey/actors.ts";
import type { Person, Shop } from "../journey/actors.ts";
import { control } from "../journey/http.ts";
import type { PaidOrder } from "../load/wave.ts";
import { simulatedNow } from "../oracle/gather.ts";
import { eachOf } from "../load/wave.ts";

/** Below what the screen looks at: sign-ups a day on one link. */
const FRIENDS_PER_LINK = 4;
const AT_ONCE = 24;
const WINDOW_MS = 30 * 86_400_000;
const TAPPED_MS_BEFORE = 3_600_000;

type Link = { readonly shop: Shop; readonly code: string };
type Friend = { readonly shop: Shop; readonly code: string; readonly number: number };

/** Plays one day of a storm: so many friends of every shop come by links, sign up and buy. */
export function createDays(options: { shops: readonly Shop[]; dataKey: Buffer }) {
  const keys = createKeys({ dataKey: options.dataKey });
  let person = 1;

  async function takeLinks(friendsPerShop: number): Promise<Link[]> {
    const wanted = options.shops.flatMap((shop) =>
      Array.from({ length: Math.ceil(friendsPerShop / FRIENDS_PER_LINK) }, () => ({ shop, number: person++ })),
    );
    return eachOf(wanted, AT_ONCE, async ({ shop, number }) => {
      const owner = await join(shop, number, { pastOrders: 1, silent: true });
      return { shop, code: String((await takeLink(shop, owner))["code"]) };
    });
  }

  /** @returns the paid orders, each of which must end as two rewards */
  async function play(friendsPerShop: number): Promise<PaidOrder[]> {
    const links = await takeLinks(friendsPerShop);
    const now = (await simulatedNow(options.shops[0]?.target ?? missing())).getTime();
    const left = new Map(options.shops.map((shop) => [shop, friendsPerShop]));
    const friends: Friend[] = links.flatMap(({ shop, code }) => {
      const count = Math.min(FRIENDS_PER_LINK, left.get(shop) ?? 0);
      left.set(shop, (left.get(shop) ?? 0) - count);
      return Array.from({ length: count }, () => ({ shop, code, number: person++ }));
    });
    return eachOf(friends, AT_ONCE, async (friend) => {
      const customer = await join(friend.shop, friend.number, {});
      return { shop: friend.shop.domain, orderId: await buy(friend, customer, tokenOf(keys, friend, now)) };
    });
  }
  return { play };
}

async function join(shop: Shop, number: number, more: { pastOrders?: number; silent?: boolean }): Promise<Person> {
  const name = { firstName: "Storm", email: `storm.${number}@mail.example` };
  const created = await control(shop.target, "POST", "customers", { shop: shop.domain, ...name, ...more });
  const device = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const bin = String(400_000 + Math.floor(number / 10_000));
  const card = {
    bin,
    last4: String(number % 10_000).padStart(4, "0"),
    expMonth: 4,
    expYear: 2031,
    brand: "Visa",
    name: "Storm",
  };
  return { ...name, id: String(created["id"]), device, ip: addressOf(number), card };
}

/** The token that the link's redirect would carry: the app's own key makes it, and the token is the evidence. */
function tokenOf(keys: Keys, { shop, code }: Friend, now: number): string {
  const issuedAt = new Date(now - TAPPED_MS_BEFORE);
  const times = { issuedAt, expiresAt: new Date(issuedAt.getTime() + WINDOW_MS) };
  return sealClickToken(keys, { shopId: shopIdFor(shop.domain), codeText: code, clickId: newId(), ...times, flags: 0 });
}

async function buy({ shop }: Friend, person: Person, token: string): Promise<string> {
  const order = await control(shop.target, "POST", "orders", {
    shop: shop.domain,
    customerId: person.id,
    lines: [{ title: "Weekly vegetable box", price: "42.00", quantity: 1 }],
    noteAttributes: [
      { name: "_ref_token", value: token },
      { name: "_ref_device", value: person.device },
    ],
    clientIp: person.ip,
    card: person.card,
    // Placed unheard of, and then paid: one message tells of an order.
    silent: true,
    paid: false,
  });
  const id = String(order["id"]);
  await control(shop.target, "POST", `orders/${id}/pay`, {});
  return id;
}

function missing(): never {
  throw new Error("a storm needs a shop");
}
