// @vitest-environment jsdom
import { setUpExtension } from "@shopify/ui-extensions-tester";
import { fireEvent, waitFor } from "@testing-library/preact";
import { render } from "preact";
import { expect, test } from "vitest";
import { ALL_WELL, network, refusal, STATUS, textsOf } from "./world.ts";
import type { Answers } from "./world.ts";

const TARGET = "customer-account.profile.block.render";

/** Opens the block against an app that answers so; what was drawn is taken away with it. */
function open(answers: Answers) {
  const extension = setUpExtension(TARGET);
  const app = network(answers);
  extension.fetch = app.fetch;
  extension.shopify.sessionToken.get = async () => "a-token";
  const close = (): void => {
    render(null, document.body);
    extension[Symbol.dispose]();
  };
  return { extension, app, [Symbol.dispose]: close };
}

function seen(): string {
  return document.body.textContent ?? "";
}

function buttonNamed(name: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>("s-button")].find((button) => button.textContent === name);
  if (found === undefined) throw new Error(`there is no button ${name}`);
  return found;
}

test("the profile block shows that it waits, then the link with a way to copy it and three to send it", async () => {
  using opened = open(ALL_WELL);
  const { extension, app } = opened;
  await extension.render();
  expect(document.querySelector("s-spinner")).not.toBeNull();
  await waitFor(() => expect(seen()).toContain("https://freshbox.example/a/r/7QK2A"));
  expect(document.querySelector("s-spinner")).toBeNull();
  expect(document.querySelector("s-clipboard-item")?.getAttribute("text")).toBe("https://freshbox.example/a/r/7QK2A");
  const hrefs = [...document.querySelectorAll("s-button[href]")].map((button) => button.getAttribute("href") ?? "");
  expect(hrefs.map((href) => href.split(/[:?]/)[0])).toEqual(["https", "sms", "mailto"]);
  for (const href of hrefs) expect(decodeURIComponent(href)).toContain("https://freshbox.example/a/r/7QK2A");
  expect(document.querySelector("s-link")?.getAttribute("href")).toBe("extension:referral-page/");
  expect(app.asked.map(({ path, method, token }) => [path, method, token])).toEqual([
    ["link", "POST", "Bearer a-token"],
    ["status", "GET", "Bearer a-token"],
  ]);
});

test.each([
  ["no order yet", { ...ALL_WELL, link: refusal(403, "buy_first") }, "buy_first"],
  ["a paused programme", { ...ALL_WELL, link: refusal(403, "campaign_closed") }, "paused"],
  ["terms of another currency", { ...ALL_WELL, link: refusal(403, "currency_changed") }, "paused"],
  ["nobody logged in", { link: refusal(401, "customer_required") }, "logged_out"],
  ["a session that is over", { link: refusal(401, "unauthorised") }, "logged_out"],
  ["a token for another app", { link: refusal(401, "foreign_audience") }, "not_set_up"],
  ["a shop without the app", { link: refusal(404, "shop_unknown") }, "not_set_up"],
  ["a blocked network", {}, "unreachable"],
  ["a network that breaks half-way", { link: ALL_WELL["link"] ?? refusal(500, "") }, "unreachable"],
  ["a fault of the app", { link: refusal(503, "admin_unavailable") }, "unreachable"],
  ["an answer that is no link", { ...ALL_WELL, link: { status: 200, body: [] } }, "unreachable"],
] as [string, Answers, string][])("the profile block says so with %s", async (_what, answers, notice) => {
  using opened = open(answers);
  const { extension } = opened;
  await extension.render();
  const heading = () => document.querySelector("s-banner")?.getAttribute("heading");
  await waitFor(() => expect(heading()).toBe(`notice.${notice}.heading`));
  expect(seen()).toContain(`notice.${notice}.text`);
  expect(document.querySelector("s-clipboard-item")).toBeNull();
});

test("the profile block asks again when told to, and is whole once the network is back", async () => {
  const answers: { -readonly [Path in keyof Answers]: Answers[Path] } = {};
  using opened = open(answers);
  const { extension, app } = opened;
  await extension.render();
  await waitFor(() => expect(seen()).toContain("notice.unreachable.text"));
  Object.assign(answers, ALL_WELL);
  fireEvent.click(buttonNamed("retry"));
  await waitFor(() => expect(seen()).toContain("https://freshbox.example/a/r/7QK2A"));
  expect(document.querySelector("s-banner")).toBeNull();
  expect(app.asked.map(({ path }) => path)).toEqual(["link", "link", "status"]);
});

test("the profile block is a notice, not a crash, when Shopify gives no session token", async () => {
  using opened = open(ALL_WELL);
  const { extension, app } = opened;
  extension.shopify.sessionToken.get = () => Promise.reject(new Error("no token"));
  await extension.render();
  await waitFor(() => expect(seen()).toContain("notice.unreachable.text"));
  expect(app.asked).toEqual([]);
});

test.each([
  ["en", "1 friend · 1 reward to use", "Your friend gets: 12.5% off"],
  ["de", "1 Person geworben · 1 Prämie einlösbar", "Für deine Freunde: 12,5 % Rabatt"],
  ["fr", "1 ami · 1 récompense à utiliser", "Pour votre ami : 12,5 % de réduction"],
  ["es", "1 amigo · 1 recompensa por usar", "Para tu amigo: 12,5 % de descuento"],
  ["nl", "1 vriend · 1 beloning te gebruiken", "Voor je vriend: 12,5% korting"],
  ["ja", "お友達1人 · 使える特典1件", "お友達への特典：12.5%割引"],
])("the profile block counts and writes figures as its reader does: %s", async (locale, counts, promise) => {
  const [first] = STATUS.referrals;
  const status = { status: 200, body: { ...STATUS, referrals: [first] } };
  using opened = open({ ...ALL_WELL, status });
  const { extension } = opened;
  const { i18n } = extension.shopify;
  i18n.translate = textsOf("referral-account", locale) as typeof i18n.translate; // the tester's own gives keys back
  i18n.formatNumber = (value, options) => new Intl.NumberFormat(locale, options).format(value);
  i18n.formatCurrency = (value, options) =>
    new Intl.NumberFormat(locale, { style: "currency", ...options }).format(value);
  await extension.render();
  await waitFor(() => expect(seen().replaceAll(/[\u00a0\u202f]/g, " ")).toContain(counts));
  expect(seen().replaceAll(/[\u00a0\u202f]/g, " ")).toContain(promise);
});
