import { expect } from "vitest";
import { inspect, keepPicture, lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** Each language with words of its own: the page, a friend who was paid for, one whose time ran out. */
const LANGUAGES = [
  { locale: "en", heading: "Refer a friend", paid: "Rewarded", lapsed: "No first order came in time." },
  { locale: "de", heading: "Freunde werben", paid: "Belohnt", lapsed: "keine erste Bestellung innerhalb der Frist" },
  { locale: "fr", heading: "Parrainer un ami", paid: "Récompensé", lapsed: "Aucune première commande" },
  { locale: "es", heading: "Invita a un amigo", paid: "Recompensado", lapsed: "No llegó un primer pedido a tiempo." },
  { locale: "nl", heading: "Vrienden uitnodigen", paid: "Beloond", lapsed: "niet op tijd een eerste bestelling" },
  { locale: "ja", heading: "お友達紹介", paid: "特典付与済み", lapsed: "期限内に初回のご注文がありませんでした" },
] as const;

/** Dan's page, with all that came of his link, in every language that the extension speaks. */
export async function danReadsItInSixLanguages(stage: Stage, dan: Person): Promise<void> {
  const { page } = dan;
  for (const { locale, heading, paid, lapsed } of LANGUAGES) {
    await page.goto(`${stage.shop.origin}/account/referrals?locale=${locale}`);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await page.getByText(paid, { exact: true }).first().waitFor();
    await page.getByText(lapsed).first().waitFor();
    expect(await page.locator(".extension").getAttribute("lang")).toBe(locale);
    await lookAt(dan, `account-${locale}`);
    await page.getByText(paid, { exact: true }).first().scrollIntoViewIfNeeded();
    await keepPicture(dan, `account-${locale}-friends-360`);
  }
}

/** The network between Dan and the app breaks, says so, and is there again when he tries again. */
export async function danIsCutOff(stage: Stage, dan: Person): Promise<void> {
  const { page } = dan;
  const calls = "**/api/customer/**";
  await page.route(calls, (route) => route.abort("failed"));
  await page.goto(`${stage.shop.origin}/account/referrals`);
  await page.getByText("Your link could not be fetched").waitFor();
  await lookAt(dan, "account-cut-off");
  await page.unroute(calls);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Your rewards" }).waitFor();
}

/** Dan asks for another look at the friend whose time ran out; asking is possible once. */
export async function danAppeals(stage: Stage, dan: Person): Promise<void> {
  const { page } = dan;
  const row = page.getByRole("listitem").filter({ hasText: "No first order came in time." }).first();
  await row.getByText("Ask for another look").click();
  await row.getByRole("combobox").selectOption("new_customer");
  await inspect(dan, "appeal");
  await row.getByRole("button", { name: "Ask the shop" }).click();
  await row.getByText("You have asked the shop to look again.").waitFor();
  await page.goto(`${stage.shop.origin}/account/referrals`);
  await row.getByText("You have asked the shop to look again.").waitFor();
}

/** Dan asks for other words, then writes his own; what he copies and sends is what stands. */
export async function danChoosesHisWords(stage: Stage, dan: Person): Promise<void> {
  const { page } = dan;
  await page.goto(`${stage.shop.origin}/account/referrals`);
  await page.getByRole("button", { name: "Other words" }).click();
  await page.getByText("These words go out with your link now.").waitFor();
  await page.getByText("Write it yourself").click();
  const field = page.getByLabel(/^Your message/);
  const link = /https?:\S+\/a\/r\/\w+/.exec(await field.inputValue())?.[0] ?? "";
  const own = `Their vegetables made my whole week, do have a look here: ${link} and tell me what you think`;
  await field.fill(own);
  await lookAt(dan, "account-own-words");
  await page.getByRole("button", { name: "Use my words" }).click();
  await page.getByText(own).first().waitFor();
}
