import { expect, test } from "vitest";
import { newFakeBrowser, openFakePage } from "./fake-page.ts";

const DEVICE = "11111111-2222-4333-8444-555555555555";

test("the storefront script names the browser of a logged-in customer, and of nobody who came by no link", async () => {
  for (const customer of [true, false]) {
    const browser = newFakeBrowser();
    await openFakePage(browser, { customer }).settled();
    expect(browser.local.get("gw_device")).toBe(customer ? DEVICE : undefined);
  }
  const refused = newFakeBrowser();
  await openFakePage(refused, { customer: true, marketingAllowed: false }).settled();
  expect(refused.local.size).toBe(0);
});

test("the storefront script stores nothing while marketing is not allowed, and all once it is", async () => {
  const browser = newFakeBrowser();
  const options = { url: "https://freshbox.example/?ref_token=tok-1", marketingAllowed: false };
  const page = openFakePage(browser, options);
  await page.settled();
  expect([browser.cookies.size, browser.local.size, page.calls.length]).toEqual([0, 0, 0]);
  options.marketingAllowed = true;
  page.fire({ type: "visitorConsentCollected", detail: { marketingAllowed: true } });
  await page.settled();
  expect(browser.local.get("gw_device")).toBe(DEVICE);
  expect(browser.cart.get("_ref_token")).toBe("tok-1");
});

test.each(["never", "with_error"] as const)(
  "the storefront script does nothing while Shopify's privacy API loads %s, whatever happens on the page",
  async (privacyLoads) => {
    const browser = newFakeBrowser();
    const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=t1", privacyLoads, customer: true });
    await page.settled();
    page.fire({ type: "shopify:cart:lines-update", promise: Promise.resolve({}) });
    page.fire({ type: "visibilitychange" });
    page.fire({ type: "click", target: { closest: () => ({ href: "/checkout" }) } });
    await page.settled();
    expect([browser.cookies.size, browser.local.size, page.calls]).toEqual([0, 0, []]);
  },
);

test.each([true, false])("the storefront script waits for the privacy API, which allows marketing: %s", async (yes) => {
  const browser = newFakeBrowser();
  const url = "https://freshbox.example/?ref_token=t1";
  await openFakePage(browser, { url, privacyLoads: "in_time", marketingAllowed: yes }).settled();
  expect(browser.cart.get("_ref_token")).toBe(yes ? "t1" : undefined);
});

test("the storefront script leaves the token in the address until the visitor has answered, and takes it from the page before", async () => {
  const browser = newFakeBrowser();
  const first = { url: "https://freshbox.example/?ref_token=t1", marketingAllowed: false };
  const page = openFakePage(browser, first);
  await page.settled();
  expect([page.href(), page.calls]).toEqual([first.url, []]);
  const second = { url: "https://freshbox.example/cart", referrer: first.url, marketingAllowed: false };
  const next = openFakePage(browser, second);
  second.marketingAllowed = true;
  next.fire({ type: "visitorConsentCollected", detail: { marketingAllowed: true } });
  await next.settled();
  expect(browser.local.get("gw_ref")).toBe("t1");
  page.fire({ type: "visitorConsentCollected", detail: { marketingAllowed: false } });
  await page.settled();
  expect(page.href()).toBe("https://freshbox.example/");
});

test("the storefront script takes the token out of the address of a visitor who refused before", async () => {
  const browser = newFakeBrowser();
  const refused = { marketingAllowed: false, hasRefused: true };
  const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=t1", ...refused });
  await page.settled();
  expect([page.href(), page.calls, browser.local.size]).toEqual(["https://freshbox.example/", [], 0]);
});

test("the storefront script forgets everything, on the cart too, when consent is withdrawn", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=tok-1", marketingAllowed: true });
  await page.settled();
  page.fire({ type: "visitorConsentCollected", detail: { marketingAllowed: false } });
  await page.settled();
  expect([browser.cookies.size, browser.local.size, browser.cart.size]).toEqual([0, 0, 0]);
});

test("the storefront script claims nothing while marketing is not allowed", async () => {
  const page = openFakePage(newFakeBrowser(), {
    url: "https://freshbox.example/?ref_token=tok-1",
    marketingAllowed: false,
    claim: { welcomeCode: "WELCOME1", offer: {} },
  });
  await page.settled();
  expect(page.calls.filter(({ url }) => url === "/a/r/api/claim")).toEqual([]);
});
