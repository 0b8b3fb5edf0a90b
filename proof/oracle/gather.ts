import { witness } from "../journey/actors.ts";
import type { Shop } from "../journey/actors.ts";
import { control } from "../journey/http.ts";
import type { Target } from "../journey/http.ts";
import type { PaidOrder } from "../load/wave.ts";
import { judge } from "./judge.ts";
import type { Judgement } from "./judge.ts";
import type { Observer } from "./observer.ts";
import { auditShops } from "./read-books.ts";

/** Asks all oracles, the database, its books added up anew, and the outside world, about what was bought in these shops. */
export async function judgeWorld(world: {
  observer: Observer;
  shops: readonly Shop[];
  orders: readonly PaidOrder[];
}): Promise<Judgement> {
  const { observer, shops, orders } = world;
  const [first] = shops;
  if (first === undefined) throw new Error("there is a shop in every proof");
  const domains = new Set(shops.map(({ domain }) => domain));
  const referrals = (await observer.referrals()).filter(({ shop }) => domains.has(shop));
  const outside = [];
  for (const shop of shops) outside.push({ shop: shop.domain, codes: (await witness(shop)).codes });
  // The mail sink is one for all shops.
  const mails = (await witness(first)).mails.map((mail) => `${String(mail["text"])}\n${String(mail["html"])}`);
  const checks = await observer.checks(await simulatedNow(first.target));
  const books = await auditShops(observer, [...domains]);
  return judge({ orders, referrals, outside, mails, checks, books });
}

/** The time that simulator and app live in. */
export async function simulatedNow(target: Target): Promise<Date> {
  return new Date(String((await control(target, "GET", "clock"))["now"]));
}
