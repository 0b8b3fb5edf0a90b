import { expect } from "vitest";
import { createObserver } from "../../proof/oracle/observer.ts";
import { enter } from "./stage.ts";
import type { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** Names of what the storefront script keeps in a browser. The simulator's own, by which it tells people apart, are left out. */
export type Kept = {
  readonly cookies: readonly string[];
  readonly local: readonly string[];
  readonly session: readonly string[];
};

/** Reads what scripts of the page have kept in this browser. */
export function whatIsKept({ page }: Person): Promise<Kept> {
  return page.evaluate(() => {
    const ours = (name: string): boolean => name.startsWith("gw_");
    const pairs = document.cookie.split("; ").map((pair) => pair.split("=")[0] ?? "");
    return {
      cookies: pairs.filter(ours),
      local: Object.keys(localStorage).filter(ours).toSorted(),
      session: Object.keys(sessionStorage).filter(ours).toSorted(),
    };
  });
}

/** The basket as Shopify's Ajax API has it. */
export async function cartOf({ page }: Person): Promise<{ attributes: Record<string, string>; codes: string[] }> {
  return page.evaluate(async () => {
    const cart = await (await fetch("/cart.js")).json();
    return { attributes: cart.attributes, codes: cart.discount_codes.map(({ code }: { code: string }) => code) };
  });
}

/** Nothing of ours is in the browser or on the basket. */
export async function expectNothingKept(person: Person, when: string): Promise<void> {
  expect(await whatIsKept(person), `kept ${when}`).toEqual({ cookies: [], local: [], session: [] });
  expect((await cartOf(person)).attributes, `on the basket ${when}`).toEqual({});
}

/** What is documented is in the browser, and the same token on the basket, with the welcome code. */
export async function expectKept(person: Person): Promise<void> {
  const { page } = person;
  await page.waitForFunction(() => localStorage.getItem("gw_claimed") !== null);
  const kept = await whatIsKept(person);
  expect(kept).toMatchObject({ cookies: ["gw_ref"], local: ["gw_claimed", "gw_device", "gw_ref"] });
  const { attributes, codes } = await cartOf(person);
  const stored = await page.evaluate(() => [localStorage.getItem("gw_ref"), localStorage.getItem("gw_device")]);
  expect([attributes["_ref_token"], attributes["_ref_device"]]).toEqual(stored);
  expect(codes, "the welcome code waits on the basket").toHaveLength(1);
}

/** The merchant opens the newest order in the admin and reads the app's block beside it. @returns the merchant */
export async function newestOrderSays(stage: Stage, words: string): Promise<Person> {
  const known = stage.people.find(({ name }) => name === "merchant");
  const merchant = known ?? (await enter(stage, "merchant"));
  const { page } = merchant;
  await page.goto(`${new URL(stage.adminUrl).origin}/store/freshbox/orders`);
  await page.getByRole("rowheader").getByRole("link").first().click();
  await page.getByRole("heading", { level: 2, name: "Referral" }).waitFor();
  await page.getByText(words).waitFor();
  return merchant;
}

/** By what the order that the merchant looks at was credited, or why it was not; as the database has it. */
export async function howItCounted(stage: Stage): Promise<string | null> {
  const merchant = stage.people.find(({ name }) => name === "merchant");
  const orderId = BigInt(new URL(merchant?.page.url() ?? "").pathname.split("/").at(-1) ?? "");
  const observer = createObserver(stage.stack.databaseUrl);
  try {
    const [row] = await observer.query(
      `SELECT coalesce(
         (SELECT evidence->>'carrier' FROM referrals WHERE qualifying_order = ${orderId}),
         (SELECT reason FROM attributions WHERE order_id = ${orderId} ORDER BY at DESC, id DESC LIMIT 1)) AS counted`,
    );
    const counted = row?.["counted"];
    return typeof counted === "string" ? counted : null;
  } finally {
    await observer.close();
  }
}
