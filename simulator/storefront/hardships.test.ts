import { expect, onTestFinished, test } from "vitest";
import { grantInstallation } from "../oauth/installation.ts";
import type { Order, Shop } from "../world/types.ts";
import { openShop, type OpenShop } from "./open-shop.ts";

const WALLET_FIELD = /<input type="hidden" name="([^"]+)" value="([^"]*)"/g;

async function freshShop(): Promise<OpenShop & { readonly boxId: string }> {
  const open = await openShop();
  onTestFinished(() => open.close());
  const box = [...open.shop.products.values()].find((product) => product.handle === "family-box");
  return { ...open, boxId: box?.variantId ?? "" };
}

function lastOrder(shop: Shop): Order | undefined {
  return [...shop.orders.values()].at(-1);
}

test("a visitor from where consent is asked for sees the banner, and their answer holds for the visit", async () => {
  const { browser, shop } = await freshShop();
  shop.habits.consentCountries = ["GB"];
  const mara = browser();
  const first = (await mara("/_identity/mara?to=/")).status;
  expect(first).toBe(200);
  expect((await mara("/")).body).toMatch(/id="consent"[\s\S]*Accept[\s\S]*Decline/);
  expect((await mara("/")).body).toContain('"given":null,"mustAsk":true,"region":"GB"');
  const answer = { analytics: false, marketing: false, preferences: false, saleOfData: false };
  expect((await mara("/_privacy/consent", { json: answer })).status).toBe(204);
  expect((await mara("/cart")).body).toContain('"given":{"analytics":false,"marketing":false');
  expect((await mara("/_privacy/consent", { json: { marketing: "maybe" } })).status).toBe(400);
});

test("a visitor from elsewhere, and everybody in a shop that asks nobody, sees no banner", async () => {
  const { browser, shop } = await freshShop();
  expect((await browser()("/")).body).not.toContain('id="consent"');
  shop.habits.consentCountries = ["GB"];
  const ann = browser();
  await ann("/_identity/ann?country=US");
  expect((await ann("/")).body).not.toContain('id="consent"');
});

test("buy it now is a checkout of its own: the basket keeps its lines, and its attributes do not reach the order", async () => {
  const { browser, shop, boxId } = await freshShop();
  const mara = browser();
  await mara("/cart/add.js", { json: { id: Number(boxId), quantity: 3 } });
  await mara("/cart/update.js", { json: { attributes: { _ref_token: "t1" } } });
  const express = await mara("/cart/express", { form: { id: boxId, quantity: "1" } });
  expect(express.headers.location).toBe("/checkout");
  expect((await mara("/checkout")).body).toContain("1 × Family box");
  await mara("/checkout", {
    form: {
      email: "mara@mail.example",
      last_name: "Lind",
      address1: "4 Elm Row",
      city: "York",
      zip: "YO1 7EP",
      payment: "paypal",
    },
  });
  expect(lastOrder(shop)).toMatchObject({ noteAttributes: [], lines: [{ quantity: 1 }] });
  expect(JSON.parse((await mara("/cart.js")).body)).toMatchObject({
    item_count: 3,
    attributes: { _ref_token: "t1" },
  });
});

test("going to the basket gives an express checkout up", async () => {
  const { browser, boxId } = await freshShop();
  const mara = browser();
  await mara("/cart/express", { form: { id: boxId } });
  await mara("/cart");
  expect((await mara("/checkout")).headers.location).toBe("/cart");
});

test("the wallet pays with what it knows", async () => {
  const { browser, shop, boxId } = await freshShop();
  const mara = browser();
  await mara("/_identity/mara");
  const sheet = await mara("/cart/express", { form: { id: boxId, wallet: "1" } });
  expect(sheet.headers.location).toBe("/checkout/wallet");
  const { body } = await mara("/checkout/wallet");
  const form = Object.fromEntries([...body.matchAll(WALLET_FIELD)].map(([, name = "", value = ""]) => [name, value]));
  expect((await mara("/checkout", { form })).headers.location).toMatch(/thank-you$/);
  expect(lastOrder(shop)).toMatchObject({ email: "mara@wallet.example", noteAttributes: [] });
});

test("another app replaces the cart's attributes, on pages or as the order is placed", async () => {
  const { browser, shop, boxId } = await freshShop();
  const mara = browser();
  expect((await mara("/")).body).not.toContain("_rival");
  shop.habits.rivalApp = "on_pages";
  expect((await mara("/")).body).toContain("/_rival/attributes");
  await mara("/cart/update.js", { json: { attributes: { _ref_token: "t1" } } });
  await mara("/_rival/attributes", { method: "POST" });
  expect(JSON.parse((await mara("/cart.js")).body)).toMatchObject({ attributes: { gift_wrap: "no" } });
  shop.habits.rivalApp = "at_checkout";
  await mara("/cart/update.js", { json: { attributes: { _ref_token: "t1" } } });
  await mara("/cart/add.js", { json: { id: Number(boxId), quantity: 1 } });
  const { body } = await mara("/checkout");
  expect(body).toContain("Check out");
  await mara("/checkout", {
    form: { email: "m@mail.example", last_name: "L", address1: "4 Elm", city: "York", zip: "Y1", payment: "paypal" },
  });
  expect(lastOrder(shop)?.noteAttributes).toEqual([{ name: "gift_wrap", value: "no" }]);
});

test("a chat app's browser keeps nothing: its scripts have no storage, and each visit begins anew", async () => {
  const { browser, boxId } = await freshShop();
  const mara = browser();
  expect((await mara("/_in-app/mara?to=/products/family-box")).headers.location).toBe("/products/family-box");
  await mara("/cart/add.js", { json: { id: Number(boxId), quantity: 1 } });
  expect((await mara("/")).body).toMatch(/Storage is off[\s\S]*browsing as <strong>Mara/);
  await mara("/_in-app/mara?to=//elsewhere.example");
  expect(JSON.parse((await mara("/cart.js")).body)).toMatchObject({ item_count: 0 });
  expect((await mara("/_in-app/No%20Name")).status).toBe(404);
});

test("the pixel is told of a checkout that begins and, once, of one that is through; the page shows what came of it", async () => {
  const { browser, shop, world, boxId } = await freshShop();
  grantInstallation(world, shop, []);
  const mara = browser();
  await mara("/cart/add.js", { json: { id: Number(boxId), quantity: 1 } });
  expect((await mara("/checkout")).body).not.toContain("pixel-facts");
  Object.assign(shop.installation ?? {}, { webPixel: { id: "1", settings: '{"appUrl":"http://localhost:1"}' } });
  await mara("/cart/update.js", { json: { attributes: { _ref_token: "t1" } } });
  expect((await mara("/checkout")).body).toMatch(/pixel-facts[\s\S]*checkout_started[\s\S]*"_ref_token","value":"t1"/);
  const form = { email: "m@mail.example", last_name: "L", address1: "4 Elm", city: "York", zip: "Y1" };
  const { headers } = await mara("/checkout", { form: { ...form, payment: "paypal" } });
  const thanks = headers.location ?? "";
  expect((await mara(thanks)).body).toContain("checkout_completed");
  expect((await mara(thanks)).body).not.toContain("pixel-facts");
  const token = thanks.split("/")[2] ?? "";
  const seen = { event: "checkout_completed", checkoutToken: token, outcome: "told", tokens: 1, status: 204 };
  expect((await mara("/_pixel/seen", { json: seen })).status).toBe(204);
  expect((await browser("localhost")("/pixel")).body).toContain("Told the app of one link, which answered 204");
  expect((await mara("/_pixel/pixel.js")).body).toContain("checkout_completed");
});
