import { bind, buy, letTimePass, signUp, statusOf, takeLink, tap } from "./actors.ts";
import type { Person, Shop } from "./actors.ts";
import { callApp, control, expectThat, openAdminPage, settle } from "./http.ts";

/** What these steps share: a shop of their own, a referrer, and the code that they earned. */
type Books = { readonly shop: Shop; readonly nora: Person; readonly code: string };
/** What the journey hands on. */
type Given = { readonly shop: Shop; readonly options: { readonly protectedFields: boolean } };

const booksOf = new WeakMap<Given, Books>();
const COPIES = 3;

/** The ledger after the payout: a code is used, and then the order that used it is cancelled. */
export const LEDGER_STEPS = [
  ["reward_code_used_booked_once", codeUsed],
  ["order_with_reward_code_cancelled_asks_a_person", orderCancelled],
] as const satisfies readonly (readonly [string, (given: Given) => Promise<string>])[];

async function codeUsed(given: Given): Promise<string> {
  const books = await earnCode(given);
  const { shop, nora, code } = books;
  booksOf.set(given, books);
  await control(shop.target, "POST", "webhooks", { shop: shop.domain, copies: COPIES, freshIds: 0.34 });
  await buy(shop, nora, [], [code.toLowerCase()]);
  await settle(shop.target);
  await control(shop.target, "POST", "webhooks", { shop: shop.domain, copies: 1, freshIds: 0 });
  const lines = await journalOf(shop, "Reward code used");
  expectThat(lines.length === 1 && lines[0]?.includes(`code ${code}`) === true, "the use is booked once", lines);
  const { rewards } = await statusOf(shop, nora);
  expectThat(rewards[0]?.["status"] === "redeemed", "Nora sees that her code is used", rewards);
  const page = await openAdminPage(shop.target, shop.domain, "/app/ledger");
  expectThat(page.includes("Balanced") && !page.includes("Not balanced"), "the ledger says that it is balanced");
  return `told ${COPIES} times a topic, booked once`;
}

async function orderCancelled(given: Given): Promise<string> {
  const books = booksOf.get(given);
  expectThat(books !== undefined, "the code was used before");
  const { shop, code } = books;
  const [line = ""] = await journalOf(shop, "Reward code used");
  const orderId = /order (\d+)/.exec(line)?.[1] ?? "";
  await control(shop.target, "POST", `orders/${orderId}/cancel`, { reason: "CUSTOMER", refund: true });
  await settle(shop.target);
  const reversed = await journalOf(shop, "Use reversed");
  expectThat(reversed.length === 1 && reversed[0]?.includes(code) === true, "the reverse is booked once", reversed);
  const queue = await openAdminPage(shop.target, shop.domain, "/app/review");
  expectThat(queue.includes("reward_order_cancelled"), "the case stands in the review queue");
  return "reversed once, a case";
}

/** Nora refers somebody in a shop of her own and is paid; time passes for everybody. */
async function earnCode({ shop: first, options }: Given): Promise<Books> {
  const name = `ledger-${first.domain.replace(".myshopify.com", "")}`;
  const shop: Shop = { ...first, domain: `${name}.myshopify.com` };
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
  const nora = await signUp(shop, { firstName: "Nora", seed: 201, pastOrders: 2 });
  await settle(shop.target);
  const { code: link } = await takeLink(shop, nora);
  const token = await tap(shop, String(link), { ip: "198.51.100.244" });
  await letTimePass(shop, "PT2H");
  const omar = await signUp(shop, { firstName: "Omar", seed: 243 });
  await bind(shop, omar, [token]);
  await settle(shop.target);
  await buy(shop, omar, [token]);
  await letTimePass(shop, "P14DT1M");
  const { rewards } = await statusOf(shop, nora);
  const [reward] = rewards;
  expectThat(typeof reward?.["code"] === "string", "Nora has her code", rewards);
  return { shop, nora, code: String(reward["code"]) };
}

/** The lines of the exported journal that say this. */
async function journalOf(shop: Shop, words: string): Promise<string[]> {
  const token = String((await control(shop.target, "POST", `shops/${shop.domain}/id-token`, {}))["token"]);
  const { status, body } = await callApp(shop.target, { method: "GET", path: "/app/ledger.csv", token });
  expectThat(status === 200, "the journal is exported", body);
  return String(body["text"])
    .split("\r\n")
    .filter((line) => line.includes(words));
}
