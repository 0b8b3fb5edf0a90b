import { buy, witness } from "../journey/actors.ts";
import type { Shop } from "../journey/actors.ts";
import { control } from "../journey/http.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import { settleBacklog, settlePayouts } from "../lib/settle-world.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { TestBed } from "../lib/test-bed.ts";
import { createCalls } from "../load/calls.ts";
import { openShops } from "../load/shops.ts";
import { playUntilBound } from "../load/wave.ts";
import type { BoundFriend, PaidOrder } from "../load/wave.ts";
import { judgeWorld } from "../oracle/gather.ts";
import { createObserver } from "../oracle/observer.ts";
import type { Observer } from "../oracle/observer.ts";
import { givenAstray, loseAnswers, lostAnswers, meddleWithCredits, openCreditShop } from "./credits.ts";
import { deleteBoth, editAndAdd, openDifferences, putRight, unexplained } from "./meddle.ts";
import type { Meddling } from "./meddle.ts";

const SHOPS = 6;
const SHOPS_SHORT = 2;
const FRIENDS_PER_SHOP = 6;
const FRIENDS_PER_SHOP_SHORT = 3;
/** Share of the deliveries that get lost on the days after the first, on which all of them do. */
const LOST_SHARE = 0.5;
const FINDINGS_MAX = 12;

/** A week in which deliveries are lost and people meddle: all is found, and in the end Shopify and the books agree. */
export const reconcile: Proof = {
  name: "reconcile",
  about:
    "a week with lost webhooks, an uninstall, edited and deleted discounts, codes and credits: nothing stays unexplained",
  least: {
    entries: 16,
    dropped: 6,
    ordersFound: 2,
    edited: 1,
    deleted: 1,
    codesAdded: 1,
    codesRemoved: 1,
    reinstalled: 1,
    answersLost: 2,
    cardsSwitchedOff: 1,
    creditsGone: 1,
  },
  run: (options) =>
    withTestBed({ name: "reconcile", firstPort: options.firstPort, redis: false, say: options.say }, async (bed) => {
      const observer = createObserver(bed.databaseUrl);
      try {
        return await playWeek(bed, observer, options);
      } finally {
        await observer.close();
      }
    }),
};

async function playWeek(bed: TestBed, observer: Observer, options: ProofOptions): Promise<ProofReport> {
  const { target } = bed;
  const codeShops = await openShops(target, options.short ? SHOPS_SHORT : SHOPS, "week");
  const creditShop = await openCreditShop(target, "week-credit.myshopify.com");
  const shops = [...codeShops, creditShop];
  const { friends } = await playUntilBound({
    target,
    shops,
    friendsPerShop: options.short ? FRIENDS_PER_SHOP_SHORT : FRIENDS_PER_SHOP,
    firstPerson: 1,
    calls: createCalls(),
    random: createRandom(options.seed),
  });
  const orders = await buyThroughTheWeek(bed, shops, friends);
  const dropped = await droppedDeliveries(shops);
  await loseAnswers(target);
  await settlePayouts(target);
  const [withCodes, withCredits] = apart(orders, creditShop);
  const astray = await givenAstray(observer, creditShop, withCredits);
  const answersLost = await lostAnswers(target);
  const ordersFound = Number((await observer.query(FOUND_ORDERS))[0]?.["found"]);
  const early = await openDifferences(observer, shops);
  const { done, restore } = await meddle(codeShops);
  done.push(...(await meddleWithCredits(creditShop)));
  await passDay(bed);
  const said = await openDifferences(observer, shops);
  const paused = Number((await observer.query(PAUSED_SHOPS))[0]?.["paused"]);
  for (const one of restore) await one();
  for (const shop of shops) await putRight(shop, said);
  await settleBacklog(target);
  await passDay(bed);
  const left = await openDifferences(observer, shops);
  const judgement = await judgeWorld({ observer, shops, orders: withCodes });
  const strange = [...astray, ...unexplained([], early), ...unexplained(done, said), ...unexplained([], left)];
  const notPaused = shops.length - paused;
  const findings = [...strange.map((one) => `unexplained: ${one}`), ...judgement.findings].slice(0, FINDINGS_MAX);
  for (const finding of findings) options.say(`  ✗ ${finding}`);
  const count = (kind: string): number => done.filter((one) => one.kind === kind).length;
  return {
    attempted: orders.length + done.length,
    violations: strange.length + notPaused + judgement.lost + judgement.doubled + judgement.checkRows,
    inconclusive: 0,
    unexplained: strange.length,
    differences: said.length,
    paused,
    referrals: orders.length,
    paidOnce: judgement.paidOnce,
    lost: judgement.lost,
    doubled: judgement.doubled,
    checkRows: judgement.checkRows,
    entries: judgement.entries,
    dropped,
    ordersFound,
    edited: count("discount_edited"),
    deleted: count("discount_missing"),
    codesAdded: count("code_unknown"),
    codesRemoved: count("code_missing"),
    reinstalled: 1,
    credits: 2 * withCredits.length,
    answersLost,
    cardsSwitchedOff: count("credit_changed"),
    creditsGone: count("credit_missing"),
    findings,
  };
}

