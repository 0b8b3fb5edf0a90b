import { pino } from "pino";
import fastify from "fastify";
import { expect, test } from "vitest";
import { API_SECRET, buildKnownShop, tapQuery } from "#test/builders/door.ts";
import type { Invitation } from "#app/usecases/describe-invitation.ts";
import { registerCard } from "./card.ts";
import { registerLanding } from "./landing.ts";
import type { LandingDeps } from "./landing.ts";
import { hmacSecrets } from "./secrets.ts";

const SHOP = buildKnownShop();
const TOKEN = "a".repeat(110);
const OPEN: Invitation = { outcome: "open", code: "7QK2A", from: "Dan", offer: "£10 off", when: "on_first_order" };

function buildApp(change: { invitation?: Invitation; claimed?: unknown; mayAsk?: boolean } = {}) {
  const claims: unknown[] = [];
  const deps = {
    logger: pino({ level: "silent" }),
    secrets: hmacSecrets({ SHOPIFY_API_SECRET: API_SECRET }),
    limits: { mayAsk: () => change.mayAsk ?? true },
    shops: { byDomain: async (domain: string) => (domain === SHOP.domain ? SHOP : null) },
    describeInvitation: async () => change.invitation ?? OPEN,
    claimWelcome: async (input: Record<string, unknown>) => {
      claims.push({ ...input, shop: undefined });
      return change.claimed ?? { outcome: "claimed", welcomeCode: "WELCOME1", offer: {}, from: "Dan", retry: false };
    },
  } as unknown as LandingDeps; // what the page reads, and none of the rest
  const app = fastify();
  registerLanding(app, deps);
  registerCard(app, deps);
  return { app, claims };
}

const page = (extra: [string, string][] = [], shop = SHOP.domain) => `/proxy/join?${tapQuery({ shop, extra })}`;

function post(app: ReturnType<typeof buildApp>["app"], form: Record<string, string>) {
  const headers = { "content-type": "application/x-www-form-urlencoded", "x-forwarded-for": "198.51.100.7" };
  return app.inject({ method: "POST", url: page(), headers, payload: new URLSearchParams(form).toString() });
}

test("the landing page asks for the address in the shop's theme, by a form that needs no script", async () => {
  const { app } = buildApp();
  const answer = await app.inject({ url: page([["ref_token", TOKEN]]) });
  expect(answer.headers["content-type"]).toBe("application/liquid; charset=utf-8");
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.body).toContain("<h1>Dan gave you £10 off</h1>");
  expect(answer.body).toContain('<form method="post" action="/a/r/join">');
  expect(answer.body).toContain(`name="token" value="${TOKEN}"`);
  expect(answer.body).not.toContain("<script");
});

test("the landing page answers an address with the code, and hands on who asks from which network", async () => {
  const { app, claims } = buildApp();
  const answer = await post(app, { token: TOKEN, email: " Mara+box@Example.com " });
  expect(answer.body).toContain("<strong>WELCOME1</strong>");
  expect(answer.body).toContain('href="/discount/WELCOME1?redirect=%2F"');
  const claim = { customerId: null, prefix: "198.51.100", token: TOKEN, email: "mara@example.com" };
  expect(claims).toEqual([{ ...claim, device: null, cartToken: null }]);
  expect(answer.body).not.toContain("example.com");
});

test("the landing page asks again for an address that is none, and says why there is no code", async () => {
  const { app, claims } = buildApp();
  expect((await post(app, { token: TOKEN, email: "nobody" })).body).toContain('role="alert">Enter an e-mail address');
  expect(claims).toEqual([]);
  const refused = buildApp({ claimed: { outcome: "refused", reason: "not_new_customer" } });
  expect((await post(refused.app, { token: TOKEN, email: "tom@example.com" })).body).toContain("new customers");
  const empty = buildApp({ claimed: { outcome: "claimed", welcomeCode: null, offer: {}, from: null, retry: true } });
  expect((await post(empty.app, { token: TOKEN, email: "tom@example.com" })).body).toContain("in a minute");
});

test("the landing page gives no code to a flood, and still opens", async () => {
  const { app, claims } = buildApp({ mayAsk: false });
  expect((await post(app, { token: TOKEN, email: "mara@example.com" })).body).toContain("Too many requests");
  expect(claims).toEqual([]);
  expect((await app.inject({ url: page([["ref_token", TOKEN]]) })).body).toContain("Dan gave you");
});

test.each([
  ["no token", [], OPEN],
  ["a text that is no token", [["ref_token", "<b>"]], OPEN],
  ["a link that is over", [["ref_token", TOKEN]], { outcome: "closed", reason: "link_expired" }],
] as [string, [string, string][], Invitation][])(
  "the landing page leads into the shop with %s",
  async (_what, extra, invitation) => {
    const answer = await buildApp({ invitation }).app.inject({ url: page(extra) });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain("This offer is not open to you");
    expect(answer.body).not.toContain("<b>");
  },
);

test("what a page says of people stays text, for the browser and for Liquid", async () => {
  const offer = "<b>{{ shop.secret }}{% raw %}";
  const { app } = buildApp({ invitation: { ...OPEN, offer } });
  const answer = await app.inject({ url: page([["ref_token", TOKEN]]) });
  expect(answer.body).not.toMatch(/\{\{|\{%|<b>/);
});

test("the landing page is only for shops that have the app, and for requests that Shopify signed", async () => {
  const { app } = buildApp();
  expect((await app.inject({ url: page([], "other.myshopify.com") })).statusCode).toBe(404);
  expect((await app.inject({ url: "/proxy/join" })).statusCode).toBe(400);
});

test("the card carries name, offer, link and a QR code, and runs nothing", async () => {
  const { app } = buildApp();
  const answer = await app.inject({ url: `/proxy/card/dan-and-mara?${tapQuery({ shop: SHOP.domain })}` });
  expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(answer.body).toContain("<h1>Dan gives you £10 off</h1>");
  expect(answer.body).toContain("freshbox.example/a/r/7QK2A");
  expect(answer.body).toContain("<svg");
  const closed = buildApp({ invitation: { outcome: "closed", reason: "link_expired" } });
  const url = `/proxy/card/7QK2A?${tapQuery({ shop: SHOP.domain })}`;
  expect((await closed.app.inject({ url })).statusCode).toBe(404);
});
