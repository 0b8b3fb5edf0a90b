// @vitest-environment jsdom
import { setUpExtension } from "@shopify/ui-extensions-tester";
import { fireEvent, waitFor } from "@testing-library/preact";
import { render } from "preact";
import { expect, test } from "vitest";
import { ALL_WELL, network, refusal } from "../../referral-account/tests/world.ts";
import type { Answers } from "../../referral-account/tests/world.ts";

const TARGETS = ["purchase.thank-you.block.render", "customer-account.order-status.block.render"] as const;

/** Opens the block against an app that answers so; what was drawn is taken away with it. */
async function open(target: (typeof TARGETS)[number], answers: Answers) {
  const extension = setUpExtension(target);
  const app = network(answers);
  extension.fetch = app.fetch;
  extension.shopify.sessionToken.get = async () => "a-token";
  extension.shopify.shop.storefrontUrl = "https://freshbox.example/";
  await extension.render();
  const close = (): void => {
    render(null, document.body);
    extension[Symbol.dispose]();
  };
  return { asked: app.asked, [Symbol.dispose]: close };
}

function seen(): string {
  return document.body.textContent ?? "";
}

test.each(TARGETS)("a buyer who is logged in gets their link at %s", async (target) => {
  using opened = await open(target, ALL_WELL);
  await waitFor(() => expect(seen()).toContain("https://freshbox.example/a/r/7QK2A"));
  expect(document.querySelectorAll("s-button[href]")).toHaveLength(3);
  expect(opened.asked.map(({ path, token }) => [path, token])).toEqual([["link", "Bearer a-token"]]);
});

test.each(TARGETS)("a guest, whose token names no customer, is asked to log in at %s", async (target) => {
  using _ = await open(target, { link: refusal(401, "customer_required") });
  await waitFor(() => expect(seen()).toContain("guest.text"));
  expect(document.querySelector("s-button[href]")?.getAttribute("href")).toBe("https://freshbox.example/account");
  expect(document.querySelector("s-clipboard-item")).toBeNull();
});

test.each([
  ["a paused programme", refusal(403, "campaign_closed")],
  ["a token for another app", refusal(401, "foreign_audience")],
  ["a shop without the app", refusal(404, "shop_unknown")],
])("a buyer is not bothered with %s", async (_what, link) => {
  using opened = await open(TARGETS[0], { link });
  await waitFor(() => expect(document.querySelector("s-section")).toBeNull());
  expect(opened.asked).toHaveLength(1);
});

test.each([
  ["an order that Shopify has not recorded yet", refusal(403, "buy_first"), "notice.buy_first.text"],
  ["a blocked network", undefined, "notice.unreachable.text"],
])("a buyer may try again after %s", async (_what, first, words) => {
  const answers: Record<string, Answers[string]> = first === undefined ? {} : { link: first };
  using _ = await open(TARGETS[0], answers);
  await waitFor(() => expect(seen()).toContain(words));
  Object.assign(answers, ALL_WELL);
  const retry = [...document.querySelectorAll<HTMLElement>("s-button")].find(
    ({ textContent }) => textContent === "retry",
  );
  if (retry === undefined) throw new Error("there is no way to try again");
  fireEvent.click(retry);
  await waitFor(() => expect(seen()).toContain("https://freshbox.example/a/r/7QK2A"));
});
