import { expect, test } from "vitest";
import { bearer, buildApp, signed, WORTH } from "#test/builders/customer-doors.ts";

const TOKEN = "a".repeat(40);

test("the customer API gives a customer their link, and lets any origin read it", async () => {
  const { app, calls } = buildApp();
  const device = "0b9d1c1e-1111-4222-8333-444455556666";
  const answer = await app.inject({
    method: "POST",
    url: "/api/customer/link",
    headers: bearer(),
    payload: JSON.stringify({ device }),
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({ "access-control-allow-origin": "*", "cache-control": "no-store" });
  expect(answer.json()).toEqual({
    code: "7QK2A",
    link: "https://freshbox.example/a/r/7QK2A",
    invite: "Hi",
    offer: { referrer: "£10", friend: "£10" },
    worth: WORTH,
    qr: "https://freshbox.example/a/r/qr/7QK2A.svg",
  });
  expect(calls).toEqual([{ name: "mintLink", input: { customerId: "7001", device } }]);
});

test.each([
  ["a foreign audience", { aud: "another" }, 401, "foreign_audience"],
  ["no customer", { sub: undefined }, 401, "customer_required"],
  ["an end in the past", { exp: 1 }, 401, "unauthorised"],
  ["a shop without the app", { dest: "other.myshopify.com" }, 404, "shop_unknown"],
])("the customer API refuses a token with %s and calls nothing", async (_what, change, status, code) => {
  const { app, calls } = buildApp();
  const answer = await app.inject({ method: "POST", url: "/api/customer/link", headers: bearer(change) });
  expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
  expect(answer.headers["access-control-allow-origin"]).toBe("*");
  expect(calls).toEqual([]);
});

test("the customer API answers a preflight without a token, and a missing token with 401", async () => {
  const { app } = buildApp();
  const preflight = await app.inject({ method: "OPTIONS", url: "/api/customer/link" });
  expect([preflight.statusCode, preflight.headers["access-control-allow-headers"]]).toEqual([
    204,
    "authorization, content-type",
  ]);
  expect((await app.inject({ method: "GET", url: "/api/customer/status" })).statusCode).toBe(401);
});

test("the customer API says why there is no link", async () => {
  const { app } = buildApp({ mintLink: async () => ({ outcome: "refused", reason: "buy_first" }) });
  const answer = await app.inject({ method: "POST", url: "/api/customer/link", headers: bearer() });
  expect([answer.statusCode, answer.json().error.code]).toEqual([403, "buy_first"]);
});

test("a bind passes on at most five tokens of those that look like tokens", async () => {
  const { app, calls } = buildApp();
  const tokens = [...Array.from({ length: 8 }, (_, index) => `${TOKEN}${String(index)}`), "<script>", 7, null];
  const answer = await app.inject({
    method: "POST",
    url: "/api/customer/bind",
    headers: bearer(),
    payload: JSON.stringify({ tokens, device: "x" }),
  });
  expect(answer.json()).toEqual({ bound: true });
  expect(calls[0]?.input["device"]).toBeNull();
  expect(calls[0]?.input["tokens"]).toEqual(tokens.slice(0, 5));
});

test.each([
  ["that is no JSON", "{"],
  ["that is a list", "[]"],
  ["without tokens", "{}"],
  ["with more than 500 tokens", JSON.stringify({ tokens: Array.from({ length: 501 }, () => TOKEN) })],
  ["with a NUL", '{"tokens":["\u0000"'],
])("a bind with a body %s is a bad request and calls nothing", async (_what, payload) => {
  const { app, calls } = buildApp();
  const answer = await app.inject({ method: "POST", url: "/api/customer/bind", headers: bearer(), payload });
  expect([answer.statusCode, answer.json().error.code, calls.length]).toEqual([400, "bad_request", 0]);
});

test("a body over the limit is refused before it is read", async () => {
  const { app, calls } = buildApp();
  const answer = await app.inject({
    method: "POST",
    url: "/api/customer/bind",
    headers: bearer(),
    payload: "x".repeat(200_000),
  });
  expect([answer.statusCode, answer.json().error.code, calls.length]).toEqual([413, "body_too_large", 0]);
});

test("what a use case throws is answered from the catalogue, without its words", async () => {
  const { app } = buildApp({
    customerStatus: async () => {
      throw new Error("relation people does not exist");
    },
  });
  const answer = await app.inject({ method: "GET", url: "/api/customer/status", headers: bearer() });
  expect([answer.statusCode, answer.json().error.code]).toEqual([500, "internal_error"]);
  expect(answer.body).not.toContain("people");
});

test("the proxy API knows a customer by Shopify's signature", async () => {
  const { app, calls } = buildApp();
  expect((await app.inject({ method: "POST", url: signed("/proxy/api/link") })).json()).toMatchObject({
    code: "7QK2A",
  });
  expect((await app.inject({ method: "GET", url: signed("/proxy/api/status") })).json()).toEqual({
    referrals: [],
    rewards: [],
  });
  const bind = await app.inject({
    method: "POST",
    url: signed("/proxy/api/bind"),
    payload: JSON.stringify({ tokens: [TOKEN] }),
  });
  expect(bind.json()).toEqual({ bound: true });
  expect(calls.map((call) => call.input["customerId"])).toEqual(["7001", "7001"]);
});

test("the proxy API binds nothing for a visitor who is not logged in, and shows nothing", async () => {
  const { app, calls } = buildApp();
  const anonymous = { logged_in_customer_id: "" };
  const bind = await app.inject({
    method: "POST",
    url: signed("/proxy/api/bind", anonymous),
    payload: JSON.stringify({ tokens: [TOKEN] }),
  });
  expect([bind.statusCode, bind.json()]).toEqual([200, { bound: false }]);
  expect((await app.inject({ method: "GET", url: signed("/proxy/api/status", anonymous) })).statusCode).toBe(401);
  expect(calls).toEqual([]);
});

test("the proxy API lets a visitor claim a welcome code, and hands on who and from which network", async () => {
  const { app, calls } = buildApp();
  const anonymous = signed("/proxy/api/claim", { logged_in_customer_id: "" });
  const headers = { "x-forwarded-for": "198.51.100.7" };
  const payload = JSON.stringify({ token: TOKEN, email: "Mara+box@Example.com", cart: "hWN2-5f1c9943?key=9c1f" });
  const answer = await app.inject({ method: "POST", url: anonymous, headers, payload });
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.json()).toEqual({ welcomeCode: "WELCOME1", offer: { referrer: "£10", friend: "£10" }, from: "Dan" });
  const typed = { token: TOKEN, email: "mara@example.com", cartToken: "hWN2-5f1c9943" };
  const claim = { customerId: null, device: null, prefix: "198.51.100", locale: "en", ...typed };
  expect(calls).toEqual([{ name: "claimWelcome", input: claim }]);
});

test("a claim is answered in the language of the page, else of the browser, else of the shop", async () => {
  const { app, calls } = buildApp();
  const ask = (locale: unknown, acceptLanguage?: string) =>
    app.inject({
      method: "POST",
      url: signed("/proxy/api/claim", { logged_in_customer_id: "" }),
      headers: acceptLanguage === undefined ? {} : { "accept-language": acceptLanguage },
      payload: JSON.stringify({ token: TOKEN, locale }),
    });
  await ask("de-AT", "fr");
  await ask(["de"], "sv,nl;q=0.5");
  await ask("pt", "pt-BR");
  expect(calls.map(({ input }) => input["locale"])).toEqual(["de-AT", "nl", "en"]);
});

test("the proxy API answers a flood with 429 and calls nothing", async () => {
  const { app, calls } = buildApp({ limits: { mayAsk: () => false, mayClaim: () => true } });
  for (const path of ["link", "claim", "bind", "seen"]) {
    const answer = await app.inject({ method: "POST", url: signed(`/proxy/api/${path}`), payload: "{}" });
    expect([answer.statusCode, answer.json().error.code]).toEqual([429, "too_many_requests"]);
  }
  expect(calls).toEqual([]);
});

test("a link that is claimed too often answers 429 to whoever claims it, and nothing else of the shop does", async () => {
  const limits = { mayAsk: () => true, mayClaim: (_shop: string, token: string) => token !== TOKEN };
  const { app, calls } = buildApp({ limits });
  const claim = (token: string) =>
    app.inject({ method: "POST", url: signed("/proxy/api/claim"), payload: JSON.stringify({ token }) });
  const over = await claim(TOKEN);
  expect([over.statusCode, over.json().error.code]).toEqual([429, "too_many_requests"]);
  expect(calls).toEqual([]);
  expect((await claim(`${TOKEN}2`)).statusCode).toBe(200);
});

test.each([
  ["a network that calls too often", { mayCall: () => false, mayCallAs: () => true }, bearer({ exp: 1 })],
  ["a customer who calls too often", { mayCall: () => true, mayCallAs: () => false }, bearer()],
])("the customer API answers %s with 429 and calls nothing", async (_what, apiLimits, headers) => {
  const { app, calls } = buildApp({}, apiLimits);
  for (const path of ["link", "invite", "appeal", "bind"]) {
    const answer = await app.inject({ method: "POST", url: `/api/customer/${path}`, headers, payload: "{}" });
    expect([answer.statusCode, answer.json().error.code]).toEqual([429, "too_many_requests"]);
    expect(answer.headers["access-control-allow-origin"], "the page can read why").toBe("*");
  }
  const status = await app.inject({ method: "GET", url: "/api/customer/status", headers });
  expect(status.statusCode).toBe(429);
  expect(calls).toEqual([]);
});

test("the proxy API hands on that a page was seen, and tells nothing about its token", async () => {
  const { app, calls } = buildApp();
  const payload = JSON.stringify({ token: TOKEN, device: "not a device" });
  const answer = await app.inject({ method: "POST", url: signed("/proxy/api/seen"), payload });
  expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
  expect(calls).toEqual([{ name: "confirmClick", input: { token: TOKEN, device: null } }]);
  const without = await app.inject({ method: "POST", url: signed("/proxy/api/seen"), payload: "{}" });
  expect(without.statusCode).toBe(400);
});

test("the proxy API says why there is no welcome code, or that there will be one", async () => {
  const url = () => signed("/proxy/api/claim");
  const payload = JSON.stringify({ token: TOKEN });
  const refused = buildApp({ claimWelcome: async () => ({ outcome: "refused", reason: "not_new_customer" }) });
  const answer = await refused.app.inject({ method: "POST", url: url(), payload });
  expect([answer.statusCode, answer.json().error.code]).toEqual([403, "not_new_customer"]);
  const offer = { referrer: "£10 off", friend: "£10 off" };
  const empty = buildApp({
    claimWelcome: async () => ({
      outcome: "claimed",
      welcomeCode: null,
      offer,
      from: null,
      retry: true,
      emailFirst: false,
    }),
  });
  expect((await empty.app.inject({ method: "POST", url: url(), payload })).json()).toEqual({
    welcomeCode: null,
    offer,
    from: null,
    retry: true,
  });
  const gated = buildApp({
    claimWelcome: async () => ({
      outcome: "claimed",
      welcomeCode: null,
      offer,
      from: null,
      retry: false,
      emailFirst: true,
    }),
  });
  const gate = await gated.app.inject({ method: "POST", url: url(), payload });
  expect(gate.json()).toEqual({ welcomeCode: null, offer, from: null, emailFirst: true });
});

test.each([
  ["no token", {}],
  ["a token of another shape", { token: "x" }],
  ["an e-mail that is none", { token: TOKEN, email: "nobody" }],
  ["an e-mail that is no text", { token: TOKEN, email: 7 }],
])("the proxy API takes no claim with %s", async (_what, body) => {
  const { app, calls } = buildApp();
  const answer = await app.inject({ method: "POST", url: signed("/proxy/api/claim"), payload: JSON.stringify(body) });
  expect([answer.statusCode, calls.length]).toEqual([400, 0]);
});

test.each([
  ["bad", signed("/proxy/api/link").replace("7001", "7002"), "bad_signature"],
  ["stale", signed("/proxy/api/link", { timestamp: "1700000000" }), "stale_signature"],
  ["repeated for the customer", `${signed("/proxy/api/link")}&logged_in_customer_id=1`, "bad_signature"],
])("the proxy API refuses a signature that is %s", async (_what, url, code) => {
  const { app, calls } = buildApp();
  const answer = await app.inject({ method: "POST", url });
  expect([answer.statusCode, answer.json().error.code, calls.length]).toEqual([400, code, 0]);
});
