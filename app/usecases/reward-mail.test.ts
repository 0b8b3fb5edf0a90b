import { expect, test } from "vitest";
import { escapeHtml, renderRewardMail, renderRewardText } from "./reward-mail.ts";
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

test("a mail to somebody whose name is not known greets them without one", () => {
  expect(renderRewardMail(build()).text).toMatch(/^Hello Mara|^Hi Mara/);
  expect(renderRewardMail(build({ firstName: null })).text).not.toContain("Mara");
});

test("the last day is written as a reader of the language expects it", () => {
  expect(renderRewardMail(build({ language: "de" })).text).toContain("7. März 2027");
  expect(renderRewardText({ ...build({ language: "fr" }), reward: "10 € de remise" })).toContain("7 mars 2027");
});

test("a text message brings the code with its last day, and without a code leads to the shop", () => {
  const reward = "£10 off";
  const coded = renderRewardText({ ...build(), reward });
  expect(coded).toContain("7NZQ0QAM52ZT8WZX");
  expect(coded).toContain("7 March 2027");
  for (const missing of [{ code: null }, { expiresAt: null }]) {
    const bare = renderRewardText({ ...build(missing), reward });
    expect(bare).toContain("https://freshbox.example");
    expect(bare).not.toContain("7NZQ");
  }
});

test("everything that means something in HTML is replaced, and nothing twice", () => {
  expect(escapeHtml(`&lt; <a href='x'>"&"</a>`)).toBe("&amp;lt; &lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
});
