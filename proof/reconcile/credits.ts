import { scopesOfKind } from "../../app/domain/terms/scopes.ts";
import { witness } from "../journey/actors.ts";
import type { Shop } from "../journey/actors.ts";
import { asObject, callApp, control, expectThat, settle } from "../journey/http.ts";
import type { Json, Target } from "../journey/http.ts";
import type { PaidOrder } from "../load/wave.ts";
import type { Observer } from "../oracle/observer.ts";
import type { Meddling } from "./meddle.ts";

/** The referrer is given store credit, the friend a gift card. */
const TERMS = {
  referrer: { kind: "store_credit", amount: "10.00" },
  friend: { kind: "gift_card", amount: "5.00", when: "after_first_order" },
};
/** Calls that give something worth money, and whose answer may be lost. */
const GIVING = ["graphql:storeCreditAccountCredit", "graphql:giftCardCreate"] as const;
const LATE_MS = 200;
const STAFF_AMOUNT = "25.00";

/** Opens a shop that gives store credit and gift cards. */
export async function openCreditShop(target: Target, domain: string): Promise<Shop> {
  const settings = { customerAccounts: "new", protectedFields: true, usageLimit: "code", install: true };
  await control(target, "POST", "shops", { shop: domain, name: "week-credit", currency: "GBP", ...settings });
  await settle(target);
  const { scopes } = await control(target, "POST", `shops/${domain}/update`, {});
  const more = [...scopesOfKind("store_credit"), ...scopesOfKind("gift_card")];
  await control(target, "POST", `shops/${domain}/scopes`, {
    scopes: [...(Array.isArray(scopes) ? scopes : []), ...more],
  });
  await settle(target);
  const token = String((await control(target, "POST", `shops/${domain}/id-token`, {}))["token"]);
  const form = { terms: JSON.stringify(TERMS) };
  const { status, body } = await callApp(target, { method: "POST", path: "/app/program", token, form });
  expectThat(status === 200, "the terms are saved", body);
  await settle(target);
  return { target, domain, currency: "GBP" };
}

/** The next answer about each kind of credit is lost, after Shopify has given it: it is there and nobody was told. */
export async function loseAnswers(target: Target): Promise<void> {
  for (const route of GIVING)
    await control(target, "POST", "faults", { route, kind: "timeout_after_apply", count: 1, ms: LATE_MS });
}

/** @returns how many answers were lost so far */
export async function lostAnswers(target: Target): Promise<number> {
  return Number(asObject(await control(target, "GET", "faults/struck"))["timeout_after_apply"] ?? 0);
}

/** What was given outside: the numbers of credits and gift cards. */
type Given = { readonly credits: readonly string[]; readonly cards: readonly string[] };

async function givenIn(shop: Shop): Promise<Given> {
  const { storeCredits, giftCards } = await witness(shop);
  const idsOf = (some: readonly Json[]): string[] => some.map(({ id }) => String(id));
  return { credits: idsOf(storeCredits), cards: idsOf(giftCards) };
}

/** Compares what was given, once for each order, with what the books say, before anybody meddles. @returns what is in one alone */
export async function givenAstray(observer: Observer, shop: Shop, orders: readonly PaidOrder[]): Promise<string[]> {
  const { credits, cards } = await givenIn(shop);
  const rows = await observer.query(
    `SELECT w.form || ' ' || regexp_replace(w.external_id, '^gid:.*/', '') AS given
       FROM rewards w JOIN shops s ON s.id = w.shop_id WHERE s.domain = $1 AND w.status = 'issued'`,
    [shop.domain],
  );
  const outside = [...credits.map((id) => `store_credit ${id}`), ...cards.map((id) => `gift_card ${id}`)];
  const books = rows.map(({ given }) => String(given));
  const name = (what: string): string => `${shop.domain}: ${what}`;
  return [
    ...outside.filter((one) => !books.includes(one)).map((one) => name(`${one} is in no book`)),
    ...books.filter((one) => !outside.includes(one)).map((one) => name(`${one} is not there`)),
    ...(outside.length === 2 * orders.length ? [] : [name(`${outside.length} given for ${orders.length} orders`)]),
    ...(credits.length === cards.length ? [] : [name(`${credits.length} credits and ${cards.length} cards`)]),
  ];
}

/**
 * A gift card is switched off and a credit goes away, which has to be said; staff make a card and a credit of their own, which
 * is their business.
 */
export async function meddleWithCredits(shop: Shop): Promise<Meddling[]> {
  const { target, domain } = shop;
  const { storeCredits } = await witness(shop);
  const {
    credits: [credit],
    cards: [card],
  } = await givenIn(shop);
  if (credit === undefined || card === undefined) throw new Error(`${domain} has given nothing`);
  await control(target, "POST", "gift-cards/switch-off", { shop: domain, id: card });
  await control(target, "POST", "store-credits/remove", { shop: domain, id: credit });
  await control(target, "POST", "gift-cards", { shop: domain, amount: STAFF_AMOUNT });
  const customerId = String(storeCredits[0]?.["customerId"]);
  await control(target, "POST", "store-credits", { shop: domain, customerId, amount: STAFF_AMOUNT });
  return [
    { shop: domain, kind: "credit_changed", subject: card },
    { shop: domain, kind: "credit_missing", subject: credit },
  ];
}
