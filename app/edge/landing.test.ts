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
const OPEN: Invitation = {
  outcome: "open",
  code: "7QK2A",
  from: "Dan",
  offer: "£10 off",
  when: "on_first_order",
  emailFirst: false,
};

function buildApp(change: { invitation?: Invitation; claimed?: unknown; mayAsk?: boolean; mayClaim?: boolean } = {}) {
  const claims: unknown[] = [];
  const asked: unknown[] = [];
  const deps = {
    logger: pino({ level: "silent" }),
    secrets: hmacSecrets({ SHOPIFY_API_SECRET: API_SECRET }),
    limits: { mayAsk: () => change.mayAsk ?? true, mayClaim: () => change.mayClaim ?? true },
    shops: { byDomain: async (domain: string) => (domain === SHOP.domain ? SHOP : null) },
    describeInvitation: async ({ locale }: { locale: string }) => {
      asked.push(locale);
      return change.invitation ?? OPEN;
    },
    claimWelcome: async (input: Record<string, unknown>) => {
      claims.push({ ...input, shop: undefined });
      return change.claimed ?? { outcome: "claimed", welcomeCode: "WELCOME1", offer: {}, from: "Dan", retry: false };
    },
  } as unknown as LandingDeps; // what the page reads, and none of the rest
  const app = fastify();
  registerLanding(app, deps);
  registerCard(app, deps);
  return { app, claims, asked };
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
  expect(claims).toEqual([{ ...claim, device: null, cartToken: null, locale: "en" }]);
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

test.each([
  ["of one network", { mayAsk: false }],
  ["on one link", { mayClaim: false }],
])("the landing page gives no code to a flood %s, and still opens", async (_what, limits) => {
  const { app, claims } = buildApp(limits);
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

const HEADINGS = [
  ["en-GB", "<h1>Dan gave you £10 off</h1>", "<h1>Dan gives you £10 off</h1>"],
  ["de-AT", "<h1>Dan schenkt dir: £10 off</h1>", "<h1>Dan schenkt dir: £10 off</h1>"],
  ["fr-CA", "<h1>Dan t&#39;offre : £10 off</h1>", "<h1>Dan t&#39;offre : £10 off</h1>"],
  ["es", "<h1>Dan te regala: £10 off</h1>", "<h1>Dan te regala: £10 off</h1>"],
  ["nl", "<h1>Dan geeft je £10 off</h1>", "<h1>Dan geeft je £10 off</h1>"],
  ["ja-JP", "<h1>Danさんからの特典：£10 off</h1>", "<h1>Danさんからの特典：£10 off</h1>"],
] as const;

test.each(HEADINGS)("landing page and card are in the browser's language: %s", async (locale, gave, gives) => {
  const { app, asked } = buildApp();
  const headers = { "accept-language": `sv,${locale};q=0.8` };
  const landing = await app.inject({ url: page([["ref_token", TOKEN]]), headers });
  expect(landing.body).toContain(gave);
  expect(landing.body).toContain(`lang="${locale.slice(0, 2)}"`);
  const card = await app.inject({ url: `/proxy/card/7QK2A?${tapQuery({ shop: SHOP.domain })}`, headers });
  expect(card.body).toContain(gives);
  expect(card.body).toContain(`<html lang="${locale.slice(0, 2)}">`);
  expect(asked, "the offer is said in it too").toEqual([locale, locale]);
});

test("a landing page that was asked for in a language answers its form in it, whatever the browser prefers", async () => {
  const { app } = buildApp();
  const headers = { "accept-language": "fr" };
  const extra: [string, string][] = [
    ["ref_token", TOKEN],
    ["locale", "de"],
  ];
  const answer = await app.inject({ url: page(extra), headers });
  expect(answer.body).toContain('<form method="post" action="/a/r/join?locale=de">');
  const posted = await app.inject({
    method: "POST",
    url: page([["locale", "de"]]),
    headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams({ token: TOKEN, email: "nobody" }).toString(),
  });
  expect(posted.body).toContain("Gib eine E-Mail-Adresse ein");
});

test("where the address is asked for first the page says that the code is shown for it", async () => {
  const { app } = buildApp({ invitation: { ...OPEN, emailFirst: true } });
  const answer = await app.inject({ url: page([["ref_token", TOKEN]]) });
  expect(answer.body).toContain("we show you your code");
  expect(answer.body).not.toContain("WELCOME1");
});
