import { bind, buy, letTimePass, signUp, statusOf, takeLink, tap, witness } from "./actors.ts";
import type { Person, Shop } from "./actors.ts";
import { asList, callApp, control, expectThat, settle } from "./http.ts";
import type { Json } from "./http.ts";

/** Steps that play on shops of their own, beside the story's. */
type KindStep = readonly [name: string, play: (story: Shop, protectedFields: boolean) => Promise<string>];

export const REWARD_KIND_STEPS: readonly KindStep[] = [
  ["store_credit_shop", storeCreditShop],
  ["jpy_shop", jpyShop],
];

const CREDIT_SCOPES = ["write_store_credit_account_transactions", "read_store_credit_accounts", "write_gift_cards"];

/** Store credit for the referrer, a gift card for the friend, through a call whose answer is lost. */
async function storeCreditShop(story: Shop, protectedFields: boolean): Promise<string> {
  const shop = await openShop(story, { suffix: "credit", currency: "GBP", protectedFields });
  const offer = {
    referrer: { kind: "store_credit", amount: "10.00" },
    friend: { kind: "gift_card", amount: "5.00", when: "after_first_order" },
  };
  const refused = await saveTerms(shop, offer);
  const missing = asList(refused.body["problems"]).map((problem) => problem["code"]);
  expectThat(
    refused.status === 422 && missing.every((code) => code === "scope_missing"),
    "Shopify must allow it first",
    refused,
  );
  const { scopes } = await control(shop.target, "POST", `shops/${shop.domain}/update`, {});
  const granted = [...(Array.isArray(scopes) ? scopes : []), ...CREDIT_SCOPES];
  await control(shop.target, "POST", `shops/${shop.domain}/scopes`, { scopes: granted });
  await settle(shop.target);
  const saved = await saveTerms(shop, offer);
  expectThat(saved.status === 200, "then the offer is kept", saved);
  const { referrer, friend } = await referFriend(shop);
  for (const route of ["graphql:storeCreditAccountCredit", "graphql:giftCardCreate"])
    await control(shop.target, "POST", "faults", { route, kind: "timeout_after_apply", count: 1, ms: 200 });
  await letTimePass(shop, "P14DT1M");
  await letTimePass(shop, "PT15M");
  await control(shop.target, "DELETE", "faults");
  const { storeCredits, giftCards, codes } = await witness(shop);
  const isOne = storeCredits.length === 1 && giftCards.length === 1 && codes.length === 0;
  expectThat(isOne, "one credit, one gift card and no discount", { storeCredits, giftCards, codes });
  expectThat(storeCredits[0]?.["customerId"] === referrer.id, "the referrer's account is credited", storeCredits);
  expectThat(storeCredits[0]["amount"] === "10.00" && giftCards[0]?.["amount"] === "5.00", "with the promised worth");
  const told = [...(await statusOf(shop, referrer)).rewards, ...(await statusOf(shop, friend)).rewards];
  expectThat(
    told.every((reward) => reward["status"] === "issued"),
    "both are told",
    told,
  );
  expectThat(
    String(told[1]?.["code"]).toLowerCase() === giftCards[0]["code"],
    "the friend is told the card's code",
    told,
  );
  return "10.00 credited, a gift card of 5.00, although both answers were lost";
}

/** A currency without decimals. */
async function jpyShop(story: Shop, protectedFields: boolean): Promise<string> {
  const shop = await openShop(story, { suffix: "yen", currency: "JPY", protectedFields });
  const half = await saveTerms(shop, { referrer: { amount: "1000.5" } });
  expectThat(half.status === 422, "half a yen is refused", half);
  const offer = {
    referrer: { amount: "1500" },
    friend: { amount: "1000", when: "after_first_order" },
    minimum_order: "3000",
  };
  const saved = await saveTerms(shop, offer);
  expectThat(saved.status === 200, "whole yen are kept", saved);
  const { referrer, friend } = await referFriend(shop);
  await letTimePass(shop, "P14DT1M");
  const { discounts } = await witness(shop);
  const values = discounts.map((discount) => String(discount["value"])).toSorted();
  expectThat(JSON.stringify(values) === '["1000","1500"]', "one discount a side, in whole yen", discounts);
  const told = [...(await statusOf(shop, referrer)).rewards, ...(await statusOf(shop, friend)).rewards];
  expectThat(told.map((reward) => reward["value"]).join() === "1500 JPY,1000 JPY", "and both are told so", told);
  return "¥1,500 and ¥1,000";
}

async function openShop(
  story: Shop,
  facts: { suffix: string; currency: string; protectedFields: boolean },
): Promise<Shop> {
  const domain = story.domain.replace(".myshopify.com", `-${facts.suffix}.myshopify.com`);
  const shop: Shop = { target: story.target, domain, currency: facts.currency };
  const { currency, protectedFields } = facts;
  const settings = { currency, protectedFields, customerAccounts: "new", usageLimit: "code", install: true };
  await control(shop.target, "POST", "shops", { shop: domain, name: domain.split(".")[0], ...settings });
  await settle(shop.target);
  return shop;
}

async function saveTerms(shop: Shop, terms: Json): Promise<{ status: number; body: Json }> {
  const token = String((await control(shop.target, "POST", `shops/${shop.domain}/id-token`, {}))["token"]);
  const form = { terms: JSON.stringify(terms) };
  return callApp(shop.target, { method: "POST", path: "/app/program", token, form });
}

/** Somebody who has bought recommends the shop to somebody new, who buys. */
async function referFriend(shop: Shop): Promise<{ referrer: Person; friend: Person }> {
  const referrer = await signUp(shop, { firstName: "Nora", seed: 140, pastOrders: 1 });
  await settle(shop.target);
  const link = await takeLink(shop, referrer);
  const token = await tap(shop, String(link["code"]), { ip: "198.51.100.141" });
  const friend = await signUp(shop, { firstName: "Kai", seed: 141 });
  await bind(shop, friend, [token]);
  await letTimePass(shop, "PT1H");
  await buy(shop, friend, [token]);
  await settle(shop.target);
  return { referrer, friend };
}
