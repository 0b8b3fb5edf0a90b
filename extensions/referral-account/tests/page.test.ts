// @vitest-environment jsdom
/// <reference types="@shopify/ui-extensions/customer-account.page.render" />
import { setUpExtension } from "@shopify/ui-extensions-tester";
import { fireEvent, waitFor } from "@testing-library/preact";
import { render } from "preact";
import { expect, test } from "vitest";
import { ALL_WELL, network, refusal, STATUS } from "./world.ts";
import type { Answers } from "./world.ts";

const REASONS = [
  "waiting_for_order",
  "in_cooling_off",
  "in_review",
  "paid",
  "not_new_customer",
  "link_expired",
  "order_not_completed",
  "not_eligible",
];

/** Opens the page against an app that answers so; what was drawn is taken away with it. */
async function open(answers: Answers) {
  const extension = setUpExtension("customer-account.page.render");
  const app = network(answers);
  extension.fetch = app.fetch;
  extension.shopify.sessionToken.get = async () => "a-token";
  await extension.render();
  const close = (): void => {
    render(null, document.body);
    extension[Symbol.dispose]();
  };
  return { asked: app.asked, shortAsked: app.shortAsked, [Symbol.dispose]: close };
}

function seen(): string {
  return document.body.textContent ?? "";
}

function withReferrals(referrals: readonly unknown[]): Answers {
  return { ...ALL_WELL, status: { status: 200, body: { referrals, rewards: [] } } };
}

test("the page shows link, invite, QR code, friends by first name and rewards with their codes", async () => {
  using _ = await open(ALL_WELL);
  await waitFor(() => expect(seen()).toContain("Mara"));
  expect(document.querySelector("s-qr-code")?.getAttribute("content")).toBe("https://freshbox.example/a/r/7QK2A");
  const copied = [...document.querySelectorAll("s-clipboard-item")].map((item) => item.getAttribute("text"));
  expect(copied).toEqual([
    "https://freshbox.example/a/r/7QK2A",
    "I get my box from FreshBox. Here is £10 off: https://freshbox.example/a/r/7QK2A",
    "ABCD2345EFGH6789",
  ]);
  for (const text of ["why.in_cooling_off", "friends.unnamed", "why.link_expired", "rewards.state.ready"])
    expect(seen()).toContain(text);
  expect(seen()).toContain("rewards.state.on_its_way");
});

test.each(REASONS)("the page has words for the public reason %s", async (why) => {
  using _ = await open(withReferrals([{ ...STATUS.referrals[0], why }]));
  await waitFor(() => expect(seen()).toContain(`why.${why}`));
  expect(document.querySelector("s-badge")?.textContent).toBe(`state.${why}`);
});

test("the page tells a reason it has never heard of as one that does not count", async () => {
  using _ = await open(withReferrals([{ ...STATUS.referrals[0], why: "same_card", friend: "Mara" }]));
  await waitFor(() => expect(seen()).toContain("why.not_eligible"));
  expect(seen()).not.toContain("same_card");
});

test("the page says where friends and rewards will be when there are none yet", async () => {
  using _ = await open(withReferrals([]));
  await waitFor(() => expect(seen()).toContain("friends.none"));
  expect(seen()).toContain("rewards.none");
});

test("the page shows what came of earlier links to a customer who gets no new one", async () => {
  using _ = await open({ ...ALL_WELL, link: refusal(403, "campaign_closed") });
  await waitFor(() => expect(seen()).toContain("Mara"));
  expect(document.querySelector("s-banner")?.getAttribute("heading")).toBe("notice.paused.heading");
  expect(document.querySelector("s-qr-code")).toBeNull();
});

async function appeal(answers: Answers) {
  const opened = await open(answers);
  await waitFor(() => expect(document.querySelector("s-select")).not.toBeNull());
  const list = document.querySelector("s-select");
  if (list === null) throw new Error("there is no list of grounds");
  Reflect.set(list, "value", "order_kept");
  fireEvent.change(list);
  const send = [...document.querySelectorAll("s-button")].find((button) => button.textContent === "appeal.send");
  if (send === undefined) throw new Error("there is no button to appeal with");
  fireEvent.click(send);
  return opened;
}

test("an appeal names the referral and its ground, and says that it was made", async () => {
  using opened = await appeal(ALL_WELL);
  await waitFor(() => expect(seen()).toContain("appeal.asked"));
  expect(document.querySelector("s-select")).toBeNull();
  expect(opened.asked.at(-1)).toMatchObject({ path: "appeal", body: { referral: "r2", ground: "order_kept" } });
});

test.each([
  ["the network is blocked", undefined, "appeal.failed"],
  ["there were too many", refusal(429, "too_many_requests"), "appeal.too_many"],
  ["it is still running", refusal(409, "not_appealable"), "appeal.failed"],
])("an appeal that could not be made says so and can be sent again: %s", async (_what, answer, words) => {
  const { appeal: _mended, ...rest } = ALL_WELL;
  using _ = await appeal(answer === undefined ? rest : { ...rest, appeal: answer });
  await waitFor(() => expect(seen()).toContain(words));
  expect(document.querySelector("s-select")).not.toBeNull();
});

