// @vitest-environment jsdom
import { setUpExtension } from "@shopify/ui-extensions-tester";
import { fireEvent, waitFor } from "@testing-library/preact";
import { render } from "preact";
import { expect, test } from "vitest";

const TARGETS = {
  order: "admin.order-details.block.render",
  customer: "admin.customer-details.block.render",
} as const;
const REFERRAL = {
  id: "r1",
  state: "REWARDED",
  why: "paid",
  referrer: "Dan",
  friend: "Mara",
  at: "2026-11-03T10:00:00Z",
};

/** Opens a block on an order or customer against an app that answers so; null cannot be reached. */
async function open(kind: "order" | "customer", answers: (Response | null)[]) {
  const extension = setUpExtension(TARGETS[kind]);
  const asked: string[] = [];
  extension.fetch = async (url) => {
    asked.push(typeof url === "string" ? url : "");
    const answer = answers.shift();
    if (answer === null || answer === undefined) throw new TypeError("Failed to fetch");
    return answer;
  };
  extension.shopify.data.selected = [{ id: `gid://shopify/${kind === "order" ? "Order" : "Customer"}/6123456789012` }];
  await extension.render();
  const close = (): void => {
    render(null, document.body);
    extension[Symbol.dispose]();
  };
  return { asked, [Symbol.dispose]: close };
}

function seen(): string {
  return document.body.textContent ?? "";
}

test("the order block says by whom the buyer was referred, and leads into the app", async () => {
  using opened = await open("order", [Response.json({ referrals: [REFERRAL], ownLink: null })]);
  await waitFor(() => expect(seen()).toContain("referred_by"));
  expect(seen()).toContain("state.REWARDED");
  expect(seen()).toContain("why.paid");
  expect(document.querySelector("s-link")?.getAttribute("href")).toBe("app:app/referrals/r1");
  expect(opened.asked).toEqual(["/api/admin/order/6123456789012"]);
});

test("the customer block also says what came of the customer's own link", async () => {
  const ownLink = { code: "7QK2A", friends: 3, rewarded: 1 };
  using opened = await open("customer", [Response.json({ referrals: [], ownLink })]);
  await waitFor(() => expect(seen()).toContain("own.code"));
  expect(seen()).toContain("none.customer");
  expect(opened.asked).toEqual(["/api/admin/customer/6123456789012"]);
});

test.each([
  ["the app cannot be reached", null],
  ["the app refuses", Response.json({ error: { code: "unauthorised" } }, { status: 401 })],
  ["the answer is none", Response.json([])],
])("a block says so and can ask again when %s", async (_what, first) => {
  using opened = await open("order", [first, Response.json({ referrals: [], ownLink: null })]);
  await waitFor(() => expect(seen()).toContain("failed"));
  const retry = document.querySelector<HTMLElement>("s-button");
  if (retry === null) throw new Error("there is no way to try again");
  fireEvent.click(retry);
  await waitFor(() => expect(seen()).toContain("none.order"));
  expect(opened.asked).toHaveLength(2);
});
