import { bind, buy, letTimePass, signUp, statusOf, takeLink, tap, witness } from "./actors.ts";
import type { Person, Shop } from "./actors.ts";
import { callApp, control, expectThat, openAdminPage, settle } from "./http.ts";
import type { Target } from "./http.ts";
import { LEDGER_STEPS } from "./steps-ledger.ts";
import { refundAfterReward } from "./steps-money.ts";
import { REWARD_KIND_STEPS } from "./steps-reward-kinds.ts";
import { WELCOME_STEPS } from "./steps-welcome.ts";
import { wordsInHand } from "./steps-words.ts";
import type { WhoWrote } from "./steps-words.ts";

export type JourneyOptions = {
  readonly target: Target;
  readonly shop: string;
  readonly currency: string;
  /** False: the shop's access level gives no name, e-mail, phone or address to anybody. */
  readonly protectedFields: boolean;
  /** Told after every step. */
  readonly onStep: (name: string, detail: string) => void;
};

export type JourneyResult = {
  readonly journey: "ok";
  readonly steps: readonly string[];
  readonly rewards: number;
  readonly codesIssued: { readonly referrer: number; readonly friend: number };
  readonly duplicatesPaid: number;
  readonly protectedFields: boolean;
  /** Which words came from the model and which from a template. */
  readonly words: WhoWrote | null;
};

type World = {
  words: WhoWrote | null;
  shop: Shop;
  options: JourneyOptions;
  people: Record<string, Person>;
  tokens: Record<string, string>;
  code: string;
};
type Step = readonly [name: string, play: (world: World) => Promise<string>];

const LINKS_ASKED_AT_ONCE = 20;

/** Plays the whole story over HTTP alone. @throws JourneyFailed at the first thing that is not as it must be */
export async function playJourney(options: JourneyOptions): Promise<JourneyResult> {
  const shop: Shop = { target: options.target, domain: options.shop, currency: options.currency };
  const world: World = { shop, options, people: {}, tokens: {}, code: "", words: null };
  for (const [name, play] of STEPS) options.onStep(name, await play(world));
  for (const [name, play] of REWARD_KIND_STEPS) options.onStep(name, await play(shop, options.protectedFields));
  const { codes } = await witness(shop);
  const paid = await paidCodes(world);
  const all = [...paid.referrer, ...paid.friend];
  const unknown = codes.filter((code) => !all.includes(code));
  return {
    journey: "ok",
    steps: [...STEPS, ...REWARD_KIND_STEPS].map(([name]) => name),
    rewards: all.length,
    codesIssued: { referrer: paid.referrer.length, friend: paid.friend.length },
    duplicatesPaid: unknown.length + all.length - new Set(all).size,
    protectedFields: options.protectedFields,
    words: world.words,
  };
}

const STEPS: readonly Step[] = [
  ["install", install],
  ["dan_takes_his_link", danMints],
  ["twenty_asks_one_code", twentyAsks],
  ["mara_taps", maraTaps],
  ["mara_signs_up", maraSignsUp],
  ["mara_orders_paid_thrice", maraOrders],
  ["nothing_paid_while_cooling_off", nothingPaidYet],
  ["fourteen_days_pass_paid_once", paidOnce],
  ["words_in_the_customers_hands", wordsInTheirHands],
  ["second_account_of_dan_rejected", secondAccountRejected],
  ["couple_with_one_card_held", coupleHeld],
  ["couple_approved_and_paid", coupleApproved],
  ["unused_link_and_idle_sign_up_lapse", lapse],
  ...LEDGER_STEPS,
  ["refund_after_reward_asks_a_person", refundAsksPerson],
  ...WELCOME_STEPS,
];

function person(world: World, name: string): Person {
  const found = world.people[name];
  expectThat(found !== undefined, `${name} is part of the story by now`);
  return found;
}

async function install({ shop, options }: World): Promise<string> {
  await installShop(shop, options);
  return shop.domain;
}

/** A shop of its own for what would disturb the main story. */
async function refundAsksPerson({ shop, options }: World): Promise<string> {
  const own = { ...shop, domain: shop.domain.replace(".myshopify.com", "-refunds.myshopify.com") };
  await installShop(own, options);
  return refundAfterReward(own);
}

async function installShop(shop: Shop, options: JourneyOptions): Promise<void> {
  const name = shop.domain.replace(".myshopify.com", "");
  await control(shop.target, "POST", "shops", {
    shop: shop.domain,
    name,
    currency: shop.currency,
    customerAccounts: "new",
    protectedFields: options.protectedFields,
    usageLimit: "code",
    install: true,
  });
  await settle(shop.target);
  const home = await openAdminPage(shop.target, shop.domain, "/app");
  expectThat(home.includes("Goodword"), "the app opens in the shop's admin");
}

