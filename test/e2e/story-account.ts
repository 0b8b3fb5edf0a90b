import { lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** The longest words and the densest script; the other languages are read where there is more on the page. */
const LANGUAGES = [
  {
    locale: "de",
    none: "Über deinen Link ist noch niemand gekommen.",
    cutOff: "Dein Link konnte nicht geladen werden",
    retry: "Erneut versuchen",
  },
  {
    locale: "ja",
    none: "まだあなたのリンクから来た方はいません。",
    cutOff: "リンクを読み込めませんでした",
    retry: "もう一度試す",
  },
] as const;

/** Somebody whose link nobody has followed yet sees a page that says so. */
export async function readsAnEmptyPage(stage: Stage, person: Person): Promise<void> {
  const { page } = person;
  for (const { locale, none } of LANGUAGES) {
    await page.goto(`${stage.shop.origin}/account/referrals?locale=${locale}`);
    await page.getByText(none).scrollIntoViewIfNeeded();
    await lookAt(person, `account-empty-${locale}`);
  }
}

/** Somebody whose network breaks is told so, and has a way to try again that works. */
export async function readsThatTheNetworkIsGone(stage: Stage, person: Person): Promise<void> {
  const { page } = person;
  const calls = "**/api/customer/**";
  for (const { locale, none, cutOff, retry } of LANGUAGES) {
    await page.route(calls, (route) => route.abort("failed"));
    await page.goto(`${stage.shop.origin}/account/referrals?locale=${locale}`);
    await page.getByText(cutOff).waitFor();
    await lookAt(person, `account-cut-off-${locale}`);
    await page.unroute(calls);
    await page.getByRole("button", { name: retry }).click();
    await page.getByText(none).waitFor();
  }
}

/** Somebody who has an account and has not bought yet is told when there will be a link. */
export async function readsBuyFirst(stage: Stage, person: Person): Promise<void> {
  await person.page.goto(`${stage.shop.origin}/account/referrals`);
  await person.page.getByText("Your link comes with your first order").waitFor();
  await lookAt(person, "account-buy-first");
}
