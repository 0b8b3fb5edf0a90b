import { createTransport } from "nodemailer";
import { expect, onTestFinished, test } from "vitest";
import { API_KEY, API_SECRET, eventually, startFakeApp } from "../fidelity/harness.ts";
import { verifyJwt } from "../oauth/jwt.ts";
import { startSimulator } from "../server.ts";

/** A simulator with a fake app that installs itself, redirects taps and is always settled. */
async function startControlled() {
  const app = await startFakeApp((request, response) => {
    if (request.url.startsWith("/_simulated/settled")) return void response.end('{"settled":true,"waitingFor":{}}');
    if (!request.url.startsWith("/proxy/")) return void response.end("{}");
    response.writeHead(302, { location: "https://shop.example.com/?ref_token=tok_1" });
    return void response.end();
  });
  const running = await startSimulator({
    port: 0,
    smtpPort: 0,
    appUrl: app.url,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
  });
  onTestFinished(async () => {
    await running.close();
    await app.close();
  });
  const call = async (method: string, path: string, body?: object) => {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await fetch(`${running.url}/_control${path}`, { method, ...sent });
    // The control API answers JSON; each test looks at the parts it asked for.
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const post = (path: string, body: object = {}) => call("POST", path, body);
  return { ...running, app, call, post };
}

test("a shop is opened and the app installed through a signed document request of a browser", async () => {
  const { app, post } = await startControlled();
  const { status, body } = await post("/shops", {
    shop: "freshbox.myshopify.com",
    name: "FreshBox",
    currency: "GBP",
    install: true,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ shop: "freshbox.myshopify.com", installed: true, currency: "GBP" });
  const opened = app.received.find(({ url }) => url.startsWith("/app?"));
  expect(opened?.headers["user-agent"]).toContain("Chrome/");
  const url = new URL(opened?.url ?? "", app.url);
  expect(verifyJwt(url.searchParams.get("id_token") ?? "", API_SECRET)).toMatchObject({ aud: API_KEY });
  expect((await post("/shops", { shop: "freshbox" })).status).toBe(409);
});

test("a customer orders, pays, is refunded, and the witness sees every delivery", async () => {
  const { post, call } = await startControlled();
  await post("/shops", { shop: "freshbox", install: true });
  const customer = (await post("/customers", { shop: "freshbox", email: "mara@example.com", firstName: "Mara" })).body;
  const order = (
    await post("/orders", {
      shop: "freshbox.myshopify.com",
      customerId: customer["gid"],
      lines: [{ title: "Box", price: "58.00", quantity: 1 }],
      noteAttributes: [{ name: "_ref_token", value: "tok_1" }],
      card: { bin: "411111", last4: "1111", expMonth: 1, expYear: 2030, brand: "Visa", name: "Mara" },
      paid: false,
    })
  ).body;
  expect(order).toMatchObject({
    total: "58.00",
    financialStatus: "PENDING",
    checkoutToken: expect.any(String),
    cartToken: expect.any(String),
  });
  expect((await post(`/orders/${order["id"]}/pay`)).body).toMatchObject({ financialStatus: "PAID" });
  const gid = encodeURIComponent(order["gid"] ?? "");
  expect((await post(`/orders/${gid}/refund`, { amount: "8.00" })).body).toMatchObject({
    financialStatus: "PARTIALLY_REFUNDED",
  });
  expect((await post(`/orders/${order["id"]}/cancel`)).body).toMatchObject({
    financialStatus: "REFUNDED",
    currentTotal: "0.00",
  });
  const settled = await call("GET", "/settled?timeoutMs=5000");
  expect(settled.body).toMatchObject({ settled: true });
  const witness = (await call("GET", "/witness?shop=freshbox.myshopify.com")).body as unknown as {
    deliveries: { topic: string; status: string }[];
  }; // as the table says
  const topics = witness.deliveries.map(({ topic }) => topic);
  // Risk comes in its own time.
  expect(topics.filter((topic) => topic !== "orders/risk_assessment_changed")).toEqual([
    "customers/create",
    "orders/create",
    "orders/paid",
    "refunds/create",
    "refunds/create",
    "orders/cancelled",
  ]);
  expect(topics).toContain("orders/risk_assessment_changed");
  expect(witness.deliveries.every(({ status }) => status === "delivered")).toBe(true);
});

test("a tap goes through the app proxy and its token comes back", async () => {
  const { post, app } = await startControlled();
  await post("/shops", { shop: "freshbox" });
  const { body } = await post("/click", {
    shop: "freshbox",
    code: "DAN42",
    ip: "198.51.100.7",
    userAgent: "Phone",
    customerId: "77",
  });
  expect(body).toMatchObject({ status: 302, location: "https://shop.example.com/?ref_token=tok_1", token: "tok_1" });
  const tap = app.received.find(({ url }) => url.startsWith("/proxy/DAN42?"));
  expect(tap?.headers).toMatchObject({
    "x-forwarded-for": "198.51.100.7",
    "user-agent": "Phone",
    "x-forwarded-host": expect.stringContaining("freshbox.localhost"),
  });
  expect(tap?.url).toContain("logged_in_customer_id=77");
  const sent = await post("/proxy/request", {
    shop: "freshbox",
    path: "api/bind",
    body: { tokens: ["tok_1"] },
    customerId: "77",
  });
  expect(sent.body).toMatchObject({ status: 302 });
  expect(app.received.at(-1)).toMatchObject({ method: "POST", body: '{"tokens":["tok_1"]}' });
});

test("the clock moves by a duration or to an instant, and refuses anything else", async () => {
  const { post, call } = await startControlled();
  const before = Date.parse((await call("GET", "/clock")).body["now"] ?? "");
  const after = Date.parse((await post("/clock", { advance: "P14D" })).body["now"] ?? "");
  expect(Math.round((after - before) / 86_400_000)).toBe(14);
  expect((await post("/clock", { now: "2030-01-01T00:00:00Z" })).body["now"]).toMatch(/^2030-01-01T00:00:0/);
  expect((await post("/clock", { advance: "P1M" })).status).toBe(400);
});

test("customers merge, are updated and asked about, and each gives out session tokens", async () => {
  const { post, world } = await startControlled();
  await post("/shops", { shop: "freshbox" });
  const kept = (await post("/customers", { shop: "freshbox", email: "a@example.com", pastOrders: 2, silent: true }))
    .body;
  const gone = (await post("/customers", { shop: "freshbox", email: "b@example.com" })).body;
  expect((await post(`/customers/${gone["id"]}/update`, { firstName: "Bo" })).body).toMatchObject({ firstName: "Bo" });
  expect((await post(`/customers/${gone["id"]}/merge`, { into: kept["gid"] })).body).toMatchObject({ id: kept["id"] });
  expect((await post(`/customers/${kept["id"]}/redact`)).status).toBe(200);
  expect((await post(`/customers/${kept["id"]}/data_request`)).status).toBe(200);
  const { token } = (await post(`/customers/${gone["id"]}/session-token`)).body;
  expect(verifyJwt(token ?? "", API_SECRET)).toMatchObject({ sub: kept["gid"], dest: "freshbox.myshopify.com" });
  const foreign = (await post(`/customers/${kept["id"]}/session-token`, { audience: "other" })).body["token"];
  expect(verifyJwt(foreign ?? "", API_SECRET)).toMatchObject({ aud: "other" });
  expect(verifyJwt((await post("/shops/freshbox/id-token")).body["token"] ?? "", API_SECRET)).toMatchObject({
    aud: API_KEY,
  });
  expect(world.shops.get("freshbox.myshopify.com")?.orders.size).toBe(2);
});

test("faults hit as often as they are told to, and can be cleared", async () => {
  const { post, call, url } = await startControlled();
  await post("/shops", { shop: "freshbox", install: true });
  const ask = () =>
    fetch(`${url}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-sim-shop": "freshbox.myshopify.com" },
      body: '{"query":"{ shop { name } }"}',
    });
  await post("/faults", { route: "graphql", kind: "5xx", count: 1 });
  await post("/faults", { route: "graphql:shop", kind: "429", count: 1 });
  await post("/faults", { route: "graphql:orders", kind: "reset" });
  expect((await ask()).status).toBe(503);
  expect((await ask()).status).toBe(429);
  expect((await ask()).status).toBe(401);
  await post("/faults", { route: "graphql", kind: "reset", count: 1 });
  await expect(ask()).rejects.toThrow();
  expect((await call("DELETE", "/faults")).body).toEqual([]);
});

test("an answer may show nothing of what is there, a token may end in mid-run, and what struck is counted", async () => {
  const { post, call, url, world } = await startControlled();
  await post("/shops", { shop: "freshbox", install: true });
  const installation = world.shops.get("freshbox.myshopify.com")?.installation;
  const token = { token: "t", mode: "offline", scopes: [], expiresAtMs: null, refreshToken: null } as const;
  installation?.accessTokens.set("t", token);
  const ask = async () => {
    const headers = { "x-sim-shop": "freshbox.myshopify.com", "x-shopify-access-token": "t" };
    const init = { method: "POST", body: '{"query":"{ shop { name } }"}' };
    const answer = await fetch(`${url}/admin/api/2026-10/graphql.json`, {
      ...init,
      headers: { ...headers, "content-type": "application/json" },
    });
    const body: unknown = await answer.json();
    return [answer.status, body];
  };
  await post("/faults", { route: "graphql:shop", kind: "not_found", count: 1 });
  await post("/faults", { route: "graphql:shop", kind: "401", count: 1 });
  expect(await ask()).toMatchObject([200, { data: { shop: null } }]);
  expect((await ask())[0]).toBe(401);
  expect(installation?.accessTokens.has("t")).toBe(false);
  expect((await ask())[0]).toBe(401);
  expect((await call("GET", "/faults/struck")).body).toEqual({ not_found: 1, "401": 1 });
});

test("a time-out after applying leaves the work done and the caller without an answer", async () => {
  const { post, url, world } = await startControlled();
  await post("/shops", { shop: "freshbox", install: true });
  await post("/faults", { route: "graphql:discountCodeBasicCreate", kind: "timeout_after_apply", ms: 50, count: 1 });
  const shop = world.shops.get("freshbox.myshopify.com");
  shop?.installation?.accessTokens.set("t", {
    token: "t",
    mode: "offline",
    scopes: ["write_discounts"],
    expiresAtMs: null,
    refreshToken: null,
  });
  const query = `mutation { discountCodeBasicCreate(basicCodeDiscount: { title: "T", code: "C", customerGets: { value: { percentage: 0.1 } } }) { userErrors { code } } }`;
  const headers = {
    "content-type": "application/json",
    "x-sim-shop": "freshbox.myshopify.com",
    "x-shopify-access-token": "t",
  };
  await expect(
    fetch(`${url}/admin/api/2026-10/graphql.json`, { method: "POST", headers, body: JSON.stringify({ query }) }),
  ).rejects.toThrow();
  expect(shop?.discounts.size).toBe(1);
});

test("mails that the app sends are kept for the witness", async () => {
  const { call, smtpPort } = await startControlled();
  const transport = createTransport({ host: "127.0.0.1", port: smtpPort ?? 0, secure: false });
  await transport.sendMail({
    from: "shop@example.com",
    to: "dan@example.com",
    subject: "Thank you",
    text: "Here is £10.",
    html: "<p>Here is £10.</p>",
  });
  transport.close();
  expect((await call("GET", "/witness")).body).toMatchObject({
    mails: [{ to: "dan@example.com", subject: "Thank you", text: expect.stringContaining("£10") }],
  });
});

test.each([
  ["an unknown shop", "/customers", { shop: "nowhere" }, 404],
  ["an order without lines", "/orders", { shop: "freshbox", lines: [] }, 400],
  ["an unreadable price", "/orders", { shop: "freshbox", lines: [{ title: "Box", price: "ten" }] }, 400],
  ["an order that is not there", "/orders/1/pay", {}, 404],
])("the control API refuses %s with a message", async (_what, path, body, status) => {
  const { post } = await startControlled();
  await post("/shops", { shop: "freshbox" });
  const answer = await post(path, body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error: { message: expect.any(String) } });
});

test("many customers and orders come in one call, each heard of as if it had come alone", async () => {
  const { app, post } = await startControlled();
  await post("/shops", { shop: "freshbox", install: true });
  await post("/webhooks", { shop: "freshbox", copies: 3, freshIds: 0.34 });
  const customers = ["ada", "ben"].map((name) => ({ shop: "freshbox", email: `${name}@example.com`, firstName: name }));
  const joined = await post("/customers/many", { customers, sessionTokens: true });
  const people = joined.body["customers"] as unknown as { id: string; sessionToken: string }[]; // the API's own answer
  expect(verifyJwt(people[0]?.sessionToken ?? "", API_SECRET)).toMatchObject({ dest: "freshbox.myshopify.com" });
  const lines = [{ title: "Box", price: "42.00" }];
  const orders = people.map(({ id }) => ({ shop: "freshbox", customerId: id, lines, silent: true, paid: false }));
  const placed = await post("/orders/many", { orders, thenPay: true });
  expect(placed.body["orders"]).toMatchObject(people.map(({ id }) => ({ customerId: id, financialStatus: "PAID" })));
  await eventually(() => app.received.filter(({ url }) => url === "/webhooks").length === 12);
  const told = Map.groupBy(app.received, ({ headers }) => String(headers["x-shopify-topic"]));
  expect(told.get("customers/create")).toHaveLength(6);
  expect(new Set(told.get("orders/paid")?.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(4);
  expect((await post("/orders/many", { orders: [{ shop: "freshbox", lines: [] }] })).status).toBe(400);
});
