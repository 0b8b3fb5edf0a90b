import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLandingPath } from "./landing-path.ts";

const SHOP = "https://freshbox.example";

test.each([
  "/",
  "/pages/welcome",
  "/products/bread-box?variant=42&utm_source=friend",
  "/collections/%E6%97%A5%E6%9C%AC",
  "/a/rules",
])("parseLandingPath takes %s", (path) => {
  expect(parseLandingPath(path)).toBe(path);
});

const ATTACKS = [
  "",
  "evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\\/evil.example",
  "https:evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "/%2f%2fevil.example",
  "/%2Fevil.example",
  "/%5cevil.example",
  "/%252f%252fevil.example",
  "/%09/evil.example",
  "/%00",
  "/%0d%0aSet-Cookie:x=1",
  "/\r\nSet-Cookie: x=1",
  "/\t/evil.example",
  " //evil.example",
  "/ /evil.example",
  "/@evil.example",
  "/user%40evil.example",
  "/x#//evil.example",
  "/pages//evil.example",
  "/./evil",
  "/../evil",
  "/pages/..",
  "/%2e%2e/evil",
  "/evil\u3002example",
  "/\uFF0Fevil.example",
  "/\u202Eevil",
  "/%zz",
  "/%2",
  "/%data",
  "/%c0%af%c0%afevil.example",
  "/%ed%a0%80",
  "/go?to=https://evil.example",
  "/a/r/DAN42",
  "/A/R?x",
  "/a/r",
  `/${"a".repeat(512)}`,
];

test.each(ATTACKS)("parseLandingPath refuses %j", (path) => {
  expect(parseLandingPath(path)).toBeNull();
});

const PIECES = [
  ..."/ \\ // %2f %5c %25 2f . .. %2e @ : ? # & = evil.example https javascript a pages % %00 %0a data [ ]".split(" "),
  ..."\t\n\r\u0000 \u3002\uFF0F".split(""),
];

test("parseLandingPath never takes a path that leaves the shop's own host, however it is put together", () => {
  const piece = fc.constantFrom(...PIECES);
  const path = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(
      fc.oneof(
        path,
        path.map((rest) => `/${rest}`),
        fc.string(),
      ),
      (text) => {
        const parsed = parseLandingPath(text);
        if (parsed === null) return;
        for (const written of [parsed, decodeURIComponent(parsed)]) {
          const url = new URL(written, SHOP);
          expect(url.origin).toBe(SHOP);
          expect(url.username).toBe("");
        }
        expect(new URL(parsed, SHOP).pathname + new URL(parsed, SHOP).search).toBe(parsed.replace(/^([^?]*)\?$/, "$1"));
      },
    ),
    { numRuns: 10_000 },
  );
});
