import { onTestFinished, expect, test } from "vitest";
import { verifyJwt } from "../oauth/jwt.ts";
import { openShop, type OpenShop } from "../storefront/open-shop.ts";
import { createCustomer } from "../world/customers.ts";
import { createDiscount } from "../world/discounts.ts";
import { placeOrder } from "../world/orders.ts";

async function freshShop(): Promise<OpenShop> {
  const open = await openShop();
  onTestFinished(() => open.close());
  return open;
}

function frameOf(page: string): URL {
  const src = /<iframe[^>]* src="([^"]+)"/s.exec(page)?.[1] ?? "";
  return new URL(src.replaceAll("&amp;", "&"));
}

test("the admin frames the app's page of the address with a fresh id token each time", async () => {
  const { browser, world } = await freshShop();
  const admin = browser("admin.localhost:4600");
  const first = frameOf((await admin("/store/freshbox/apps/goodword/referrals?state=HELD")).body);
  const second = frameOf((await admin("/store/freshbox/apps/goodword/referrals?state=HELD")).body);
  expect(first.href.startsWith(`${world.app.appUrl}/app/referrals?state=HELD&`)).toBe(true);
  expect(first.searchParams.get("shop")).toBe("freshbox.myshopify.com");
  expect(first.searchParams.get("id_token")).not.toBe(second.searchParams.get("id_token"));
  expect(verifyJwt(first.searchParams.get("id_token") ?? "", "hush")).toMatchObject({
    aud: "key",
    dest: "https://freshbox.myshopify.com",
  });
});

test("the admin is reached by path on any host too", async () => {
  const { browser } = await freshShop();
  expect(frameOf((await browser("127.0.0.1")("/_admin/freshbox/apps/goodword")).body).pathname).toBe("/app");
});

test("the bridge gets id tokens for a shop that is there, and none for another", async () => {
  const { browser } = await freshShop();
  const ask = browser("localhost");
  const given = await ask("/_bridge/id-token?shop=freshbox.myshopify.com");
  expect(given.headers["access-control-allow-origin"]).toBe("*");
  expect(verifyJwt(String(JSON.parse(given.body).idToken), "hush")).toMatchObject({
    iss: "https://freshbox.myshopify.com/admin",
  });
  expect((await ask("/_bridge/id-token?shop=other.myshopify.com")).status).toBeGreaterThanOrEqual(400);
});

test("the discounts page lists every code with its uses", async () => {
  const { browser, world, shop } = await freshShop();
  createDiscount(world, shop, {
    title: "Friends",
    code: "K7Q2PXM4",
    value: { kind: "percentage", basisPoints: 1000 },
    usageLimit: 1,
  });
  const { body } = await browser("admin.localhost")("/store/freshbox/discounts");
  expect(body).toContain("K7Q2PXM4");
  expect(body).toContain("0 of 1");
  expect(body).toContain("10 % off");
});

test("an order and a customer have pages with the app's block, which knows what it stands beside", async () => {
  const { browser, world, shop } = await freshShop();
  const dan = createCustomer(world, shop, { email: "dan@mail.example", firstName: "Dan" });
  const { order } = placeOrder(world, shop, {
    customerId: dan.id,
    lines: [{ title: "Box", priceMinor: 1000n, quantity: 1 }],
    paid: true,
  });
  const ask = browser("admin.localhost");
  expect((await ask("/store/freshbox/orders")).body).toContain(`/store/freshbox/orders/${order.id}"`);
  const page = (await ask(`/store/freshbox/orders/${order.id}`)).body;
  expect(page).toContain("admin.order-details.block.render");
  expect(page).toContain(`gid://shopify/Order/${order.id}`);
  const customer = (await ask(`/store/freshbox/customers/${dan.id}`)).body;
  expect(customer).toContain("admin.customer-details.block.render");
  expect(customer).toContain(`#${order.number}`);
  expect((await ask("/store/freshbox/orders/1")).status).toBe(404);
});
