import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { signProxy, tapQuery } from "#test/builders/door.ts";
import { hmacSecrets } from "./secrets.ts";
import { verifyProxy } from "./verify-proxy.ts";

const SECRETS = hmacSecrets({ SHOPIFY_API_SECRET: "hush", SHOPIFY_API_SECRET_OLD: undefined });
const SHOP = "freshbox.myshopify.com";

test("verifyProxy accepts the vector that Shopify publishes", () => {
  const query =
    "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555" +
    "&signature=e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb";
  expect(verifyProxy(query, SECRETS, 1_317_327_555_000)).toEqual({
    outcome: "genuine",
    shop: "shop-name.myshopify.com",
    customerId: null,
    pathPrefix: "/apps/awesome_reviews",
    locale: null,
  });
});

test.each([
  ["an upper-case name", [["Ref", "1"]]],
  [
    "a name that begins another",
    [
      ["ref", "1"],
      ["ref2", "2"],
      ["ref-x", "3"],
    ],
  ],
  ["a name called index", [["index", "0"]]],
  [
    "repeated names",
    [
      ["extra", "2"],
      ["extra", "1"],
      ["extra", ""],
    ],
  ],
  [
    "spaces, signs and other alphabets",
    [
      ["q", "a b+c&d=e,f"],
      ["名前", "ü 𝒳 \ue000"],
    ],
  ],
  ["an empty name", [["", "x"]]],
  [
    "names that objects have",
    [
      ["__proto__", "1"],
      ["constructor", "2"],
    ],
  ],
] as const)("verifyProxy accepts a signed link to which somebody added %s", (_what, extra) => {
  expect(verifyProxy(tapQuery({ shop: SHOP, extra }), SECRETS, Date.now()).outcome).toBe("genuine");
});

test("verifyProxy reads a plus as a space, as a form does", () => {
  const signed = tapQuery({ shop: SHOP, extra: [["q", "a b"]] });
  expect(verifyProxy(signed.replace("a%20b", "a+b"), SECRETS, Date.now()).outcome).toBe("genuine");
});

test.each(["logged_in_customer_id", "path_prefix", "shop", "timestamp"])(
  "verifyProxy refuses a second %s, however well it is signed",
  (name) => {
    expect(verifyProxy(tapQuery({ shop: SHOP, extra: [[name, "1"]] }), SECRETS, Date.now())).toEqual({
      outcome: "bad_signature",
    });
  },
);

test("verifyProxy refuses a second signature", () => {
  const signed = tapQuery({ shop: SHOP });
  expect(verifyProxy(`${signed}&signature=${"0".repeat(64)}`, SECRETS, Date.now())).toEqual({
    outcome: "bad_signature",
  });
});

test("verifyProxy refuses parameters that were cut out of another shop's or customer's signed message", () => {
  const atSeconds = String(Math.floor(Date.now() / 1000));
  const genuine = { shop: "evil.myshopify.com", logged_in_customer_id: "7", path_prefix: "/a/r", timestamp: atSeconds };
  const forgeries = [
    [
      { ...genuine, r: "1shop=victim.myshopify.comshopX=" },
      { ...genuine, r: "1", shop: "victim.myshopify.com", shopX: "shop=evil.myshopify.com" },
    ],
    [
      { ...genuine, a: "1logged_in_customer_id=5logged_in_customer_idX=" },
      { ...genuine, a: "1", logged_in_customer_id: "5", logged_in_customer_idX: "logged_in_customer_id=7" },
    ],
  ] as const;
  for (const [signed, cut] of forgeries) {
    const signature = signProxy(Object.entries(signed)).slice(-64);
    expect(signProxy(Object.entries(cut)).slice(-64), "both are one message").toBe(signature);
    expect(verifyProxy(signProxy(Object.entries(cut)), SECRETS, Date.now())).toEqual({ outcome: "bad_signature" });
  }
});

test("verifyProxy refuses what is older or newer than 90 seconds of real time", () => {
  const atSeconds = 1_795_000_000;
  const query = tapQuery({ shop: SHOP, atSeconds });
  expect(verifyProxy(query, SECRETS, (atSeconds + 90) * 1000).outcome).toBe("genuine");
  expect(verifyProxy(query, SECRETS, (atSeconds + 91) * 1000)).toEqual({ outcome: "stale_signature" });
  expect(verifyProxy(query, SECRETS, (atSeconds - 91) * 1000)).toEqual({ outcome: "stale_signature" });
});

test("verifyProxy accepts the secret before the last rotation while it is known", () => {
  const query = tapQuery({ shop: SHOP, secret: "before" });
  const both = hmacSecrets({ SHOPIFY_API_SECRET: "hush", SHOPIFY_API_SECRET_OLD: "before" });
  expect(verifyProxy(query, both, Date.now()).outcome).toBe("genuine");
  expect(verifyProxy(query, SECRETS, Date.now()).outcome).toBe("bad_signature");
});

test("verifyProxy refuses a signed request without a shop of Shopify, a time or a customer's number", () => {
  const own = {
    shop: SHOP,
    logged_in_customer_id: "",
    path_prefix: "/a/r",
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [name, value] of [
    ["shop", "evil.example"],
    ["timestamp", "soon"],
    ["logged_in_customer_id", "1 OR 1"],
  ] as const) {
    const query = signProxy(Object.entries({ ...own, [name]: value }));
    expect(verifyProxy(query, SECRETS, Date.now()).outcome, name).toBe("bad_signature");
  }
});

test("verifyProxy gives the customer who is logged in", () => {
  const verdict = verifyProxy(tapQuery({ shop: SHOP, customerId: "7987654321098" }), SECRETS, Date.now());
  expect(verdict).toMatchObject({ outcome: "genuine", customerId: "7987654321098" });
});

test("verifyProxy refuses any change of a signed query, and takes any parameters that are signed", () => {
  const text = fc.string({ unit: "binary", maxLength: 12 }).filter((value) => value.isWellFormed());
  const pairs = fc.array(fc.tuple(text, text), { maxLength: 6 });
  const own = new Set(["shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature"]);
  fc.assert(
    fc.property(pairs, fc.nat(), (extra, place) => {
      fc.pre(!extra.some(([name]) => own.has(name)));
      const query = tapQuery({ shop: SHOP, extra });
      expect(verifyProxy(query, SECRETS, Date.now()).outcome).toBe("genuine");
      const digit = query.length - 64 + (place % 64);
      const changed = query.slice(0, digit) + (query[digit] === "0" ? "1" : "0") + query.slice(digit + 1);
      expect(verifyProxy(changed, SECRETS, Date.now()).outcome).toBe("bad_signature");
    }),
  );
});

test("verifyProxy never throws, whatever the query is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (query) => {
      expect(verifyProxy(query, [createSecretKey(Buffer.from("hush"))], Date.now()).outcome).toBe("bad_signature");
    }),
  );
});
