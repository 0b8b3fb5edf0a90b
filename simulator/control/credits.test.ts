import { expect, onTestFinished, test } from "vitest";
import { API_KEY, API_SECRET } from "../fidelity/harness.ts";
import { startSimulator } from "../server.ts";

/** A shop with a customer, and what staff may do there by hand. */
async function openShop() {
  const running = await startSimulator({
    port: 0,
    appUrl: "http://127.0.0.1:1",
    apiKey: API_KEY,
    apiSecret: API_SECRET,
  });
  onTestFinished(() => running.close());
  const call = async (path: string, body?: object) => {
    const sent = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await fetch(`${running.url}/_control/${path}`, body === undefined ? {} : sent);
    return { status: response.status, body: await response.json() };
  };
  await call("shops", { shop: "freshbox", name: "FreshBox", currency: "GBP" });
  const shop = "freshbox.myshopify.com";
  const customer = await call("customers", { shop, email: "mara@example.com" });
  return { call, shop, customerId: String(customer.body.id) };
}

test("staff make a gift card and switch it off", async () => {
  const { call, shop } = await openShop();
  const { body: made } = await call("gift-cards", { shop, amount: "25.00" });
  expect((await call(`witness?shop=${shop}`)).body.giftCards).toMatchObject([{ id: made.id, amount: "25.00" }]);
  expect(await call("gift-cards/switch-off", { shop, id: made.id })).toMatchObject({ status: 200 });
  expect(await call("gift-cards/switch-off", { shop, id: "1" })).toMatchObject({ status: 404 });
});

test("staff raise a customer's store credit, and one credit goes away", async () => {
  const { call, shop, customerId } = await openShop();
  const { body: first } = await call("store-credits", { shop, customerId, amount: "10.00" });
  const { body: second } = await call("store-credits", { shop, customerId, amount: "5.00" });
  expect(await call("store-credits/remove", { shop, id: first.id })).toMatchObject({ status: 200 });
  expect((await call(`witness?shop=${shop}`)).body.storeCredits).toMatchObject([{ id: second.id, amount: "5.00" }]);
  expect(await call("store-credits/remove", { shop, id: first.id })).toMatchObject({ status: 404 });
});
