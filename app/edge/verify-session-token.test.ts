import { createHmac, createSecretKey } from "node:crypto";
import { expect, test } from "vitest";
import { verifySessionToken } from "./verify-session-token.ts";

const NOW_MS = Date.parse("2026-11-20T10:00:00Z");
const NOW_S = NOW_MS / 1000;
const CLAIMS = {
  dest: "freshbox.myshopify.com",
  aud: "our-key",
  exp: NOW_S + 300,
  nbf: NOW_S,
  iat: NOW_S,
  jti: "1",
  sub: "gid://shopify/Customer/9007199254740993",
};

function expected(secrets = ["secret"]) {
  return { secrets: secrets.map((text) => createSecretKey(Buffer.from(text))), apiKey: "our-key", nowMs: NOW_MS };
}

function sign(claims: unknown, { alg = "HS256", secret = "secret" } = {}): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${part({ alg, typ: "JWT" })}.${part(claims)}`;
  return `${message}.${createHmac("sha256", secret).update(message).digest("base64url")}`;
}

test("verifySessionToken reads shop and customer of a genuine token, ids past 2^53 included", () => {
  expect(verifySessionToken(sign(CLAIMS), expected())).toEqual({
    outcome: "genuine",
    shop: "freshbox.myshopify.com",
    customerId: "9007199254740993",
  });
});

test("verifySessionToken accepts the old secret while a rotation runs", () => {
  const token = sign(CLAIMS, { secret: "old" });
  expect(verifySessionToken(token, expected(["new", "old"])).outcome).toBe("genuine");
  expect(verifySessionToken(token, expected(["new"])).outcome).toBe("unauthorised");
});

test("verifySessionToken names a foreign audience, and tells it only to who holds the secret", () => {
  expect(verifySessionToken(sign({ ...CLAIMS, aud: "another-app" }), expected()).outcome).toBe("foreign_audience");
  expect(verifySessionToken(sign({ ...CLAIMS, aud: "another-app" }, { secret: "guess" }), expected()).outcome).toBe(
    "unauthorised",
  );
});

test("verifySessionToken knows no customer when the token names none", () => {
  const { sub: _sub, ...anonymous } = CLAIMS;
  expect(verifySessionToken(sign(anonymous), expected())).toMatchObject({ outcome: "genuine", customerId: null });
  expect(verifySessionToken(sign({ ...CLAIMS, sub: "7001" }), expected())).toMatchObject({ customerId: null });
});

test.each([
  ["that has ended", sign({ ...CLAIMS, exp: NOW_S - 11 })],
  ["that begins later", sign({ ...CLAIMS, nbf: NOW_S + 11 })],
  ["without an end", sign({ ...CLAIMS, exp: undefined })],
  ["without an algorithm", sign(CLAIMS, { alg: "none" })],
  ["that asks for another algorithm", sign(CLAIMS, { alg: "HS512" })],
  ["of a shop that is none", sign({ ...CLAIMS, dest: "evil.example.com" })],
  ["with a longer shop", sign({ ...CLAIMS, dest: "freshbox.myshopify.com.evil.example" })],
  ["without a signature", sign(CLAIMS).split(".").slice(0, 2).join(".")],
  ["with an empty signature", `${sign(CLAIMS).split(".").slice(0, 2).join(".")}.`],
  ["whose claims are no object", sign([1])],
  ["that is not there", ""],
  ["that is far too long", "a".repeat(10_000)],
])("verifySessionToken refuses a token %s", (_what, token) => {
  expect(verifySessionToken(token, expected())).toEqual({ outcome: "unauthorised" });
});

test("verifySessionToken refuses claims that were changed after they were signed", () => {
  const [head, , signature] = sign(CLAIMS).split(".");
  const forged = Buffer.from(JSON.stringify({ ...CLAIMS, sub: "gid://shopify/Customer/1" })).toString("base64url");
  expect(verifySessionToken(`${head ?? ""}.${forged}.${signature ?? ""}`, expected()).outcome).toBe("unauthorised");
});
