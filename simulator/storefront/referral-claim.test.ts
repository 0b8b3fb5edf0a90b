import { expect, test } from "vitest";
import { newFakeBrowser, openFakePage } from "./fake-page.ts";
import type { FakeElement } from "./fake-page.ts";

const DEVICE = "11111111-2222-4333-8444-555555555555";
const CLAIM_URL = "/a/r/api/claim";
const LANDING = "https://freshbox.example/?ref_token=tok-1";
const OFFERED = { welcomeCode: "WELCOME1", offer: {} };
const GIVEN = { ...OFFERED, from: "Dan", offer: { friend: "£10 off" } };

test("the storefront script claims the newest link's offer once, and puts the code on the cart", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, { url: LANDING, claim: OFFERED });
  await page.settled();
  const claims = page.calls.filter(({ url }) => url === CLAIM_URL);
  expect(claims.map(({ body }) => body)).toEqual([{ token: "tok-1", device: DEVICE, cart: "cart", locale: "en" }]);
  expect(page.calls.map(({ url }) => url)).toContain("/discount/WELCOME1?redirect=%2Fcart.js");
  expect(browser.discountCodes).toEqual(["WELCOME1"]);
  const later = openFakePage(browser, { claim: OFFERED });
  await later.settled();
  expect(later.calls.filter(({ url }) => url === CLAIM_URL)).toEqual([]);
});

test("the storefront script leaves a code that the visitor has, and a refusal is not asked about again", async () => {
  const browser = newFakeBrowser();
  browser.discountCodes = ["SPRING"];
  await openFakePage(browser, { url: LANDING, claim: OFFERED }).settled();
  expect(browser.discountCodes).toEqual(["SPRING"]);
  const refused = newFakeBrowser();
  await openFakePage(refused, { url: LANDING, statuses: { [CLAIM_URL]: 403 } }).settled();
  const later = openFakePage(refused);
  await later.settled();
  expect(later.calls.filter(({ url }) => url === CLAIM_URL)).toEqual([]);
});

test.each([
  ["the shop has no code at the moment", { claim: { welcomeCode: null, retry: true } }],
  ["too much was asked", { statuses: { [CLAIM_URL]: 429 } }],
  ["the app is away", { statuses: { [CLAIM_URL]: 502 } }],
])("the storefront script claims again on the next page when %s", async (_when, options) => {
  const browser = newFakeBrowser();
  await openFakePage(browser, { url: LANDING, ...options }).settled();
  await openFakePage(browser, { claim: OFFERED }).settled();
  expect(browser.discountCodes).toEqual(["WELCOME1"]);
});

test("the storefront script says once who gave what, and the visitor can dismiss it", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, {
    url: LANDING,
    claim: GIVEN,
  });
  await page.settled();
  const [banner] = page.shown;
  const close = banner?.children[1] as FakeElement; // the button stands after the text
  expect(banner?.children[0]).toBe("Dan gave you £10 off");
  expect(banner?.attributes.get("role")).toBe("status");
  expect(banner?.style.cssText).toContain("position:fixed");
  expect(close.attributes.get("aria-label")).toBe("Dismiss");
  close.onclick?.();
  expect(page.shown).toEqual([]);
  const later = openFakePage(browser, { claim: OFFERED });
  await later.settled();
  expect(later.shown).toEqual([]);
});

test("the storefront script draws no banner over the landing page, which tells the same", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, { url: LANDING, claim: GIVEN, isLanding: true });
  await page.settled();
  expect(page.shown).toEqual([]);
  expect(browser.local.get("gw_claimed")).toBe("tok-1");
});

test.each([
  ["en", "Dan gave you £10 off", "Dismiss"],
  ["de", "Dan schenkt dir: £10 off", "Schließen"],
  ["fr-CA", "Dan t'offre : £10 off", "Fermer"],
  ["es", "Dan te regala: £10 off", "Cerrar"],
  ["nl", "Dan geeft je £10 off", "Sluiten"],
  ["ja", "Danさんからの特典：£10 off", "閉じる"],
])("the banner speaks the page's language and asks for the offer in it: %s", async (locale, text, dismiss) => {
  const page = openFakePage(newFakeBrowser(), { url: LANDING, locale, claim: GIVEN });
  await page.settled();
  const [banner] = page.shown;
  const close = banner?.children[1] as FakeElement; // the button stands after the text
  expect(banner?.children[0]).toBe(text);
  expect(close.attributes.get("aria-label")).toBe(dismiss);
  const asked = page.calls.find(({ url }) => url === CLAIM_URL)?.body;
  expect(asked).toMatchObject({ locale });
});

test("the storefront script speaks of a friend where no name is known, and not at all of a refusal", async () => {
  const page = openFakePage(newFakeBrowser(), {
    url: LANDING,
    claim: { welcomeCode: null, from: null, offer: { friend: "£10 off" } },
  });
  await page.settled();
  expect(page.shown[0]?.children[0]).toBe("A friend gave you £10 off");
  const refused = openFakePage(newFakeBrowser(), {
    url: LANDING,
    claim: { error: { code: "link_expired" } },
    statuses: { [CLAIM_URL]: 403 },
  });
  await refused.settled();
  expect(refused.shown).toEqual([]);
});

test("the storefront script confirms a tap once its page is in sight, and never in a frame or without consent", async () => {
  const seenBy = (page: { calls: { url: string; body: unknown }[] }) =>
    page.calls.filter(({ url }) => url === "/a/r/api/seen").map(({ body }) => body);
  const options = { url: LANDING, hidden: true };
  const page = openFakePage(newFakeBrowser(), options);
  await page.settled();
  expect(seenBy(page)).toEqual([]);
  options.hidden = false;
  for (let turn = 0; turn < 2; turn += 1) {
    page.fire({ type: "visibilitychange" });
    await page.settled();
  }
  expect(seenBy(page)).toEqual([{ token: "tok-1", device: DEVICE }]);
  for (const without of [{ framed: true }, { marketingAllowed: false }]) {
    const other = openFakePage(newFakeBrowser(), { url: LANDING, ...without });
    await other.settled();
    expect(seenBy(other)).toEqual([]);
  }
});
