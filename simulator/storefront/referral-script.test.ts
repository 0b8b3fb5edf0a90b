import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { newFakeBrowser, openFakePage, REFERRAL_SCRIPT_URL } from "./fake-page.ts";

const DEVICE = "11111111-2222-4333-8444-555555555555";

test("the storefront script is at most 4 KB gzipped and names no other origin", () => {
  const source = readFileSync(REFERRAL_SCRIPT_URL);
  expect(gzipSync(source).length).toBeLessThanOrEqual(4096);
  expect(source.toString()).not.toMatch(/https?:\/\//);
});

test("the storefront script takes the token from the address and leaves the rest of it", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, { url: "https://freshbox.example/pages/box?size=small&ref_token=tok-1#top" });
  await page.settled();
  expect(page.href()).toBe("https://freshbox.example/pages/box?size=small#top");
  expect(browser.cookies.get("gw_ref")).toBe("tok-1");
  expect(browser.local.get("gw_ref")).toBe("tok-1");
  expect(Object.fromEntries(browser.cart)).toEqual({ _ref_token: "tok-1", _ref_device: DEVICE });
});

test("the storefront script keeps the five newest tokens, newest first, each once", async () => {
  const browser = newFakeBrowser();
  for (const token of ["t1", "t2", "t3", "t2", "t4", "t5", "t6"]) {
    await openFakePage(browser, { url: `https://freshbox.example/?ref_token=${token}` }).settled();
  }
  expect(browser.cart.get("_ref_token")).toBe("t6,t5,t4,t2,t3");
});

test("the storefront script keeps the tokens when one of its two stores is emptied", async () => {
  const browser = newFakeBrowser();
  await openFakePage(browser, { url: "https://freshbox.example/?ref_token=tok-1" }).settled();
  browser.cookies.clear();
  browser.cart.clear();
  await openFakePage(browser).settled();
  expect(browser.cart.get("_ref_token")).toBe("tok-1");
  expect(browser.cookies.get("gw_ref")).toBe("tok-1");
});

test("the storefront script drops a token that no app of ours could have written", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=%3Cscript%3E" });
  await page.settled();
  expect(page.href()).toBe("https://freshbox.example/");
  expect(page.calls).toEqual([]);
});

test("the storefront script asks the shop nothing when the visitor came by no link", async () => {
  const page = openFakePage(newFakeBrowser(), { customer: true });
  await page.settled();
  expect(page.calls).toEqual([]);
});

test("the storefront script puts the attributes back when a theme replaced them, and writes no more than needed", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=tok-1" });
  await page.settled();
  browser.cart.clear();
  page.fire({ type: "shopify:cart:attributes-update", promise: Promise.resolve({}) });
  await page.settled();
  expect(browser.cart.get("_ref_token")).toBe("tok-1");
  const writesBefore = page.calls.filter((call) => call.url === "/cart/update.js").length;
  page.fire({ type: "shopify:cart:lines-update", promise: Promise.reject(new Error("the cart declined it")) });
  await page.settled();
  expect(page.calls.filter((call) => call.url === "/cart/update.js")).toHaveLength(writesBefore);
});

test("the storefront script binds a logged-in customer once per set of tokens and session", async () => {
  const browser = newFakeBrowser();
  const binds = [];
  for (const path of ["/?ref_token=t1", "/", "/?ref_token=t2", "/"]) {
    const page = openFakePage(browser, {
      url: `https://freshbox.example${path}`,
      customer: true,
      proxyRoot: "/apps/friends",
    });
    await page.settled();
    binds.push(...page.calls.filter((call) => call.url === "/apps/friends/api/bind").map((call) => call.body));
  }
  expect(binds).toEqual([
    { tokens: ["t1"], device: DEVICE },
    { tokens: ["t2", "t1"], device: DEVICE },
  ]);
});

test("the storefront script binds the next customer too when another one logs out in between", async () => {
  const browser = newFakeBrowser();
  const binds = [];
  for (const customer of [true, false, true]) {
    const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=t1", customer });
    await page.settled();
    binds.push(...page.calls.filter((call) => call.url === "/a/r/api/bind"));
  }
  expect(binds).toHaveLength(2);
});

