import { expect } from "vitest";
import { appOf, choose, openApp, pageShown, press } from "./admin.ts";
import { lookAt, openPerson } from "./person.ts";
import type { Person, Width } from "./person.ts";
import { calm, enter, letTimePass } from "./stage.ts";
import type { Stage } from "./stage.ts";
import { buyABox, followLink, logIn, openFriendsPage, shownCodes, shownLink, signUp } from "./storefront.ts";

const PRIYA = "priya@freshbox-friends.example";
const PRIYAS_HOME = { address: "3 Harbour Row", town: "Bristol", postcode: "BS1 6QA" };
const NOAHS_HOME = { address: "18 Castle Street", town: "Exeter", postcode: "EX4 3PT" };
const ASKED = "You have asked the shop to look again.";

export type Appealed = {
  readonly priya: Person;
  readonly noah: Person;
  /** Orders by their number in Shopify: the referrer's own, and the friend's that counted for nobody. */
  readonly orders: { readonly own: string; readonly friends: string };
};

/** Noah signs up by Priya's link and makes up his mind when it has run out: his order counts for nobody. */
export async function noahOrdersTooLate(stage: Stage): Promise<Appealed> {
  const priya = await enterAt(stage, "priya", 360);
  await logIn(stage.shop, priya, PRIYA);
  await buyABox(stage.shop, priya, PRIYAS_HOME);
  const own = await orderNumber(priya);
  await openFriendsPage(stage.shop, priya);
  const noah = await enter(stage, "noah");
  await followLink(stage.shop, noah, await shownLink(priya));
  await signUp(stage.shop, noah, { firstName: "Noah", lastName: "Reed", email: "noah@mail.example" });
  await letTimePass(stage, "P33D");
  await buyABox(stage.shop, noah, NOAHS_HOME);
  const friends = await orderNumber(noah);
  await calm(stage);
  return { priya, noah, orders: { own, friends } };
}

/** Priya asks for another look from her account page, on her telephone; asking is possible once. */
export async function priyaAppeals(stage: Stage, priya: Person): Promise<void> {
  await openFriendsPage(stage.shop, priya);
  const row = priya.page.getByRole("listitem").filter({ hasText: "No first order came in time." }).first();
  await row.getByText("Ask for another look").click();
  await row.getByRole("combobox").selectOption("order_kept");
  await lookAt(priya, "account-appeal");
  await row.getByRole("button", { name: "Ask the shop" }).click();
  await row.getByText(ASKED).waitFor();
  await priya.page.reload();
  await row.getByText(ASKED).waitFor();
  await row.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
  await lookAt(priya, "account-appealed");
}

/** The appeal waits in Review, on either width of window. @returns the merchant at the wide one */
export async function merchantFindsTheAppeal(stage: Stage): Promise<Person> {
  const merchants = [await enterAt(stage, "merchant-on-the-way", 360), await enter(stage, "merchant")] as const;
  for (const merchant of merchants) {
    await openApp(stage.adminUrl, merchant);
    await choose(merchant, "Review");
    await appOf(merchant)
      .getByText(/The referrer says: the order was paid for and kept/)
      .waitFor();
    await lookAt(merchant, "admin-appeal");
  }
  return merchants[1];
}

/** An order that shows nothing is refused with its reason; the friend's own opens the referral, and closes the appeal. */
export async function merchantAnswersIt(merchant: Person, { orders }: Appealed): Promise<void> {
  const app = appOf(merchant);
  const number = app.getByLabel("The friend's order");
  const open = app.getByRole("button", { name: "Open a referral" });
  await press(merchant, open);
  await app.getByText("Give the order's number and a reason.").waitFor();
  await number.fill(orders.own);
  await app.getByLabel("Why this friend counts").fill("Noah signed up by the link and bought three days late");
  await press(merchant, open);
  await app.getByText("That is this customer's own order.").waitFor();
  await lookAt(merchant, "admin-appeal-refused");
  await number.fill(orders.friends);
  await press(merchant, open);
  await app.getByText("The referral was opened").waitFor();
  await app.getByText("Nothing waits for you").waitFor();
  await app.getByText("Referral opened", { exact: true }).waitFor();
  await lookAt(merchant, "admin-appeal-answered");
}

/** It cools off like any other, and both are paid once; Priya reads on her page that it counted. */
export async function bothArePaid(stage: Stage, merchant: Person, { priya, noah }: Appealed): Promise<void> {
  await openFriendsPage(stage.shop, noah);
  expect(await shownCodes(noah), "nothing is paid before the return period is over").toHaveLength(0);
  await letTimePass(stage, "P15D");
  for (const person of [priya, noah]) {
    await openFriendsPage(stage.shop, person);
    expect(await shownCodes(person), `one code for ${person.name}`).toHaveLength(1);
  }
  const row = priya.page.getByText("Their order was kept, and the rewards were given.");
  await row.waitFor();
  await row.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
  await lookAt(priya, "account-appeal-paid");
  await choose(merchant, "Referrals");
  await appOf(merchant).getByRole("link", { name: "Noah" }).first().click();
  await pageShown(merchant, /^Noah/);
  await appOf(merchant).getByText("Opened by hand").first().waitFor();
  await appOf(merchant).getByRole("heading", { name: "Both sides were rewarded" }).waitFor();
  await lookAt(merchant, "admin-appeal-paid");
}

async function enterAt(stage: Stage, name: string, width: Width): Promise<Person> {
  const person = await openPerson(stage.browser, name, width);
  stage.people.push(person);
  return person;
}

/** The number of the order that was just placed, as the page hands it to the shop's apps. */
async function orderNumber({ page }: Person): Promise<string> {
  const number = /gid:\/\/shopify\/Order\/(\d+)/.exec(await page.content())?.[1];
  if (number === undefined) throw new Error("the thank-you page names no order");
  return number;
}
