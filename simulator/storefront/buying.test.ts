import { onTestFinished, expect, test } from "vitest";
import { createCustomer } from "../world/customers.ts";
import { createDiscount } from "../world/discounts.ts";
import type { Order, Shop } from "../world/types.ts";
import { openShop, type OpenShop, type TestBrowser } from "./open-shop.ts";

const TEN_OFF = {
  title: "Ten off",
  code: "WELCOME",
  value: { kind: "amount", amountMinor: 1000n, onEachItem: false },
  usageLimit: 1,
} as const;
const ADDRESS = { last_name: "Lind", first_name: "Mara", address1: "4 Elm Row", city: "York", zip: "YO1 7EP" };
const CARD = { payment: "card", card_number: "5454 5454 5454 1234", card_expiry: "11/31", card_name: "Mara Lind" };

async function freshShop(): Promise<OpenShop> {
  const open = await openShop();
  onTestFinished(() => open.close());
  return open;
}

async function fillBasket(browser: TestBrowser, shop: Shop): Promise<void> {
  const box = [...shop.products.values()].find((product) => product.handle === "family-box");
  await browser("/cart/add.js", { json: { id: Number(box?.variantId), quantity: 1 } });
}

function lastOrder(shop: Shop): Order {
  const order = [...shop.orders.values()].at(-1);
  if (order === undefined) throw new Error("no order was placed");
  return order;
}

async function readCart(browser: TestBrowser): Promise<Record<string, unknown>> {
  // the body is the answer of /cart.js, an object
  return JSON.parse((await browser("/cart.js")).body) as Record<string, unknown>;
}

test("the cart counts what is added and prices it in the smallest unit", async () => {
  const { browser, shop } = await freshShop();
  const visitor = browser();
  await fillBasket(visitor, shop);
  await fillBasket(visitor, shop);
  expect(await readCart(visitor)).toMatchObject({ item_count: 2, total_price: 11600, currency: "GBP", attributes: {} });
});

test("/cart/update.js merges attributes and takes one away when it is null", async () => {
  const { browser } = await freshShop();
  const visitor = browser();
  await visitor("/cart/update.js", { json: { attributes: { _ref_token: "t1", gift: "yes" } } });
  await visitor("/cart/update.js", { json: { attributes: { _ref_token: "t2,t1", gift: null } } });
  expect(await readCart(visitor)).toMatchObject({ attributes: { _ref_token: "t2,t1" } });
});

test("two browsers have two carts", async () => {
  const { browser, shop } = await freshShop();
  const [dan, mara] = [browser(), browser()];
  await fillBasket(dan, shop);
  expect(await readCart(mara)).toMatchObject({ item_count: 0 });
});

test("the cart refuses a variant that the shop does not sell", async () => {
  const { browser } = await freshShop();
  const answer = await browser()("/cart/add.js", { json: { id: 1 }, headers: { accept: "application/json" } });
  expect(answer.status).toBe(404);
});

test("the cart form carries attributes to the checkout", async () => {
  const { browser, shop } = await freshShop();
  const visitor = browser();
  await fillBasket(visitor, shop);
  const answer = await visitor("/cart", {
    form: { checkout: "", "attributes[_ref_cart_at]": "2026-11-20T10:00:00.000Z" },
  });
  expect([answer.status, answer.headers.location]).toEqual([303, "/checkout"]);
  expect(await readCart(visitor)).toMatchObject({ attributes: { _ref_cart_at: "2026-11-20T10:00:00.000Z" } });
});

test("/discount puts the code on the cart and goes on to the path, never to another host", async () => {
  const { browser, world, shop } = await freshShop();
  createDiscount(world, shop, TEN_OFF);
  const visitor = browser();
  await fillBasket(visitor, shop);
  expect((await visitor("/discount/welcome?redirect=/products/family-box%3Fa%3D1")).headers.location).toBe(
    "/products/family-box?a=1",
  );
  expect((await visitor("/discount/welcome?redirect=//evil.example/x")).headers.location).toBe("/");
  expect((await visitor("/discount/welcome?redirect=https://evil.example/")).headers.location).toBe("/");
  expect(await readCart(visitor)).toMatchObject({ total_discount: 1000, total_price: 4800 });
});

