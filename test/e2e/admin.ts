import type { FrameLocator, Locator } from "playwright-core";
import type { Person } from "./person.ts";

/** The app inside Shopify's admin. */
export function appOf({ page }: Person): FrameLocator {
  return page.frameLocator("#app");
}

/** Opens the app in the admin, as a click on its name in the menu does. */
export async function openApp(adminUrl: string, merchant: Person): Promise<void> {
  await merchant.page.goto(adminUrl);
  await pageShown(merchant, "Goodword");
}

/** Goes to a page of the app by the admin's own menu, which App Bridge has filled. */
export async function choose(merchant: Person, entry: string): Promise<void> {
  const { page } = merchant;
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await press(merchant, menu);
  await press(merchant, page.getByRole("navigation", { name: "Shop" }).getByRole("link", { name: entry, exact: true }));
  await pageShown(merchant, entry);
}

/** Waits until a page of the app is there, by its title. */
export async function pageShown(merchant: Person, title: string | RegExp): Promise<void> {
  await appOf(merchant).getByRole("heading", { level: 1, name: title }).waitFor();
  await merchant.page.locator("#loading:not(.on)").waitFor({ state: "attached" });
}

/** Filters the list of referrals by a tab. */
export async function filterBy(merchant: Person, state: string): Promise<void> {
  const tab = appOf(merchant).getByRole("tab", { name: new RegExp(`^${state} \\(`) });
  await press(merchant, tab);
  await appOf(merchant)
    .getByRole("tab", { name: new RegExp(`^${state} \\(`), selected: true })
    .waitFor();
}

/** With a finger on the narrow page, with a mouse on the wide one. */
export async function press(merchant: Person, target: Locator): Promise<void> {
  if (merchant.width === 360) await target.tap();
  else await target.click();
}

/** Waits until a short message has been read and is gone. */
export async function toastGone(merchant: Person): Promise<void> {
  await appOf(merchant).locator(".bridge-toast").waitFor({ state: "detached" });
}
