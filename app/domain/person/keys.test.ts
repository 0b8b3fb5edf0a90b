import fc from "fast-check";
import { expect, test } from "vitest";
import { domainOf, emailDomainOf, normaliseEmail } from "./email.ts";
import { normalisePhone } from "./phone.ts";

test.each([
  ["Dan@Example.COM", "dan@example.com"],
  [" dan@example.com ", "dan@example.com"],
  ["dan+friend@example.com", "dan@example.com"],
  ["d.a.n@example.com", "d.a.n@example.com"],
  ["D.A.N+1+2@gmail.com", "dan@gmail.com"],
  ["dan@googlemail.com", "dan@gmail.com"],
  ["дан@пример.рф", "дан@пример.рф"],
])("normaliseEmail reads %s as %s", (text, mailbox) => {
  expect(normaliseEmail(text)).toBe(mailbox);
});

test.each([
  "",
  "dan",
  "dan@",
  "@example.com",
  "dan@example",
  "a@b@example.com",
  "dan smith@example.com",
  "+tag@example.com",
  "...@gmail.com",
  `${"a".repeat(250)}@example.com`,
])("normaliseEmail refuses %s", (text) => {
  expect(normaliseEmail(text)).toBeNull();
});

test("normaliseEmail changes nothing the second time", () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string()), (text) => {
      const once = normaliseEmail(text);
      if (once !== null) expect(normaliseEmail(once)).toBe(once);
    }),
  );
});

test("emailDomainOf sorts addresses by their service", () => {
  expect(["a@mailinator.com", "a@googlemail.com", "a@freshbox.example", "nobody"].map(emailDomainOf)).toEqual([
    "disposable",
    "free",
    "other",
    null,
  ]);
});

test.each([
  ["+44 20 7946 0958", "+442079460958"],
  ["0044 (20) 7946-0958", "+442079460958"],
  ["+1.415.555.2671", "+14155552671"],
  ["+81/3/1234/5678", "+81312345678"],
])("normalisePhone reads %s as %s", (text, phone) => {
  expect(normalisePhone(text)).toBe(phone);
});

test.each(["", "020 7946 0958", "+0207946095", "+123456", "+1234567890123456", "+44 20 7946 ext 1", "++442079460958"])(
  "normalisePhone refuses %s",
  (text) => {
    expect(normalisePhone(text)).toBeNull();
  },
);

test("domainOf is what mail is delivered to, and null where there is no address", () => {
  expect(domainOf("D.A.N+1@GoogleMail.com")).toBe("gmail.com");
  expect(domainOf("dan")).toBeNull();
});
