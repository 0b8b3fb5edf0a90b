import { join } from "node:path";
import { EXTENSIONS_FOLDER, textsOf } from "../../simulator/extensions/catalogue.ts";
import { lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** The longest words and the densest script; the other languages are read where there is more on the page. */
const LOCALES = ["de", "ja"] as const;

/** A text of the account page in a language, as the extension itself has it. */
function textOf(locale: string, key: string): string {
  const texts = textsOf(join(EXTENSIONS_FOLDER, "referral-account"), locale);
  return String(key.split(".").reduce<unknown>((node, part) => Reflect.get(Object(node), part), texts));
}

/** Somebody whose link nobody has followed yet sees a page that says so. */
export async function readsAnEmptyPage(stage: Stage, person: Person): Promise<void> {
  const { page } = person;
  for (const locale of LOCALES) {
    await page.goto(`${stage.shop.origin}/account/referrals?locale=${locale}`);
    const none = page.getByText(textOf(locale, "friends.none"));
    await none.waitFor();
    await none.scrollIntoViewIfNeeded();
    await lookAt(person, `account-empty-${locale}`);
  }
}

/** Somebody whose network breaks is told so, and has a way to try again that works. */
export async function readsThatTheNetworkIsGone(stage: Stage, person: Person): Promise<void> {
  const { page } = person;
  const calls = "**/api/customer/**";
  for (const locale of LOCALES) {
    await page.route(calls, (route) => route.abort("failed"));
    await page.goto(`${stage.shop.origin}/account/referrals?locale=${locale}`);
    await page.getByText(textOf(locale, "notice.unreachable.heading")).waitFor();
    await lookAt(person, `account-cut-off-${locale}`);
    await page.unroute(calls);
    await page.getByRole("button", { name: textOf(locale, "retry") }).click();
    await page.getByText(textOf(locale, "friends.none")).waitFor();
  }
}

/** Somebody who has an account and has not bought yet is told when there will be a link. */
export async function readsBuyFirst(stage: Stage, person: Person): Promise<void> {
  await person.page.goto(`${stage.shop.origin}/account/referrals`);
  await person.page.getByText(textOf("en", "notice.buy_first.heading")).waitFor();
  await lookAt(person, "account-buy-first");
}
