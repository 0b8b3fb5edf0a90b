import { expect } from "vitest";
import { appOf, choose, filterBy, openApp, pageShown, toastGone } from "./admin.ts";
import { keepPicture, lookAt } from "./person.ts";
import type { Person } from "./person.ts";
import { enter } from "./stage.ts";
import type { Stage } from "./stage.ts";

const TABS_MAX = 40;

/** The merchant opens the app and finds the numbers of the story so far: one tap, one friend, one rewarded, £20 given. */
export async function merchantSeesTheFirstReferral(stage: Stage): Promise<Person> {
  const merchant = await enter(stage, "merchant");
  await openApp(stage.adminUrl, merchant);
  const app = appOf(merchant);
  const rows = await app.locator(".gw-funnel__row").allInnerTexts();
  expect(rows.map((row) => row.replace(/\s+/g, " "))).toEqual([
    "Taps on links 1",
    "Friends signed up 1",
    "Friends rewarded 1",
  ]);
  await app.getByText("£20.00").first().waitFor();
  await lookAt(merchant, "admin-first-days");
  await choose(merchant, "Referrals");
  await filterBy(merchant, "Rewarded");
  await app.getByRole("link", { name: "Mara" }).click();
  await pageShown(merchant, /^Mara/);
  await app.getByRole("heading", { name: "Both sides were rewarded" }).waitFor();
  await app.getByText(/The last valid tap was on/).waitFor();
  expect(await app.locator(".gw-timeline__event").count(), "a story in several events").toBeGreaterThanOrEqual(4);
  expect(await app.getByText("£10.00 off").count(), "both sides' rewards").toBe(2);
  if (stage.width === 1280) await keepPicture(merchant, "hero");
  await lookAt(merchant, "admin-referral");
  return merchant;
}

/** Danny's referral is listed as rejected, with the reason in words and the rule that decided. */
export async function merchantSeesTheReason(merchant: Person): Promise<void> {
  const app = appOf(merchant);
  await choose(merchant, "Referrals");
  await filterBy(merchant, "Rejected");
  await app.getByText("Same card and same browser as the referrer").first().waitFor();
  await lookAt(merchant, "admin-rejected");
  await app.getByRole("link", { name: "Danny" }).click();
  await pageShown(merchant, /^Danny/);
  await app.getByText("Same card and browser", { exact: true }).waitFor();
  await app.getByText("Nothing is owed to either side.").or(app.getByText("Not owed").first()).waitFor();
  await lookAt(merchant, "admin-rejected-referral");
}

/** The couple waits in Review, with the evidence; one press approves. On the wide page that is done by keyboard alone. */
export async function merchantApproves(merchant: Person): Promise<void> {
  const app = appOf(merchant);
  await choose(merchant, "Review");
  await app.getByRole("heading", { name: /Ben, referred by Priya/ }).waitFor();
  await app.getByText("Same card", { exact: true }).waitFor();
  await app.getByText(/Couples and families share cards/).waitFor();
  await lookAt(merchant, "admin-review");
  if (merchant.width === 360) await app.getByRole("button", { name: "Approve" }).tap();
  else await pressByKeyboard(merchant, "Approve");
  await app.getByText("Nothing waits for you").waitFor();
  await app.getByText("Your decision was recorded").waitFor();
  await lookAt(merchant, "admin-review-done");
}

async function pressByKeyboard(merchant: Person, label: string): Promise<void> {
  const button = appOf(merchant).getByRole("button", { name: label });
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    await merchant.page.keyboard.press("Tab");
    if (await button.evaluate((element) => element === document.activeElement && element.matches(":focus-visible"))) {
      await merchant.page.keyboard.press("Enter");
      return;
    }
  }
  throw new Error(`"${label}" is not reached within ${String(TABS_MAX)} presses of Tab`);
}

/** The merchant raises the referrer's amount; the save bar saves it as a new version. */
export async function merchantChangesTheOffer(merchant: Person): Promise<void> {
  const app = appOf(merchant);
  await choose(merchant, "Programme");
  await app.getByText("Version 2.").waitFor();
  await app.getByLabel("Amount").first().fill("15.00");
  await app.getByRole("region", { name: "Unsaved changes" }).waitFor();
  await app.getByText(/£15/).first().waitFor();
  await toastGone(merchant);
  await lookAt(merchant, "admin-programme");
  await app.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" }).click();
  await app.getByText("Version 3.").waitFor();
  await app.getByText("Saved as version 3").waitFor();
  expect(await app.getByLabel("Amount").first().inputValue()).toMatch(/^15(\.00)?$/);
  expect(await app.getByRole("region", { name: "Unsaved changes" }).count(), "nothing is left unsaved").toBe(0);
  await lookAt(merchant, "admin-programme-saved");
  await toastGone(merchant);
}

/** At the end every referral is in the list with its end, and home counts them all. */
export async function merchantSeesItAll(stage: Stage, merchant: Person): Promise<void> {
  const app = appOf(merchant);
  await choose(merchant, "Referrals");
  for (const friend of ["Mara", "Danny", "Ben"]) await app.getByRole("link", { name: friend }).waitFor();
  await lookAt(merchant, "admin-referrals");
  await filterBy(merchant, "Expired");
  await app.getByText("No first order in time").first().waitFor();
  await choose(merchant, "Health");
  await lookAt(merchant, "admin-health");
  await openApp(stage.adminUrl, merchant);
  const rows = await app.locator(".gw-funnel__row").allInnerTexts();
  expect(rows.map((row) => row.replace(/\s+/g, " "))).toEqual([
    "Taps on links 5",
    "Friends signed up 4",
    "Friends rewarded 2",
  ]);
  await lookAt(merchant, "admin-home");
}