async function danMints(world: World): Promise<string> {
  world.people["dan"] = await signUp(world.shop, { firstName: "Dan", seed: 1, pastOrders: 2 });
  await settle(world.shop.target);
  const link = await takeLink(world.shop, person(world, "dan"));
  world.code = String(link["code"]);
  expectThat(/^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{5}$/.test(world.code), "the code has five clear characters", link);
  expectThat(String(link["invite"]).includes(String(link["link"])), "the invite carries the link", link);
  return String(link["link"]);
}

async function twentyAsks(world: World): Promise<string> {
  const dan = person(world, "dan");
  const links = await Promise.all(Array.from({ length: LINKS_ASKED_AT_ONCE }, () => takeLink(world.shop, dan)));
  expectThat(
    links.every((link) => link["code"] === world.code),
    "every ask gives the same code",
    links.map((link) => link["code"]),
  );
  return `${links.length} asks, 1 code`;
}

async function maraTaps(world: World): Promise<string> {
  world.tokens["mara"] = await tap(world.shop, world.code, { ip: "198.51.100.77" });
  await letTimePass(world.shop, "P2D");
  return "302 with a token";
}

async function maraSignsUp(world: World): Promise<string> {
  const mara = await signUp(world.shop, { firstName: "Mara", seed: 76 });
  world.people["mara"] = mara;
  await bind(world.shop, mara, [String(world.tokens["mara"])]);
  await settle(world.shop.target);
  const { referrals } = await statusOf(world.shop, person(world, "dan"));
  expectThat(referrals.length === 1 && referrals[0]?.["state"] === "PENDING", "one referral is pending", referrals);
  expectThat(referrals[0]["why"] === "waiting_for_order", "Dan sees that an order is awaited", referrals);
  return "PENDING";
}

async function maraOrders(world: World): Promise<string> {
  await letTimePass(world.shop, "P5D");
  await control(world.shop.target, "POST", "webhooks", { shop: world.shop.domain, copies: 3, freshIds: 0.34 });
  await buy(world.shop, person(world, "mara"), [String(world.tokens["mara"])]);
  await settle(world.shop.target);
  await control(world.shop.target, "POST", "webhooks", { shop: world.shop.domain, copies: 1, freshIds: 0 });
  return "orders/paid three times, once under a fresh webhook id";
}

async function nothingPaidYet(world: World): Promise<string> {
  const { referrals } = await statusOf(world.shop, person(world, "dan"));
  expectThat(referrals[0]?.["why"] === "in_cooling_off", "the reward waits for the cooling-off", referrals);
  const { codes } = await witness(world.shop);
  expectThat(codes.length === 0, "no reward's discount exists yet", codes);
  return "in_cooling_off";
}

async function paidOnce(world: World): Promise<string> {
  await letTimePass(world.shop, "P14DT1M");
  const { referrals } = await statusOf(world.shop, person(world, "dan"));
  expectThat(referrals.length === 1 && referrals[0]?.["state"] === "REWARDED", "the referral is rewarded", referrals);
  const { codes, pool, mails } = await witness(world.shop);
  const paid = await paidCodes(world);
  expectThat(paid.referrer.length === 1 && paid.friend.length === 1, "one code each for Dan and Mara", paid);
  expectThat(codes.length === 1 && codes[0] === paid.referrer[0], "Shopify holds no reward's code but Dan's", codes);
  expectThat(pool.includes(paid.friend[0] ?? ""), "Mara's comes from the codes that were made ahead of time", paid);
  if (world.options.protectedFields)
    expectThat(
      mails.length === 2,
      "one thank-you each",
      mails.map((mail) => mail["subject"]),
    );
  return `two codes, ${mails.length} notes`;
}

async function wordsInTheirHands(world: World): Promise<string> {
  world.words = await wordsInHand(world.shop, person(world, "dan"));
  return `invite: ${world.words.invite}, thanks: ${world.words.thanks}`;
}

