import { onTestFinished, expect, test } from "vitest";
import { signProxyQuery } from "../proxy/sign.ts";
import { createCustomer } from "../world/customers.ts";
import { openShop, type OpenShop } from "./open-shop.ts";

async function freshShop(): Promise<OpenShop> {
  const open = await openShop();
  onTestFinished(() => open.close());
  return open;
}

test("the storefront forwards the app's path signed, without cookies, and with the buyer's address and host", async () => {
  const open = await freshShop();
  await open.browser()("/a/r/7QK2A?extra=1&extra=2", {
    headers: { cookie: "secret=1", "x-forwarded-for": "198.51.100.7" },
  });
  const [heard] = open.heard;
  const query = new URL(heard?.url ?? "", "http://app").searchParams;
  expect(heard?.url).toMatch(/^\/proxy\/7QK2A\?extra=1&extra=2&/);
  expect(query.get("signature")).toBe(signProxyQuery(query, "hush"));
  expect(query.get("logged_in_customer_id")).toBe("");
  expect(heard?.headers).toMatchObject({ "x-forwarded-for": "198.51.100.7", "x-forwarded-host": "freshbox.localhost" });
  expect(heard?.headers.cookie).toBeUndefined();
});

test("the storefront names the logged-in customer to the app and passes a posted body on byte for byte", async () => {
  const open = await freshShop();
  const dan = createCustomer(open.world, open.shop, { email: "dan@example.com" });
  const browser = open.browser();
  await browser("/account/login", { form: { email: "dan@example.com" } });
  await browser("/a/r/api/bind", { json: { tokens: ["t1"], device: "d" } });
  const heard = open.heard.at(-1);
  expect(heard).toMatchObject({ method: "POST", body: '{"tokens":["t1"],"device":"d"}' });
  expect(new URL(heard?.url ?? "", "http://app").searchParams.get("logged_in_customer_id")).toBe(dan.id);
});

test("the storefront passes a redirect on and strips the headers that Shopify strips", async () => {
  const open = await freshShop();
  open.app = {
    status: 302,
    headers: {
      location: "http://freshbox.localhost/?ref_token=t",
      "set-cookie": "app=1",
      "cache-control": "no-store",
      "x-powered-by": "us",
    },
    body: "",
  };
  const answer = await open.browser()("/a/r/7QK2A");
  expect([answer.status, answer.headers.location, answer.headers["cache-control"]]).toEqual([
    302,
    "http://freshbox.localhost/?ref_token=t",
    "no-store",
  ]);
  expect(String(answer.headers["set-cookie"])).not.toContain("app=1");
  expect(answer.headers["x-powered-by"]).toBeUndefined();
});

test("the storefront follows redirects itself when the switch says so", async () => {
  const open = await freshShop();
  open.app = { status: 302, headers: { location: "http://freshbox.localhost/products/family-box" }, body: "" };
  const browser = open.browser();
  await browser("/_control/proxy", { json: { followRedirects: true } });
  const answer = await browser("/a/r/7QK2A");
  expect(answer.status).toBe(200);
  expect(answer.body).toContain("Family box");
});

test("the storefront shows Liquid of the app inside the theme", async () => {
  const open = await freshShop();
  open.app = { status: 200, headers: { "content-type": "application/liquid" }, body: "<h1>Join us</h1>" };
  const { body } = await open.browser()("/a/r/join");
  expect(body).toContain("<h1>Join us</h1>");
  expect(body).toContain("shop.css");
});

test("a page reached through the proxy is not the landing page, the one after it is", async () => {
  const open = await freshShop();
  open.app = { status: 302, headers: { location: "http://freshbox.localhost/?ref_token=t" }, body: "" };
  const browser = open.browser();
  await browser("/a/r/7QK2A");
  await browser("/?ref_token=t");
  const box = [...open.shop.products.values()][0];
  await browser("/cart/add.js", { json: { id: Number(box?.variantId) } });
  await browser("/checkout", {
    form: { email: "m@example.com", last_name: "L", address1: "1 A", city: "B", zip: "C", payment: "paypal" },
  });
  expect([...open.shop.orders.values()].map((order) => order.landingSite)).toEqual(["/?ref_token=t"]);
});

test("a person of the front page keeps a session of their own, at an address of their own", async () => {
  const open = await freshShop();
  const dan = createCustomer(open.world, open.shop, { email: "dan@example.com", firstName: "Dan" });
  const browser = open.browser();
  await browser(`/_identity/dan?customer=${dan.id}`);
  await browser("/a/r/7QK2A");
  await browser("/_identity/mara");
  await browser("/a/r/7QK2A");
  const [first, second] = open.heard.map(({ url, headers }) => [
    new URL(url, "http://app").searchParams.get("logged_in_customer_id"),
    headers["x-forwarded-for"],
  ]);
  expect([first?.[0], second?.[0]]).toEqual([dan.id, ""]);
  expect(first?.[1]).not.toBe(second?.[1]);
  await browser("/_identity/dan");
  expect((await browser("/account")).body).toContain("Hello, Dan");
});

test("an identity page leads to a path of the shop only", async () => {
  const { browser } = await freshShop();
  expect((await browser()("/_identity/dan?to=//evil.example")).body).not.toContain("evil.example");
});
