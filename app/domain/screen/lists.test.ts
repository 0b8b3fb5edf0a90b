import { expect, test } from "vitest";
import { DISPOSABLE_DOMAINS } from "../person/disposable-domains.ts";
import { emailDomainOf } from "../person/email.ts";
import { endsOf, isCouponHost } from "./coupon-hosts.ts";

test.each<[string, boolean]>([
  ["retailmenot.com", true],
  ["WWW.RetailMeNot.com:443", true],
  ["go.honey.com.", true],
  ["nothoney.com", false],
  ["honey.com.evil.example", false],
  ["instagram.com", false],
])("isCouponHost %s: %s", (host, isCoupon) => {
  expect(isCouponHost(host)).toBe(isCoupon);
});

test("endsOf names a host and everything above it", () => {
  expect(endsOf("a.b.example:8080")).toEqual(["a.b.example", "b.example", "example"]);
});

test("throw-away services are told from relays that people keep", () => {
  expect(emailDomainOf("x@mailinator.com")).toBe("disposable");
  for (const relay of ["privaterelay.appleid.com", "mozmail.com", "duck.com", "simplelogin.com", "gmail.com"])
    expect(DISPOSABLE_DOMAINS.has(relay)).toBe(false);
  expect([...DISPOSABLE_DOMAINS].every((domain) => /^[a-z0-9.-]+\.[a-z]+$/.test(domain))).toBe(true);
});
