import fc from "fast-check";
import { expect, test } from "vitest";
import { buildKnownShop } from "#test/builders/door.ts";
import { landingUrl, storefrontOrigin } from "./link-target.ts";

const ORIGIN = "https://freshbox.example";
const SHOP = buildKnownShop();

test("storefrontOrigin goes back to the host that was used when it is one of the shop's", () => {
  expect(storefrontOrigin(SHOP, SHOP.domain, "www.freshbox.example")).toBe("https://www.freshbox.example");
  expect(storefrontOrigin(SHOP, SHOP.domain, " WWW.FreshBox.example ")).toBe("https://www.freshbox.example");
});

test("storefrontOrigin keeps scheme and port of a storefront that has its own", () => {
  const shop = buildKnownShop({
    domains: ["freshbox.localhost:4401"],
    primaryOrigin: "http://freshbox.localhost:4401",
  });
  expect(storefrontOrigin(shop, shop.domain, "freshbox.localhost:4401")).toBe("http://freshbox.localhost:4401");
});

test("storefrontOrigin believes no host that is not the shop's, whatever it looks like", () => {
  const wild = fc.oneof(
    fc.webAuthority(),
    fc.string(),
    fc.constantFrom(
      "evil.example",
      "freshbox.example.evil.example",
      "freshbox.example,evil.example",
      "freshbox.example@evil.example",
      "",
      "freshbox.example:1",
    ),
  );
  fc.assert(
    fc.property(wild, (host) => {
      fc.pre(!SHOP.domains.includes(host.trim().toLowerCase()));
      expect(storefrontOrigin(SHOP, SHOP.domain, host)).toBe(ORIGIN);
    }),
  );
});

test("storefrontOrigin falls back to the signed domain while the shop cannot be read", () => {
  expect(storefrontOrigin(null, "freshbox.myshopify.com", "evil.example")).toBe("https://freshbox.myshopify.com");
});

test("landingUrl adds the token to the stored path and its query", () => {
  const target = { origin: ORIGIN, pathPrefix: "/a/r", token: "tok" };
  expect(landingUrl({ ...target, landingPath: "/collections/new" })).toBe(`${ORIGIN}/collections/new?ref_token=tok`);
  expect(landingUrl({ ...target, landingPath: "/collections/new?sort=price" })).toBe(
    `${ORIGIN}/collections/new?sort=price&ref_token=tok`,
  );
  expect(landingUrl({ ...target, landingPath: null, token: null })).toBe(`${ORIGIN}/`);
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "/%2f/evil.example",
  "/@evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "evil",
  "",
])("landingUrl goes to the front page when %s is stored for a path", (landingPath) => {
  expect(landingUrl({ origin: ORIGIN, landingPath, pathPrefix: "/a/r", token: null })).toBe(`${ORIGIN}/`);
});

test("landingUrl never leads back to the links, wherever the merchant has put them", () => {
  expect(landingUrl({ origin: ORIGIN, landingPath: "/apps/ref/ABCDE", pathPrefix: "/apps/ref", token: null })).toBe(
    `${ORIGIN}/`,
  );
});

test("landingUrl stays on the storefront, whatever is stored for a path", () => {
  const wild = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl(),
    fc.webPath(),
    fc.string().map((text) => `/${text}`),
    fc.string().map((text) => `//${text}`),
  );
  fc.assert(
    fc.property(wild, (landingPath) => {
      const url = new URL(landingUrl({ origin: ORIGIN, landingPath, pathPrefix: "/a/r", token: "tok" }));
      expect(url.origin).toBe(ORIGIN);
      expect(url.username).toBe("");
      expect(url.searchParams.getAll("ref_token").at(-1)).toBe("tok");
    }),
    { numRuns: 500 },
  );
});

test("landingUrl may lead to the landing page, wherever the proxy is mounted, and to no other route beside it", () => {
  const at = (landingPath: string, pathPrefix = "/a/r") =>
    landingUrl({ origin: "https://freshbox.example", landingPath, pathPrefix, token: "t" });
  expect(at("/a/r/join")).toBe("https://freshbox.example/a/r/join?ref_token=t");
  expect(at("/apps/friends/join", "/apps/friends")).toBe("https://freshbox.example/apps/friends/join?ref_token=t");
  for (const path of ["/a/r/joined", "/a/r/join/x", "/a/r/7QK2A"])
    expect(at(path)).toBe("https://freshbox.example/?ref_token=t");
});