test("only a referral that came to nothing offers an appeal, and none that was appealed", async () => {
  const [first, second] = STATUS.referrals;
  using _ = await open(withReferrals([first, { ...second, appeal: "asked" }]));
  await waitFor(() => expect(seen()).toContain("appeal.asked"));
  expect(document.querySelector("s-select")).toBeNull();
});

async function press(name: string): Promise<void> {
  await waitFor(() => expect(buttonOf(name)).toBeDefined());
  const button = buttonOf(name);
  if (button !== undefined) fireEvent.click(button);
}

function buttonOf(name: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>("s-button")].find((button) => button.textContent === name);
}

test("other words replace the message wherever it is shown, copied or sent", async () => {
  using opened = await open(ALL_WELL);
  await press("invite.other");
  await waitFor(() => expect(seen()).toContain("invite.saved"));
  expect(opened.asked.at(-1)).toMatchObject({ path: "invite", body: { channel: "copy", regenerate: true } });
  const words = "Other words https://freshbox.example/a/r/7QK2A";
  expect(document.querySelector("#referral-invite")?.getAttribute("text")).toBe(words);
  const whatsapp = [...document.querySelectorAll("s-button")].find((button) => button.textContent === "WhatsApp");
  expect(whatsapp?.getAttribute("href")).toBe(`https://wa.me/?text=${encodeURIComponent(words)}`);
});

function hrefOf(name: string): string {
  return decodeURIComponent(buttonOf(name)?.getAttribute("href") ?? "");
}

test("a text message gets the short words, an e-mail and WhatsApp the long ones, and other words are asked for anew", async () => {
  using opened = await open(ALL_WELL);
  await waitFor(() => expect(hrefOf("share.sms")).toBe("sms:?&body=Short: https://freshbox.example/a/r/7QK2A"));
  expect(hrefOf("share.email")).toContain("body=I get my box from FreshBox.");
  expect(hrefOf("WhatsApp")).toContain("text=I get my box from FreshBox.");
  await press("invite.other");
  await waitFor(() => expect(opened.shortAsked).toHaveLength(2));
  await waitFor(() => expect(hrefOf("share.email")).toContain("body=Other words"));
});

test("where the short words cannot be had the message goes out as a text message too", async () => {
  const { invite: _given, "invite:sms": _short, ...rest } = ALL_WELL;
  using _ = await open(rest);
  await waitFor(() => expect(hrefOf("share.sms")).toContain("body=I get my box from FreshBox."));
});

test("with the network blocked the page says so, and shows everything once the customer asks again", async () => {
  const answers: Record<string, Answers[string]> = {};
  using opened = await open(answers);
  await waitFor(() =>
    expect(document.querySelector("s-banner")?.getAttribute("heading")).toBe("notice.unreachable.heading"),
  );
  expect(document.querySelector("s-qr-code")).toBeNull();
  Object.assign(answers, ALL_WELL);
  await press("retry");
  await waitFor(() => expect(seen()).toContain("Mara"));
  expect(document.querySelector("s-banner")).toBeNull();
  expect(opened.asked.map(({ path }) => path)).toEqual(["link", "link", "status"]);
});

test("the customer's own words are sent as they were typed, and the shop's come back", async () => {
  using opened = await open(ALL_WELL);
  await waitFor(() => expect(document.querySelector("s-text-area")).not.toBeNull());
  const field = document.querySelector("s-text-area");
  if (field === null) throw new Error("there is no field");
  Reflect.set(field, "value", "Mine: https://freshbox.example/a/r/7QK2A");
  fireEvent.input(field);
  await press("invite.save");
  await waitFor(() =>
    expect(opened.asked.at(-1)?.body).toMatchObject({ text: "Mine: https://freshbox.example/a/r/7QK2A" }),
  );
  await waitFor(() => expect(seen()).toContain("invite.saved"));
  await press("invite.shops");
  await waitFor(() => expect(opened.asked.at(-1)?.body).toMatchObject({ text: null }));
});

test.each([
  ["the gate refuses", refusal(422, "words_refused"), "invite.refused"],
  ["the day's rewrites are used up", refusal(429, "no_rewrites_left"), "invite.no_rewrites_left"],
  ["the network is blocked", undefined, "invite.failed"],
])("words that %s are told, and the message stays", async (_what, answer, words) => {
  const { invite: _given, ...rest } = ALL_WELL;
  using _ = await open(answer === undefined ? rest : { ...rest, invite: answer });
  await press("invite.other");
  await waitFor(() => expect(seen()).toContain(words));
  expect(document.querySelector("#referral-invite")?.getAttribute("text")).toContain("I get my box");
});
