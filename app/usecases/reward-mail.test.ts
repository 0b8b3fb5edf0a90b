import { expect, test } from "vitest";
import { renderRewardMail } from "./reward-mail.ts";
import type { RewardMailFacts } from "./reward-mail.ts";

function build(changes: Partial<RewardMailFacts> = {}): RewardMailFacts {
  return {
    language: "en",
    note: "Welcome, and thank you. As Dan sent you to us, here is your reward: £10 off.",
    shopName: "FreshBox",
    shopOrigin: "https://freshbox.example",
    firstName: "Mara",
    form: "code",
    code: "7NZQ0QAM52ZT8WZX",
    expiresAt: new Date("2027-03-08T00:00:00Z"),
    now: new Date("2027-02-05T00:00:00Z"),
    unsubscribeUrl: "https://app.example/unsubscribe/t",
    ...changes,
  };
}

test("the mail that brings a code names it once in the body, and its last day", () => {
  const mail = renderRewardMail(build());
  expect(mail.text.split("7NZQ0QAM52ZT8WZX")).toHaveLength(2);
  expect(mail.text).toContain("until the end of 7 March 2027");
  expect(mail.subject).not.toContain("7NZQ");
});

test("a friend whose discount is used is thanked for it, with no code and no end to watch", () => {
  const mail = renderRewardMail(
    build({ note: "Dan sent you to us, which brought you £10 off on it.", form: "used", code: null, expiresAt: null }),
  );
  expect(mail.text).toContain("Dan sent you to us, which brought you £10 off on it.");
  expect(mail.text).not.toMatch(/until the end|Enter this/);
  expect(mail.html).not.toContain("dashed");
});

test("what people typed is text in the mail, never markup", () => {
  const mail = renderRewardMail(build({ shopName: '<b>"Fresh" & Box</b>' }));
  expect(mail.html).not.toContain("<b>");
  expect(mail.html).toContain("&lt;b&gt;");
});