async function secondAccountRejected(world: World): Promise<string> {
  const dan = person(world, "dan");
  // Dan has to be known by his card: he buys once more, in his own name.
  await buy(world.shop, dan, []);
  await settle(world.shop.target);
  const token = await tap(world.shop, world.code, dan);
  const again = await signUp(world.shop, { firstName: "Dano", seed: 3, sameBrowserAs: dan, sameCardAs: dan });
  await bind(world.shop, again, [token]);
  await letTimePass(world.shop, "PT1H");
  await buy(world.shop, again, [token]);
  await letTimePass(world.shop, "PT1H");
  const { referrals } = await statusOf(world.shop, dan);
  const rejected = referrals.filter((referral) => referral["state"] === "REJECTED");
  expectThat(
    rejected.length === 1 && rejected[0]?.["why"] === "not_eligible",
    "his own second account earns nothing",
    referrals,
  );
  const page = await openAdminPage(world.shop.target, world.shop.domain, "/app/referrals?state=REJECTED");
  expectThat(/same.card/i.test(page), "the merchant sees the reason");
  return "REJECTED, not_eligible";
}

async function coupleHeld(world: World): Promise<string> {
  const priya = await signUp(world.shop, { firstName: "Priya", seed: 10, pastOrders: 1 });
  world.people["priya"] = priya;
  await settle(world.shop.target);
  const link = await takeLink(world.shop, priya);
  await buy(world.shop, priya, []);
  const token = await tap(world.shop, String(link["code"]), { ip: "203.0.113.20" });
  const ben = await signUp(world.shop, { firstName: "Ben", seed: 21, sameCardAs: priya });
  world.people["ben"] = ben;
  await bind(world.shop, ben, [token]);
  await letTimePass(world.shop, "PT1H");
  await buy(world.shop, ben, [token]);
  await letTimePass(world.shop, "PT1H");
  const { referrals } = await statusOf(world.shop, priya);
  expectThat(
    referrals[0]?.["state"] === "HELD" && referrals[0]["why"] === "in_review",
    "a shared card waits for a person",
    referrals,
  );
  await letTimePass(world.shop, "P15D");
  const later = await statusOf(world.shop, priya);
  expectThat(later.referrals[0]?.["state"] === "HELD", "time alone never pays", later.referrals);
  return "HELD, in_review";
}

async function coupleApproved(world: World): Promise<string> {
  const { shop } = world;
  const page = await openAdminPage(shop.target, shop.domain, "/app/review");
  // What the page's own script starts from; the buttons post exactly these two.
  const [, caseId, version] = /"cases":\[\{"id":"([^"]+)"[^\]]*?"version":(\d+)/.exec(page) ?? [];
  expectThat(caseId !== undefined && version !== undefined, "the case stands in the review queue");
  const token = String((await control(shop.target, "POST", `shops/${shop.domain}/id-token`, {}))["token"]);
  const form = { intent: "approve", caseId, version, reason: "", note: "A couple" };
  const answer = await callApp(shop.target, { method: "POST", path: "/app/review", token, form });
  expectThat(answer.status === 200, "the approval is taken", answer);
  await settle(shop.target);
  const { referrals, rewards } = await statusOf(shop, person(world, "priya"));
  expectThat(referrals[0]?.["state"] === "REWARDED" && rewards.length === 1, "the couple is paid", referrals);
  return "approved in the admin, paid";
}

async function lapse(world: World): Promise<string> {
  const { shop } = world;
  const before = (await witness(shop)).codes.length;
  const idle = await signUp(shop, { firstName: "Ines", seed: 30 });
  const token = await tap(shop, world.code, idle);
  await bind(shop, idle, [token]);
  await tap(shop, world.code, { ip: "203.0.113.99" });
  await settle(shop.target);
  await letTimePass(shop, "P33D");
  const { referrals } = await statusOf(shop, person(world, "dan"));
  expectThat(
    referrals.some((referral) => referral["state"] === "EXPIRED" && referral["why"] === "link_expired"),
    "it lapses",
    referrals,
  );
  expectThat(!referrals.some((referral) => referral["state"] === "PENDING"), "nothing is left open", referrals);
  expectThat((await witness(shop)).codes.length === before, "and nothing was paid for it");
  return "EXPIRED";
}

async function paidCodes(world: World): Promise<{ referrer: string[]; friend: string[] }> {
  const codesOf = async (names: readonly string[]): Promise<string[]> => {
    const statuses = await Promise.all(
      names.flatMap((name) => (world.people[name] ? [statusOf(world.shop, world.people[name])] : [])),
    );
    return statuses.flatMap((status) =>
      status.rewards.flatMap((reward) => (typeof reward["code"] === "string" ? [reward["code"]] : [])),
    );
  };
  return { referrer: await codesOf(["dan", "priya"]), friend: await codesOf(["mara", "ben"]) };
}
