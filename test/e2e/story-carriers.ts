import { expect } from "vitest";
import { lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import { calm, enter, letTimePass } from "./stage.ts";
import type { Stage } from "./stage.ts";
import { buyABox, checkOut, followLink, inAHurry, logIn, openFriendsPage, shownLink, tapUntil } from "./storefront.ts";
import type { Delivery } from "./storefront.ts";
import { cartOf, howItCounted, newestOrderSays } from "./traces.ts";

const LANDING_PAGE = "/a/r/join";
const DAN = "dan@freshbox-friends.example";

function deliveryTo(name: string, home: Pick<Delivery, "address" | "town" | "postcode">): Delivery {
  return { ...home, name, email: `${name.toLowerCase()}@mail.example` };
}

/** Dan takes his link. @returns Dan and the link */
export async function danSendsHisLink(stage: Stage): Promise<{ dan: Person; link: string }> {
  const dan = await enter(stage, "dan");
  await logIn(stage.shop, dan, DAN);
  await openFriendsPage(stage.shop, dan);
  return { dan, link: await shownLink(dan) };
}

/** The card for the fridge: who gives what, the link, and a code to hold a camera to. */
export async function danPrintsHisCard(dan: Person, link: string): Promise<void> {
  await dan.page.goto(link.replace("/a/r/", "/a/r/card/"));
  await dan.page.getByRole("heading", { name: "Dan gives you £10 off" }).waitFor();
  await lookAt(dan, "friend-card");
}

/** Ben presses "Buy it now": a checkout past the basket. The pixel, which he allows, saw both. */
export async function benBuysItNow(stage: Stage, link: string): Promise<void> {
  const ben = await enter(stage, "ben");
  const { page } = ben;
  await tapUntil(ben, LANDING_PAGE, () => followLink(stage.shop, ben, link));
  expect(await page.getByRole("button", { name: "Dismiss" }).count(), "the page has told it").toBe(0);
  await page.goto(`${stage.shop.origin}/products/garden-box`);
  await page.getByRole("button", { name: "Pay with the wallet" }).scrollIntoViewIfNeeded();
  await lookAt(ben, "friend-product");
  await page.getByRole("button", { name: "Buy it now" }).click();
  await page.getByRole("heading", { name: "Check out" }).waitFor();
  await page.waitForLoadState("networkidle");
  await checkOut(ben, deliveryTo("Ben", { address: "21 Temple Way", town: "Bristol", postcode: "BS2 0BY" }));
  await page.waitForLoadState("networkidle");
  await isDans(stage, "pixel");
}

/** Cleo pays with the wallet on the product's page, which asks for nothing but a yes. */
export async function cleoPaysWithTheWallet(stage: Stage, link: string): Promise<void> {
  const cleo = await enter(stage, "cleo");
  const { page } = cleo;
  await followLink(stage.shop, cleo, link);
  await page.goto(`${stage.shop.origin}/products/garden-box`);
  await page.getByRole("button", { name: "Pay with the wallet" }).click();
  await page.getByRole("heading", { name: "The wallet" }).waitFor();
  await page.waitForLoadState("networkidle");
  await lookAt(cleo, "wallet");
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("heading", { name: /^Thank you/ }).waitFor();
  await page.waitForLoadState("networkidle");
  await isDans(stage, "pixel");
}

/** Eve taps the link in a chat app, whose browser keeps nothing; within the visit the basket remembers. */
export async function eveUsesAChatApp(stage: Stage, link: string): Promise<void> {
  const eve = await enter(stage, "eve");
  const { page } = eve;
  await page.goto(`${stage.shop.origin}/_in-app/eve?to=${encodeURIComponent(new URL(link).pathname)}`);
  await page.waitForLoadState("networkidle");
  expect((await cartOf(eve)).attributes["_ref_token"], "on the basket").toMatch(/^[\w.~-]+$/);
  await buyABox(stage.shop, eve, deliveryTo("Eve", { address: "2 Quay Street", town: "Truro", postcode: "TR1 2HB" }));
  await isDans(stage, "cart_attribute");
}

/** Finn's browser runs no script. The landing page is all he needs: a form, and a code that he puts on his basket. */
export async function finnHasNoScript(stage: Stage, link: string): Promise<void> {
  const finn = await enter(stage, "finn", { javaScriptEnabled: false });
  const { page } = finn;
  await tapUntil(finn, LANDING_PAGE, () => page.goto(link));
  await page.getByRole("heading", { name: "Dan gave you £10 off" }).waitFor();
  await page.getByLabel("E-mail").fill("finn@mail.example");
  await page.getByRole("button", { name: "Get £10 off" }).click();
  await page.getByRole("link", { name: "Use it now" }).click();
  await page.goto(`${stage.shop.origin}/products/family-box`);
  await page.getByRole("button", { name: "Add to basket" }).click();
  await page.getByRole("button", { name: "Check out" }).click();
  await checkOut(finn, deliveryTo("Finn", { address: "8 Station Road", town: "Crewe", postcode: "CW1 2PT" }));
  await page.getByText("−£10.00").waitFor();
  await isDans(stage, "welcome_code");
}

/** Another app replaces the basket's attributes on every page; the script puts them back. */
export async function gretaMeetsAnotherApp(stage: Stage, link: string): Promise<void> {
  const visitor = await enter(stage, "visitor");
  await visitor.page.goto(stage.frontUrl);
  await visitor.page.getByRole("button", { name: "Switch on: Another app on the pages" }).click();
  await visitor.page.getByRole("button", { name: "Switch off: Another app on the pages" }).waitFor();
  const greta = await enter(stage, "greta");
  await followLink(stage.shop, greta, link);
  await greta.page.waitForLoadState("networkidle");
  await expect
    .poll(async () => Object.keys((await cartOf(greta)).attributes).toSorted())
    .toEqual(["_ref_device", "_ref_token", "gift_wrap"]);
  await letTimePass(stage, "PT5M"); // who orders within three seconds of a tap is looked at by a person
  await buyABox(
    stage.shop,
    greta,
    deliveryTo("Greta", { address: "14 Hill Top", town: "Ludlow", postcode: "SY8 1AX" }),
    inAHurry,
  );
  await isDans(stage, "cart_attribute");
}

/** Every checkout that was seen, and what the app was told of it. */
export async function merchantReadsThePixel(stage: Stage): Promise<void> {
  const merchant = await newestOrderSays(stage, "Referred by Dan");
  await lookAt(merchant, "admin-order-block");
  await merchant.page.goto(`${stage.frontUrl}pixel`);
  const told = merchant.page.getByText(/Told the app of one link, which answered 204/);
  expect(await told.count()).toBeGreaterThanOrEqual(4);
  await lookAt(merchant, "pixel");
}

async function isDans(stage: Stage, carrier: string): Promise<void> {
  await calm(stage);
  await newestOrderSays(stage, "Referred by Dan");
  expect(await howItCounted(stage)).toBe(carrier);
}