test("the storefront script binds again on the next page when the app could not be reached", async () => {
  const browser = newFakeBrowser();
  const url = "https://freshbox.example/?ref_token=t1";
  await openFakePage(browser, { url, customer: true, statuses: { "/a/r/api/bind": 503 } }).settled();
  const page = openFakePage(browser, { customer: true });
  await page.settled();
  expect(page.calls.map((call) => call.url)).toContain("/a/r/api/bind");
});

test("the storefront script marks when the checkout began, and keeps that time for the same checkout", async () => {
  const browser = newFakeBrowser();
  const target = { closest: () => ({ href: "/checkout" }) };
  const times = [];
  for (const now of ["2026-11-20T10:00:00.000Z", "2026-11-20T10:20:00.000Z", "2026-11-20T12:00:00.000Z"]) {
    const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=t1", now });
    await page.settled();
    page.fire({ type: "click", target });
    await page.settled();
    times.push(browser.cart.get("_ref_cart_at"));
  }
  expect(times).toEqual(["2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.000Z", "2026-11-20T12:00:00.000Z"]);
});

test("the storefront script lets the cart form carry the attributes when it is submitted to the checkout", async () => {
  const fields: { name?: string; value?: string }[] = [];
  const form = {
    action: "https://freshbox.example/cart",
    elements: { namedItem: () => null },
    append: (field: object) => void fields.push(field),
  };
  const page = openFakePage(newFakeBrowser(), { url: "https://freshbox.example/cart?ref_token=t1" });
  await page.settled();
  page.fire({ type: "submit", target: form, submitter: { name: "checkout" } });
  expect(fields.map((field) => [field.name, field.value])).toEqual([
    ["attributes[_ref_token]", "t1"],
    ["attributes[_ref_device]", DEVICE],
    ["attributes[_ref_cart_at]", "2026-11-20T10:00:00.000Z"],
  ]);
});

/** A form as the script sees it, and what it gets appended. */
function fakeForm(action: string, values: Record<string, string> = {}) {
  const fields: { name?: string; value?: string; type?: string }[] = [];
  const known = new Map(Object.entries(values).map(([name, value]) => [name, { value }]));
  const form = {
    action,
    elements: { namedItem: (name: string) => known.get(name) ?? null },
    append: (field: object) => void fields.push(field),
  };
  return { form, fields };
}

test("the storefront script puts the newest link into a classic registration form, hidden", async () => {
  const page = openFakePage(newFakeBrowser(), { url: "https://freshbox.example/account/register?ref_token=t2" });
  await page.settled();
  const { form, fields } = fakeForm("https://freshbox.example/account", { form_type: "create_customer" });
  page.fire({ type: "submit", target: form });
  expect(fields.map(({ type, name, value }) => [type, name, value])).toEqual([
    ["hidden", "customer[note][ref_token]", "t2"],
  ]);
});

test.each([
  ["a newsletter's form", { form_type: "customer" }, {}],
  ["a search", {}, {}],
  ["a registration without consent", { form_type: "create_customer" }, { marketingAllowed: false }],
  ["a registration of somebody who came by no link", { form_type: "create_customer" }, { url: "https://f.example/" }],
])("the storefront script leaves %s alone", async (_what, values, options) => {
  const page = openFakePage(newFakeBrowser(), { url: "https://freshbox.example/?ref_token=t2", ...options });
  await page.settled();
  const { form, fields } = fakeForm("https://freshbox.example/account", values);
  page.fire({ type: "submit", target: form });
  expect(fields).toEqual([]);
});

test("the storefront script stops after twenty cart writes when another script keeps undoing them", async () => {
  const browser = newFakeBrowser();
  const page = openFakePage(browser, { url: "https://freshbox.example/?ref_token=t1" });
  for (let round = 0; round < 30; round += 1) {
    await page.settled();
    browser.cart.clear();
    page.fire({ type: "shopify:cart:attributes-update" });
  }
  await page.settled();
  expect(page.calls.filter((call) => call.url === "/cart/update.js")).toHaveLength(20);
});
