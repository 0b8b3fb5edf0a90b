import { bind, buy, claimOffer, letTimePass, signUp, statusOf, takeLink, tap, witness } from "./actors.ts";
import type { Person, Shop } from "./actors.ts";
import { callApp, callStorefront, control, expectThat, openAdminPage, settle } from "./http.ts";
import type { Target } from "./http.ts";

/** The friend's side, in a shop of its own. */
export const WELCOME_STEPS = [
  ["welcome_code_claimed_and_used", ({ options }: { options: Setting }) => playWelcome(options)],
] as const;

type Setting = {
  readonly target: Target;
  readonly currency: string;
  readonly protectedFields: boolean;
  readonly shop: string;
};

/**
 * Plays the friend's side in a shop of its own: a code claimed by a tap and used on the first order, and what becomes of
 * it when the referral is paid; then one that is claimed by somebody who has bought before.
 */
async function playWelcome(setting: Setting): Promise<string> {
  const shop = await openShop(setting);
  const dan = await signUp(shop, { firstName: "Dan", seed: 40, pastOrders: 1 });
  await settle(shop.target);
  const link = String((await takeLink(shop, dan))["code"]);
  const mara = await signUp(shop, { firstName: "Mara", seed: 41 });
  const token = await tap(shop, link, mara);
  const code = await claimOnce(shop, mara, token);
  await bind(shop, mara, [token]);
  await letTimePass(shop, "PT1H");
  await buy(shop, mara, [token], [code]);
  await settle(shop.target);
  await letTimePass(shop, "P14DT1H");
  await expectPaid(shop, dan, mara, code);
  await useWithoutFriend(shop, link);
  await buyWithoutScripts(shop, dan);
  return `${code.slice(0, 4)}… used, one code for Dan, one leak seen`;
}

async function openShop(setting: Setting): Promise<Shop> {
  const domain = setting.shop.replace(".myshopify.com", "-welcome.myshopify.com");
  const { target, currency, protectedFields } = setting;
  const name = domain.replace(".myshopify.com", "");
  const customerAccounts = "new";
  const opened = { shop: domain, name, currency, customerAccounts, protectedFields, usageLimit: "code", install: true };
  await control(target, "POST", "shops", opened);
  await settle(target);
  return { target, domain, currency };
}

/** Asked twice for one tap, the shop gives one code, which it holds. */
async function claimOnce(shop: Shop, person: Person, token: string): Promise<string> {
  const claimed = await claimOffer(shop, person, token);
  const code = String(claimed["welcomeCode"]);
  expectThat(/^[0-9A-Z]{16}$/.test(code), `${person.firstName} is given a code`, claimed);
  const again = await claimOffer(shop, person, token);
  expectThat(again["welcomeCode"] === code, "and the same one on every ask", again);
  expectThat((await witness(shop)).pool.includes(code), "which exists in the shop already");
  return code;
}

async function expectPaid(shop: Shop, dan: Person, mara: Person, code: string): Promise<void> {
  const { referrals, rewards } = await statusOf(shop, dan);
  expectThat(referrals[0]?.["state"] === "REWARDED", "the referral is rewarded", referrals);
  expectThat(rewards.length === 1 && rewards[0]?.["status"] === "issued", "Dan gets one code", rewards);
  const friend = (await statusOf(shop, mara)).rewards;
  expectThat(friend.length === 1 && friend[0]?.["status"] === "redeemed", "Mara's welcome was redeemed", friend);
  expectThat(friend[0]["code"] === code, "by the code that she claimed", friend);
  const { codes } = await witness(shop);
  expectThat(codes.length === 1 && codes[0] === rewards[0]["code"], "no other code was made for them", codes);
}

/**
 * An old code of Dan's, brought over, and a browser that runs no script: the landing page's form gives the welcome code, and
 * the order that uses it is credited to Dan.
 */
async function buyWithoutScripts(shop: Shop, dan: Person): Promise<void> {
  const token = String((await control(shop.target, "POST", `shops/${shop.domain}/id-token`, {}))["token"]);
  const form = { intent: "import", lines: `OLD-DAN,${dan.id}` };
  const told = await callApp(shop.target, { method: "POST", path: "/app/import", token, form });
  expectThat(told.status === 200 && told.body["added"] === 1, "Dan's old code is brought over", told.body);
  const ines = await signUp(shop, { firstName: "Ines", seed: 43 });
  const tapped = await tap(shop, "OLD-DAN", ines);
  const page = await callStorefront(shop.target, {
    shop: shop.domain,
    path: "/a/r/join",
    ip: ines.ip,
    form: { token: tapped, email: ines.email },
  });
  const code = /<strong>([0-9A-Z]{16})<\/strong>/.exec(String(page.body["text"]))?.[1];
  expectThat(code !== undefined, "the landing page shows a code without any script", page.status);
  await letTimePass(shop, "PT1H");
  await buy(shop, ines, [], [code]);
  await settle(shop.target);
  const { referrals } = await statusOf(shop, dan);
  expectThat(
    referrals.some(({ why }) => why === "in_cooling_off"),
    "Dan is credited with her",
    referrals,
  );
}

/** A customer who is not logged in claims like anybody; the order brings nobody, and its discount is shown as leakage. */
async function useWithoutFriend(shop: Shop, link: string): Promise<void> {
  const tom = await signUp(shop, { firstName: "Tom", seed: 42, pastOrders: 1 });
  await settle(shop.target);
  await letTimePass(shop, "PT1H");
  const token = await tap(shop, link, tom);
  const code = await claimOnce(shop, tom, token);
  await buy(shop, tom, [token], [code]);
  await settle(shop.target);
  const home = await openAdminPage(shop.target, shop.domain, "/app");
  expectThat(home.includes("Leakage"), "the merchant sees what a code cost for nothing");
}
