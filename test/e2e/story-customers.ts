import { expect } from "vitest";
import { lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import { calm, enter, letTimePass } from "./stage.ts";
import type { Stage } from "./stage.ts";
import {
  buyABox,
  followLink,
  logIn,
  logOut,
  openFriendsPage,
  shownCodes,
  shownLink,
  signUp,
  takeLinkInShop,
} from "./storefront.ts";

const DAN = "dan@freshbox-friends.example";
const PRIYA = "priya@freshbox-friends.example";
const DANS_HOME = { address: "12 Mill Lane", town: "Bristol", postcode: "BS1 4ST" };
const MARAS_HOME = { address: "7 Orchard Way", town: "Bath", postcode: "BA1 2QH" };
const DANNYS_OFFICE = { address: "90 Victoria Street", town: "Bristol", postcode: "BS1 6LA" };
const PRIYAS_HOME = { address: "3 Harbour Row", town: "Bristol", postcode: "BS1 6QA" };
const BENS_WORK = { address: "21 Temple Way", town: "Bristol", postcode: "BS2 0BY" };

/** Dan logs in, opens his page about friends, and copies his link. @returns Dan and the link */
export async function danTakesHisLink(stage: Stage): Promise<{ dan: Person; link: string }> {
  const dan = await enter(stage, "dan");
  await logIn(stage.shop, dan, DAN);
  await dan.page.getByRole("link", { name: "Friends and rewards" }).waitFor();
  await lookAt(dan, "account");
  await openFriendsPage(stage.shop, dan);
  const link = await shownLink(dan);
  expect(link).toMatch(new RegExp(`^${stage.shop.origin}/a/r/[2-9A-HJKMNP-Z]{5}$`));
  const invite = await dan.page.locator("#referral-invite").getAttribute("text");
  expect(invite, "the invite carries the link").toContain(link);
  await dan.page.getByRole("button", { name: "Copy link" }).click();
  await dan.page.getByText("Copied", { exact: true }).waitFor();
  expect(await dan.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await lookAt(dan, "dan-takes-his-link");
  expect(await takeLinkInShop(stage.shop, dan), "the shop's block shows the same link").toBe(link);
  await lookAt(dan, "theme-block");
  return { dan, link };
}

/** Mara taps Dan's link and is in the shop; what it carried is kept, and gone from the address. */
export async function maraFollowsIt(stage: Stage, link: string): Promise<Person> {
  const mara = await enter(stage, "mara");
  const answer = mara.page.waitForResponse((response) => new URL(response.url()).pathname.startsWith("/a/r/"));
  await followLink(stage.shop, mara, link);
  expect((await answer).status()).toBe(302);
  expect(new URL((await (await answer).allHeaders())["location"] ?? "").searchParams.has("ref_token")).toBe(true);
  await mara.page.waitForFunction(() => document.cookie.includes("gw_ref="));
  expect(mara.page.url(), "the token is taken out of the address").toBe(`${stage.shop.origin}/`);
  await lookAt(mara, "mara-arrives");
  return mara;
}

/** Mara signs up two days later and orders an hour after that; Dan sees her come along. */
export async function maraSignsUpAndBuys(stage: Stage, dan: Person, mara: Person): Promise<void> {
  await letTimePass(stage, "P2D");
  await signUp(stage.shop, mara, { firstName: "Mara", lastName: "Lind", email: "mara@mail.example" });
  await letTimePass(stage, "PT1H");
  await openFriendsPage(stage.shop, dan);
  await dan.page.getByText("We are waiting for their first order.").waitFor();
  await buyABox(stage.shop, mara, MARAS_HOME);
  await mara.page.locator("#referral-link, s-banner").first().waitFor({ state: "attached" });
  await lookAt(mara, "mara-has-ordered");
  await letTimePass(stage, "PT1H");
  await openFriendsPage(stage.shop, dan);
  await friendRow(dan, "Mara", "Your reward comes when the return period is over.");
  await dan.page.getByText("Your rewards appear here, with their codes.").waitFor();
  await lookAt(dan, "dan-waits");
}

/** Fourteen days go by on the front page; each has one code, and one mail in which it stands. */
export async function bothAreRewarded(stage: Stage, dan: Person, mara: Person): Promise<void> {
  const visitor = await enter(stage, "visitor");
  await visitor.page.goto(stage.frontUrl);
  await lookAt(visitor, "front-page");
  await visitor.page.getByRole("button", { name: "Fourteen days on" }).click();
  await visitor.page.getByText("Time has moved.").waitFor();
  await calm(stage);
  const codes = [];
  for (const [person, greeting] of [
    [dan, "dan-is-rewarded"],
    [mara, "mara-is-rewarded"],
  ] as const) {
    await openFriendsPage(stage.shop, person);
    const shown = await shownCodes(person);
    expect(shown, `one code for ${person.name}`).toHaveLength(1);
    codes.push(...shown);
    await person.page.getByText("£10 off", { exact: true }).scrollIntoViewIfNeeded();
    await lookAt(person, greeting);
  }
  expect(new Set(codes).size).toBe(2);
  await readTheMail(stage, visitor, codes);
}

async function readTheMail(stage: Stage, visitor: Person, codes: readonly string[]): Promise<void> {
  const { page } = visitor;
  await page.goto(`${stage.frontUrl}mail`);
  const mails = page.getByRole("navigation", { name: "Mails" }).getByRole("link");
  expect(await mails.count(), "one thank-you each").toBe(2);
  const texts: string[] = [];
  for (let number = 0; number < 2; number += 1) {
    await mails.nth(number).click();
    texts.push((await page.locator("article pre").textContent()) ?? "");
  }
  for (const code of codes)
    expect(
      texts.filter((text) => text.includes(code)),
      `the mail with ${code}`,
    ).toHaveLength(1);
  await lookAt(visitor, "mail");
}

/** Dan buys once more, then makes a second account in his own browser and pays with his card. */
export async function danTriesASecondAccount(stage: Stage, dan: Person, link: string): Promise<void> {
  await buyABox(stage.shop, dan, DANS_HOME);
  await calm(stage);
  await logOut(stage.shop, dan);
  await followLink(stage.shop, dan, link);
  await signUp(stage.shop, dan, { firstName: "Danny", lastName: "Arch", email: "danny@mail.example" });
  await letTimePass(stage, "PT1H");
  await buyABox(stage.shop, dan, DANNYS_OFFICE);
  await letTimePass(stage, "PT1H");
  await logOut(stage.shop, dan);
  await logIn(stage.shop, dan, DAN);
  await openFriendsPage(stage.shop, dan);
  await friendRow(dan, "Danny", "This one does not count under the terms of the offer.");
}

/** Priya's link brings Ben, who pays with her card. Time alone never pays that. */
export async function coupleSharesACard(stage: Stage): Promise<{ priya: Person; ben: Person }> {
  const priya = await enter(stage, "priya");
  await logIn(stage.shop, priya, PRIYA);
  const card = await buyABox(stage.shop, priya, PRIYAS_HOME);
  await openFriendsPage(stage.shop, priya);
  const ben = await enter(stage, "ben");
  await followLink(stage.shop, ben, await shownLink(priya));
  await signUp(stage.shop, ben, { firstName: "Ben", lastName: "Hale", email: "ben@mail.example" });
  await letTimePass(stage, "PT1H");
  await buyABox(stage.shop, ben, { ...BENS_WORK, card });
  await letTimePass(stage, "PT1H");
  await openFriendsPage(stage.shop, priya);
  await friendRow(priya, "Ben", "The shop is having a look at this one.");
  await letTimePass(stage, "P15D");
  await openFriendsPage(stage.shop, priya);
  await friendRow(priya, "Ben", "The shop is having a look at this one.");
  await lookAt(priya, "priya-waits");
  return { priya, ben };
}

/** Both of the couple have their code. */
export async function coupleIsRewarded(stage: Stage, priya: Person, ben: Person): Promise<void> {
  await calm(stage);
  for (const person of [priya, ben]) {
    await openFriendsPage(stage.shop, person);
    expect(await shownCodes(person), `one code for ${person.name}`).toHaveLength(1);
  }
  await friendRow(priya, "Ben", "Their order was kept, and the rewards were given.");
}

/** Ines signs up by Dan's link and never buys, somebody only taps it: 33 days later it has lapsed, and nobody was paid. */
export async function idleLinksLapse(stage: Stage, dan: Person, link: string): Promise<void> {
  const ines = await enter(stage, "ines");
  await followLink(stage.shop, ines, link);
  await signUp(stage.shop, ines, { firstName: "Ines", lastName: "Moura", email: "ines@mail.example" });
  const passerBy = await enter(stage, "passer-by");
  await followLink(stage.shop, passerBy, link);
  await letTimePass(stage, "P33D");
  await openFriendsPage(stage.shop, dan);
  // who never ordered has no name here: names are learned from orders
  await friendRow(dan, /Ines|A friend/, "No first order came in time.");
  expect(await shownCodes(dan), "Dan has the one code he had").toHaveLength(1);
  await lookAt(dan, "dan-sees-all");
}

async function friendRow({ page }: Person, friend: string | RegExp, words: string): Promise<void> {
  const row = page.getByRole("listitem").filter({ hasText: friend }).filter({ hasText: words });
  await row.waitFor();
  await row.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
}
