import { expect } from "vitest";
import { expectNoProblems, inspect } from "./person.ts";
import type { Person } from "./person.ts";

/** Where a shop and its simulator are: `http://freshbox.localhost:5301`. */
export type Storefront = { readonly origin: string };

export type Newcomer = { readonly firstName: string; readonly lastName: string; readonly email: string };

/** What the checkout fills in for this browser, to be paid with elsewhere. */
export type Card = { readonly number: string; readonly expiry: string; readonly name: string };

const TAPS_MAX = 6;

/**
 * Comes to the shop. The first visit of a browser says who sits at it, which gives it a network address and a test card
 * of its own: all browsers of a test share one machine.
 */
export async function arrive(shop: Storefront, person: Person, path: string): Promise<void> {
  await person.page.goto(`${shop.origin}/_identity/${person.name}?to=${encodeURIComponent(path)}`);
  await person.page.waitForURL((url) => !url.pathname.startsWith("/_identity/"), { waitUntil: "load" });
}

/** Logs in with an e-mail address. */
export async function logIn(shop: Storefront, person: Person, email: string): Promise<void> {
  const { page } = person;
  await arrive(shop, person, "/account/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: /^Hello, / }).waitFor();
  await page.waitForLoadState("load");
}

/** Logs out, as somebody does who wants to be somebody else. */
export async function logOut(shop: Storefront, { page }: Person): Promise<void> {
  await page.goto(`${shop.origin}/account`);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("navigation", { name: "Shop" }).getByRole("link", { name: "Log in" }).waitFor();
}

/** Follows a shared link into the shop. */
export async function followLink(shop: Storefront, person: Person, link: string): Promise<void> {
  await arrive(shop, person, new URL(link).pathname);
  await person.page.getByRole("heading", { level: 1 }).waitFor();
  // What the script asks is asked on this day: a story may let weeks pass next.
  await person.page.waitForLoadState("networkidle");
}

/**
 * Taps a link until it leads where its terms say. An app that is out of breath leads to the shop's front page meanwhile, and
 * a person taps again.
 * @param tap one tap, until the page is there
 */
export async function tapUntil({ page }: Person, path: string, tap: () => Promise<unknown>): Promise<void> {
  for (let taps = 0; taps < TAPS_MAX; taps += 1) {
    await tap();
    if (new URL(page.url()).pathname === path) return;
  }
  throw new Error(`${TAPS_MAX} taps never led to ${path}`);
}

/** Makes an account, and waits until the storefront script has handed the browser's links over. */
export async function signUp(shop: Storefront, person: Person, who: Newcomer): Promise<void> {
  const { page } = person;
  await page.goto(`${shop.origin}/account/register`);
  await inspect(person, "sign-up");
  await page.getByLabel("First name").fill(who.firstName);
  await page.getByLabel("Last name").fill(who.lastName);
  await page.getByLabel("E-mail").fill(who.email);
  const bound = page.waitForResponse((response) => response.url().endsWith("/a/r/api/bind"));
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("heading", { name: `Hello, ${who.firstName}` }).waitFor();
  expect((await bound).status(), "the script binds the new account").toBe(200);
}

/** Opens the account's page about friends. */
export async function openFriendsPage(shop: Storefront, { page }: Person): Promise<void> {
  await page.goto(`${shop.origin}/account`);
  await page.getByRole("link", { name: "Friends and rewards" }).click();
  await page.getByRole("heading", { name: "Your rewards" }).waitFor();
}

/** The link on the friends page that is open. */
export async function shownLink({ page }: Person): Promise<string> {
  return (await page.locator("#referral-link").getAttribute("text")) ?? "";
}

/** The codes that the friends page offers to copy. */
export async function shownCodes({ page }: Person): Promise<string[]> {
  const items = await page.locator('s-clipboard-item[id^="reward-"]').all();
  return Promise.all(items.map(async (item) => (await item.getAttribute("text")) ?? ""));
}

/** Takes the link from the theme's block on the shop's own page, which knows this browser. @returns the link */
export async function takeLinkInShop(shop: Storefront, { page }: Person): Promise<string> {
  await page.goto(`${shop.origin}/`);
  await page.getByRole("button", { name: "Get my link" }).click();
  const field = page.getByLabel("Your link");
  await field.waitFor();
  return field.inputValue();
}

/** Where an order goes, and, for a guest, to whom; without a card, the browser's own pays. */
export type Delivery = {
  readonly address: string;
  readonly town: string;
  readonly postcode: string;
  readonly email?: string;
  /** Their first name. */
  readonly name?: string;
  readonly card?: Card;
};

/**
 * Buys a box: product, basket, checkout, with the browser's own card or another one.
 * @param look goes over each page on the way, unless `inAHurry`: somebody before them has
 * @returns the card that paid
 */
export async function buyABox(
  shop: Storefront,
  person: Person,
  details: Delivery,
  look: typeof inspect = inspect,
): Promise<Card> {
  const { page } = person;
  await page.goto(`${shop.origin}/products/family-box`);
  await look(person, "product");
  await page.getByRole("button", { name: "Add to basket" }).click();
  await page.getByRole("heading", { name: "Your basket" }).waitFor();
  await look(person, "basket");
  await page.getByRole("button", { name: "Check out" }).click();
  await page.getByRole("heading", { name: "Check out" }).waitFor();
  await look(person, "checkout");
  return checkOut(person, details);
}

/** For those who go where others have been in the same story: only what breaks is noticed. */
export function inAHurry(person: Person, what: string): Promise<void> {
  expectNoProblems(person, what);
  return Promise.resolve();
}

/** Fills the checkout that is open and pays. @returns the card that paid */
export async function checkOut({ page }: Person, details: Delivery): Promise<Card> {
  if (details.email !== undefined) await page.getByLabel("E-mail").fill(details.email);
  if (details.name !== undefined) {
    await page.getByLabel("First name").fill(details.name);
    await page.getByLabel("Last name").fill("Guest");
  }
  await page.getByLabel("Street and number").fill(details.address);
  await page.getByLabel("Town").fill(details.town);
  await page.getByLabel("Postcode").fill(details.postcode);
  const [number, expiry, name] = [
    page.getByLabel("Card number"),
    page.getByLabel("Expiry (MM/YY)"),
    page.getByLabel("Name on the card"),
  ];
  if (details.card !== undefined) {
    await number.fill(details.card.number);
    await expiry.fill(details.card.expiry);
    await name.fill(details.card.name);
  }
  const card = { number: await number.inputValue(), expiry: await expiry.inputValue(), name: await name.inputValue() };
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("heading", { name: /^Thank you/ }).waitFor();
  return card;
}
