import type { Deps } from "../../app/deps.server.ts";
import { newId } from "../../app/platform/ids.ts";
import { sealClickToken } from "../../app/platform/click-token.ts";
import { buy, signUp } from "../journey/actors.ts";
import type { Person, Shop } from "../journey/actors.ts";
import { advanceClock } from "./one-process.ts";
import type { Story } from "./pipeline.ts";

/** One referral: the order that earned it, and the addresses of the two who are thanked. */
export type Couple = { readonly orderId: string; readonly referrer: string; readonly friend: string };

const WINDOW_MS = 30 * 86_400_000;
/** Every other friend comes by the link of the friend before: who shares a link shares caps and counters. */
const FRIENDS_PER_LINK = 2;
let people = 1;

/**
 * Plays the people of a story up to the moment at which all friends have bought at once, among people whom nobody sent.
 *
 * @returns the referrals that have to be rewarded
 */
export async function playCrowd(deps: Deps, shop: Shop, shopId: string, story: Story): Promise<readonly Couple[]> {
  const { friends = 1, strangers = 0 } = story;
  const referrers: Person[] = [];
  for (let n = 0; n < friends; n += FRIENDS_PER_LINK)
    referrers.push(await signUp(shop, { firstName: "Dan", seed: (people += 1), pastOrders: 1 }));
  const crowd: Person[] = [];
  for (let n = 0; n < friends + strangers; n += 1)
    crowd.push(await signUp(shop, { firstName: n < friends ? "Mara" : "Olga", seed: (people += 1) }));
  const tokens: string[] = [];
  for (const { id } of referrers) tokens.push(await tapLinkOf(deps, shopId, id));
  await advanceClock(shop.target.simulatorUrl, "PT1H");
  await deps.refreshClock();
  // What the installation left to do is no part of the story; nor is an order that is read before its webhooks come.
  await deps.jobs.workWithoutQueue();
  const couples: Couple[] = [];
  for (const [n, person] of crowd.entries()) {
    const link = Math.floor(n / FRIENDS_PER_LINK);
    const [token, referrer] = [tokens[link], referrers[link]];
    if (n >= friends || token === undefined || referrer === undefined) await buy(shop, person, []);
    else couples.push({ orderId: await buy(shop, person, [token]), referrer: referrer.email, friend: person.email });
  }
  return couples;
}

/** @returns the token of a click on the link of a customer, which they get at that moment */
async function tapLinkOf(deps: Deps, shopId: string, customerId: string): Promise<string> {
  const known = await deps.shops.byId(shopId);
  if (known === null) throw new Error("the shop was just installed");
  const minted = await deps.goodword.mintLink({ shop: known, customerId, device: null });
  if (minted.outcome === "refused") throw new Error(`no link: ${minted.reason}`);
  const issuedAt = deps.clock.now();
  const expiresAt = new Date(issuedAt.getTime() + WINDOW_MS);
  const click = { shopId, codeText: minted.code, clickId: newId(), issuedAt, expiresAt, flags: 0 };
  return sealClickToken(deps.keys, click);
}
