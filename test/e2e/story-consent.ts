import { expect } from "vitest";
import { lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import { readsAnEmptyPage, readsBuyFirst, readsThatTheNetworkIsGone } from "./story-account.ts";
import { calm, changeTerms, enter, letTimePass } from "./stage.ts";
import type { Stage } from "./stage.ts";
import { buyABox, followLink, inAHurry, logIn, openFriendsPage, shownLink, signUp, tapUntil } from "./storefront.ts";
import { cartOf, expectKept, expectNothingKept, howItCounted, newestOrderSays, whatIsKept } from "./traces.ts";

const PRODUCT = "/products/family-box";
const DAN = "dan@freshbox-friends.example";
const PRIYA = "priya@freshbox-friends.example";
const MARAS_HOME = { address: "7 Orchard Way", town: "Bath", postcode: "BA1 2QH" };
const NORAS_HOME = { address: "31 Castle Street", town: "Exeter", postcode: "EX4 3PL" };
const IVYS_HOME = { address: "5 Ferry Road", town: "Cardiff", postcode: "CF10 5BZ" };

/** On the front page, somebody switches the question on. */
export async function shopAsksForConsent(stage: Stage): Promise<void> {
  const visitor = await enter(stage, "visitor");
  await visitor.page.goto(stage.frontUrl);
  await visitor.page.getByRole("button", { name: "Switch on: Ask for consent" }).click();
  const off = visitor.page.getByRole("button", { name: "Switch off: Ask for consent" });
  await off.waitFor();
  await off.scrollIntoViewIfNeeded();
  await lookAt(visitor, "front-page-harder");
}

/** Dan logs in and takes his link; he is asked, and says yes. @returns the link */
export async function danTakesHisLink(stage: Stage): Promise<string> {
  const dan = await enter(stage, "dan");
  await logIn(stage.shop, dan, DAN);
  await dan.page.getByRole("button", { name: "Accept" }).click();
  await openFriendsPage(stage.shop, dan);
  return shownLink(dan);
}

/** Mara follows the link to a product. Before she answers nothing is kept; once she accepts, all is, and the offer is told. */
export async function maraAccepts(stage: Stage, link: string): Promise<Person> {
  const mara = await enter(stage, "mara");
  const { page } = mara;
  await tapUntil(mara, PRODUCT, () => followLink(stage.shop, mara, link));
  await page.getByRole("dialog", { name: "Cookies, if you like" }).waitFor();
  await expectNothingKept(mara, "before she has answered");
  expect(new URL(page.url()).searchParams.has("ref_token"), "a reload finds the tap again").toBe(true);
  await lookAt(mara, "friend-is-asked");
  await page.reload();
  await page.getByRole("button", { name: "Accept" }).click();
  const banner = page.getByRole("status").filter({ hasText: "Dan gave you £10 off" });
  await banner.waitFor();
  expect(page.url(), "the token has left the address").toBe(`${stage.shop.origin}${PRODUCT}`);
  await expectKept(mara);
  await lookAt(mara, "friend-banner");
  await dismissByKeyboard(mara);
  await page.reload();
  await page.waitForLoadState("networkidle");
  expect(await banner.count(), "told once").toBe(0);
  return mara;
}

/** With Tab and Enter alone, from the top of the page. */
async function dismissByKeyboard({ page }: Person): Promise<void> {
  const close = page.getByRole("button", { name: "Dismiss" });
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    if (await close.evaluate((button) => button === document.activeElement)) break;
  }
  await page.keyboard.press("Enter");
  await close.waitFor({ state: "detached", timeout: 5_000 });
}

/** Mara signs up and buys; her welcome discount is on the order without typing, and the order is Dan's. */
export async function maraBuysWithHerDiscount(stage: Stage, mara: Person): Promise<void> {
  await signUp(stage.shop, mara, { firstName: "Mara", lastName: "Lind", email: "mara@mail.example" });
  await readsBuyFirst(stage, mara);
  await letTimePass(stage, "PT1H");
  await buyABox(stage.shop, mara, MARAS_HOME);
  await mara.page.getByText("−£10.00").waitFor();
  await calm(stage);
  await newestOrderSays(stage, "Referred by Dan");
  expect(await howItCounted(stage)).toBe("account_bind");
}

/** In the footer Mara changes her mind: everything is forgotten, on the basket too. */
export async function maraTakesItBack(stage: Stage, mara: Person): Promise<void> {
  const { page } = mara;
  await page.goto(`${stage.shop.origin}/`);
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "Cookie choices" }).click();
  await page.getByRole("button", { name: "Decline" }).click();
  await expect.poll(() => whatIsKept(mara)).toEqual({ cookies: [], local: [], session: [] });
  await expect.poll(async () => (await cartOf(mara)).attributes).toEqual({});
}

/**
 * Nora refuses on the product's page. Nothing is kept, and her order is nobody's: only the first page's address carries the tap,
 * and without consent no page of hers may say that it was seen (ADR 39).
 */
export async function noraRefuses(stage: Stage, link: string): Promise<void> {
  const nora = await enter(stage, "nora");
  await followLink(stage.shop, nora, link);
  await nora.page.getByRole("button", { name: "Decline" }).click();
  await nora.page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(new URL(nora.page.url()).search, "the token has left the address").toBe("");
  await buyABox(stage.shop, nora, { ...NORAS_HOME, email: "nora@mail.example", name: "Nora" }, inAHurry);
  await expectNothingKept(nora, "after she refused");
  await letTimePass(stage, "PT27H");
  await newestOrderSays(stage, "No referral belongs to this order.");
  expect(await howItCounted(stage)).toBe("forced");
}

/** Priya's link leads to the landing page. Nobody has followed it yet, and her page says so. @returns the link */
export async function priyaTakesHerLink(stage: Stage): Promise<string> {
  await changeTerms(stage.stack, { landing_path: "/a/r/join" });
  const priya = await enter(stage, "priya");
  await logIn(stage.shop, priya, PRIYA);
  await priya.page.getByRole("button", { name: "Decline" }).click();
  await openFriendsPage(stage.shop, priya);
  const link = await shownLink(priya);
  await readsAnEmptyPage(stage, priya);
  await readsThatTheNetworkIsGone(stage, priya);
  return link;
}

/** Ivy refuses too; the code that she is given on the landing page needs no consent. */
export async function ivyRefusesAndTakesACode(stage: Stage, link: string): Promise<void> {
  const ivy = await enter(stage, "ivy");
  const { page } = ivy;
  await tapUntil(ivy, "/a/r/join", () => followLink(stage.shop, ivy, link));
  await page.getByRole("button", { name: "Decline" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await lookAt(ivy, "friend-landing");
  await page.getByLabel("E-mail").fill("ivy@mail.example");
  await page.getByRole("button", { name: "Get £10 off" }).click();
  await page.getByRole("link", { name: "Use it now" }).waitFor();
  await lookAt(ivy, "friend-landing-code");
  await page.getByRole("link", { name: "Use it now" }).click();
  await page.waitForURL(`${stage.shop.origin}/`);
  await buyABox(stage.shop, ivy, { ...IVYS_HOME, email: "ivy@mail.example", name: "Ivy" }, inAHurry);
  await page.getByText("−£10.00").waitFor();
  await expectNothingKept(ivy, "after she refused");
  await calm(stage);
  await newestOrderSays(stage, "Referred by Priya");
  expect(await howItCounted(stage)).toBe("welcome_code");
}
