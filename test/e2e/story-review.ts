import { expect } from "vitest";
import { control } from "../../proof/journey/http.ts";
import { appOf, choose, openApp, pageShown, press, toastGone } from "./admin.ts";
import { lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import { calm, enter, letTimePass } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** The merchant decides the couple's case without touching a mouse: J to the case, A to approve. */
export async function merchantReviewsByKeyboard(stage: Stage): Promise<Person> {
  const merchant = await enter(stage, "merchant");
  await openApp(stage.adminUrl, merchant);
  await choose(merchant, "Review");
  const app = appOf(merchant);
  await app.getByRole("heading", { name: /Ben, referred by Priya/ }).waitFor();
  // As Tab does: what has the focus in the admin around the app gets the keys until then.
  await merchant.page.locator("#app").focus();
  const key = (pressed: string) => merchant.page.keyboard.press(pressed);
  await key("?");
  await app.getByRole("dialog").getByText("Approve this case").waitFor();
  await lookAt(merchant, "admin-review-keys");
  await app.getByRole("dialog").getByRole("button", { name: "Close" }).press("Enter");
  await app.getByRole("dialog").waitFor({ state: "detached" });
  await key("j");
  await app.locator("[data-case]:focus").getByText("Same card", { exact: true }).waitFor();
  await key("a");
  await app.getByText("Nothing waits for you").waitFor();
  await toastGone(merchant);
  return merchant;
}

/** Zoe bought on Priya's word and nothing shows it: the merchant opens the referral by hand, and it is paid like any other. */
export async function merchantOpensByHand(stage: Stage, merchant: Person): Promise<void> {
  const order = await zoeBuys(stage);
  const app = appOf(merchant);
  await choose(merchant, "Review");
  await press(merchant, app.getByRole("link", { name: "See the referrer" }).first());
  await pageShown(merchant, /^Priya/);
  await app.getByLabel("The friend's order").fill(order);
  await app.getByLabel("Why this friend counts").fill("Priya wrote to us, and Zoe says the same");
  await lookAt(merchant, "admin-open-by-hand");
  await press(merchant, app.getByRole("button", { name: "Open a referral" }));
  await app.getByText("The referral was opened").waitFor();
  await letTimePass(stage, "P15D");
  await choose(merchant, "Referrals");
  await app.getByRole("link", { name: "Zoe" }).click();
  await pageShown(merchant, /^Zoe/);
  await app.getByText("Opened by hand").first().waitFor();
  await app.getByRole("heading", { name: "Both sides were rewarded" }).waitFor();
}

/** A rule is bent, tried on the past, and only then saved. */
export async function merchantTriesARule(merchant: Person): Promise<void> {
  const app = appOf(merchant);
  await choose(merchant, "Screen");
  const rule = app.getByRole("group", { name: "Same card", exact: true });
  await rule.getByLabel("When it fires").selectOption({ label: "Only counts" });
  await rule.getByLabel("Weight").fill("10");
  await press(merchant, app.getByRole("button", { name: "Try it" }));
  await app.getByText("1 let through").waitFor();
  expect(await app.getByText(/of \d+ referrals would have come out differently/).count(), "one sentence").toBe(1);
  await lookAt(merchant, "admin-screen");
  await press(merchant, app.getByRole("button", { name: "Save as new version" }));
  await app.getByText(/Saved as version/).waitFor();
  await toastGone(merchant);
  await press(
    merchant,
    app.getByRole("button", { name: "Try two people" }).or(app.getByRole("link", { name: "Try two people" })),
  );
  await pageShown(merchant, "Try two people");
  await app.getByLabel("E-mail").first().fill("priya@mail.example");
  await app.getByLabel("E-mail").last().fill("ben@mail.example");
  await press(merchant, app.getByRole("button", { name: "Try them" }));
  await app.getByText(/Score \d+ of 100/).waitFor();
  await lookAt(merchant, "admin-try-two");
}

/** Zoe buys without any link. @returns her order, digits */
async function zoeBuys(stage: Stage): Promise<string> {
  const shop = "freshbox.myshopify.com";
  const [firstName, email] = ["Zoe", "zoe@mail.example"];
  const zoe = await control(stage.stack, "POST", "customers", { shop, firstName, lastName: "Ash", email });
  const order = await control(stage.stack, "POST", "orders", {
    shop,
    customerId: String(zoe["id"]),
    email,
    lines: [{ title: "Weekly vegetable box", price: "42.00", quantity: 1 }],
    card: { bin: "555555", last4: "1119", expMonth: 7, expYear: 2031, brand: "Mastercard", name: "Z Ash" },
  });
  await calm(stage);
  return String(order["id"]).replace(/^.*\//, "");
}