/** Orders that are rewarded with codes, and those of the shop that gives credits. */
function apart(orders: readonly PaidOrder[], creditShop: Shop): [PaidOrder[], PaidOrder[]] {
  const isOfCredits = ({ shop }: PaidOrder): boolean => shop === creditShop.domain;
  return [orders.filter((order) => !isOfCredits(order)), orders.filter(isOfCredits)];
}

const FOUND_ORDERS =
  "SELECT coalesce(sum((detail ->> 'count')::int), 0)::int AS found FROM audit WHERE action = 'orders.found'";
const PAUSED_SHOPS = "SELECT count(*)::int AS paused FROM shops WHERE payouts_paused = 'check_failed:check_discounts'";

/** One friend of each shop buys each day: first with every delivery lost, then with half of them, once without the app. */
async function buyThroughTheWeek(
  bed: TestBed,
  shops: readonly Shop[],
  friends: readonly BoundFriend[],
): Promise<PaidOrder[]> {
  const { target } = bed;
  const days = Map.groupBy(friends, ({ shop }) => shop.domain);
  const length = Math.max(...[...days.values()].map((some) => some.length));
  const orders: PaidOrder[] = [];
  const [leaving] = shops;
  if (leaving === undefined) throw new Error("a week has a shop");
  for (let day = 0; day < length; day += 1) {
    const isAway = day === 1;
    if (isAway) await leave(leaving);
    await control(target, "POST", "webhooks", { copies: 1, drop: day === 0 ? 1 : LOST_SHARE });
    for (const shop of shops) {
      const friend = days.get(shop.domain)?.[day];
      if (friend === undefined) continue;
      orders.push({ shop: shop.domain, orderId: await buy(shop, friend.person, [friend.token]) });
    }
    await settleBacklog(target);
    if (isAway) await control(target, "POST", `shops/${leaving.domain}/install`, {});
    await passDay(bed);
  }
  await control(target, "POST", "webhooks", {});
  return orders;
}

/** The merchant removes the app; that message arrives. */
async function leave(shop: Shop): Promise<void> {
  await control(shop.target, "POST", "webhooks", {});
  await control(shop.target, "POST", `shops/${shop.domain}/uninstall`, {});
  await settleBacklog(shop.target);
}

async function passDay(bed: TestBed): Promise<void> {
  await control(bed.target, "POST", "clock", { advance: "P1D" });
  await settleBacklog(bed.target);
}

async function droppedDeliveries(shops: readonly Shop[]): Promise<number> {
  const seen = await Promise.all(shops.map(witness));
  return seen.flatMap(({ deliveries }) => deliveries).filter(({ status }) => status === "dropped").length;
}

/** In every other shop discounts are changed and codes added, in the others both are deleted. */
async function meddle(shops: readonly Shop[]): Promise<{ done: Meddling[]; restore: (() => Promise<void>)[] }> {
  const done: Meddling[] = [];
  const restore: (() => Promise<void>)[] = [];
  for (const [index, shop] of shops.entries()) {
    if (index % 2 === 1) done.push(...(await deleteBoth(shop)));
    else {
      const edited = await editAndAdd(shop);
      done.push(...edited.done);
      restore.push(edited.restore);
    }
  }
  return { done, restore };
}
