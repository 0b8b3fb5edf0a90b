import { expect, test } from "vitest";
import { signProxyQuery } from "./sign.ts";

test("signProxyQuery reproduces Shopify's published vector", () => {
  const query = new URLSearchParams(
    "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555",
  );
  expect(signProxyQuery(query, "hush")).toBe("e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb");
});

test("signProxyQuery leaves a signature that is already there out", () => {
  const bare = new URLSearchParams("shop=a.myshopify.com&timestamp=1");
  const signed = new URLSearchParams("shop=a.myshopify.com&signature=00&timestamp=1");
  expect(signProxyQuery(signed, "hush")).toBe(signProxyQuery(bare, "hush"));
});

test("signProxyQuery sorts whole strings by their bytes, so that upper case comes first", () => {
  const one = signProxyQuery(new URLSearchParams("ref=1&Ref=1"), "hush");
  const other = signProxyQuery(new URLSearchParams("Ref=1&ref=1"), "hush");
  expect(one).toBe(other);
});