test("a guest's order carries what the browser told, and its code is counted", async () => {
  const { browser, world, shop } = await freshShop();
  const discount = createDiscount(world, shop, TEN_OFF);
  const visitor = browser();
  const headers = { "user-agent": "Firefox/150", "accept-language": "en-GB", "x-forwarded-for": "198.51.100.7" };
  await visitor("/?ref_token=tok-1", { headers });
  await fillBasket(visitor, shop);
  await visitor("/cart/update.js", { json: { attributes: { _ref_token: "tok-1" } } });
  await visitor("/checkout/discount", { form: { code: "WELCOME" } });
  const paid = await visitor("/checkout", { form: { email: "Mara@example.com", ...ADDRESS, ...CARD }, headers });
  const order = lastOrder(shop);
  expect(paid.headers.location).toBe(`/checkouts/${order.checkoutToken ?? ""}/thank-you`);
  expect(order).toMatchObject({
    email: "mara@example.com",
    landingSite: "/?ref_token=tok-1",
    clientIp: "198.51.100.7",
    userAgent: "Firefox/150",
    acceptLanguage: "en-GB",
    noteAttributes: [{ name: "_ref_token", value: "tok-1" }],
    gateway: "shopify_payments",
  });
  expect(order.transactions[0]?.card).toEqual({
    bin: "545454",
    last4: "1234",
    expMonth: 11,
    expYear: 2031,
    brand: "Mastercard",
    name: "Mara Lind",
  });
  expect([...discount.codes.values()].map((code) => code.uses)).toEqual([1]);
  expect((await visitor(String(paid.headers.location))).body).toContain("Thank you, Mara!");
  expect(await readCart(visitor)).toMatchObject({ item_count: 0, attributes: {} });
});

test("a code that is used up is refused at the checkout and left out of the order", async () => {
  const { browser, world, shop } = await freshShop();
  const discount = createDiscount(world, shop, TEN_OFF);
  for (const email of ["a@example.com", "b@example.com"]) {
    const visitor = browser();
    await fillBasket(visitor, shop);
    await visitor("/checkout/discount", { form: { code: "WELCOME" } });
    await visitor("/checkout", { form: { email, ...ADDRESS, payment: "paypal" } });
  }
  expect([...discount.codes.values()].map((code) => code.uses)).toEqual([1]);
  expect(lastOrder(shop)).toMatchObject({ discountApplications: [], gateway: "paypal" });
  expect(lastOrder(shop).transactions[0]?.card).toBeNull();
});

test.each([
  ["an e-mail that is none", { email: "mara" }, "Enter an e-mail address"],
  ["a card number with letters", { card_number: "4242 abcd" }, "Enter the card&#39;s number"],
  ["a card that has expired", { card_expiry: "01/20" }, "The card has expired"],
  ["the declined test card", { card_number: "4000 0000 0000 0002" }, "The card was declined"],
  ["no postcode", { zip: "" }, "Enter your postcode"],
])("the checkout refuses %s and keeps what was typed", async (_what, change, message) => {
  const { browser, shop } = await freshShop();
  const visitor = browser();
  await fillBasket(visitor, shop);
  const answer = await visitor("/checkout", { form: { email: "mara@example.com", ...ADDRESS, ...CARD, ...change } });
  expect(answer.status).toBe(422);
  expect(answer.body).toContain(message);
  expect(answer.body).toContain("4 Elm Row");
  expect(shop.orders.size).toBe(0);
});

test("signing up makes an enabled customer, whose orders are theirs", async () => {
  const { browser, shop } = await freshShop();
  const mara = browser();
  const signedUp = await mara("/account/register", {
    form: { first_name: "Mara", last_name: "Lind", email: "mara@example.com" },
  });
  expect(signedUp.headers.location).toBe("/account");
  await fillBasket(mara, shop);
  await mara("/checkout", { form: { email: "other@example.com", ...ADDRESS, ...CARD } });
  const customer = [...shop.customers.values()].at(-1);
  expect(customer).toMatchObject({ email: "mara@example.com", state: "ENABLED" });
  expect(lastOrder(shop).customerId).toBe(customer?.id);
});

test("signing up twice with one e-mail is refused, and a guest of old may still sign up", async () => {
  const { browser, world, shop } = await freshShop();
  createCustomer(world, shop, { email: "guest@example.com" });
  const form = { email: "guest@example.com" };
  expect((await browser()("/account/register", { form })).status).toBe(303);
  expect((await browser()("/account/register", { form })).status).toBe(422);
});

test("logging out makes the browser a stranger", async () => {
  const { browser, world, shop } = await freshShop();
  createCustomer(world, shop, { email: "dan@example.com", firstName: "Dan" });
  const dan = browser();
  await dan("/account/login", { form: { email: "dan@example.com" } });
  expect((await dan("/account")).body).toContain("Hello, Dan");
  await dan("/account/logout", { form: {} });
  expect((await dan("/account")).headers.location).toBe("/account/login");
});

test("what visitors type is shown as text, never as markup", async () => {
  const { browser } = await freshShop();
  const answer = await browser()("/account/register", {
    form: { email: "no", first_name: '"><script>alert(1)</script>' },
  });
  expect(answer.body).not.toContain("<script>alert(1)");
});
