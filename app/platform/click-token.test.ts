import fc from "fast-check";
import { expect, test } from "vitest";
import { openClickToken, sealClickToken } from "./click-token.ts";
import type { ClickTokenFacts } from "./click-token.ts";
import { newId } from "./ids.ts";
import { createKeys } from "./keys.ts";

const KEYS = createKeys({ dataKey: Buffer.alloc(32, 1) });

function buildFacts(changes: Partial<ClickTokenFacts> = {}): ClickTokenFacts {
  const issuedAt = new Date("2026-11-20T12:00:00.123Z");
  return {
    shopId: newId(),
    codeText: "ABCDE",
    clickId: newId(),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + 86_400_000),
    flags: 0,
    ...changes,
  };
}

test("a token says what was sealed in it, in at most 160 characters of a URL", () => {
  const codes = fc.stringMatching(/^[A-Z0-9-]{1,32}$/);
  const times = fc.date({ min: new Date(0), max: new Date("2400-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(codes, times, times, fc.integer({ min: 0, max: 65_535 }), (codeText, issuedAt, expiresAt, flags) => {
      const facts = buildFacts({ codeText, issuedAt, expiresAt, flags });
      const token = sealClickToken(KEYS, facts);
      expect(token).toMatch(/^[A-Za-z0-9_-]{1,160}$/);
      expect(openClickToken(KEYS, token)).toEqual({ outcome: "genuine", facts });
    }),
  );
});

test("a token with any character changed, added or taken away is forged", () => {
  const token = sealClickToken(KEYS, buildFacts());
  for (let place = 0; place < token.length; place += 1) {
    const other = token[place] === "A" ? "B" : "A";
    expect(openClickToken(KEYS, token.slice(0, place) + other + token.slice(place + 1)), String(place)).toEqual({
      outcome: "forged",
    });
    expect(openClickToken(KEYS, token.slice(0, place) + token.slice(place + 1)).outcome).toBe("forged");
  }
  expect(openClickToken(KEYS, `${token}A`).outcome).toBe("forged");
  expect(openClickToken(KEYS, `${token}=`).outcome).toBe("forged");
});

test("a token of every code length has one text only", () => {
  for (const codeText of ["ABCDE", "ABCDEF", "ABCDEFG"]) {
    const token = sealClickToken(KEYS, buildFacts({ codeText }));
    const texts = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
      .split("")
      .map((last) => token.slice(0, -1) + last);
    expect(texts.filter((text) => openClickToken(KEYS, text).outcome === "genuine")).toEqual([token]);
  }
});

test("a token opens while the key it was made under is known", () => {
  const token = sealClickToken(KEYS, buildFacts());
  const next = Buffer.alloc(32, 2);
  expect(openClickToken(createKeys({ dataKey: next, dataKeyOld: Buffer.alloc(32, 1) }), token).outcome).toBe("genuine");
  expect(openClickToken(createKeys({ dataKey: next }), token)).toEqual({ outcome: "forged" });
});

test("anything else is forged, without a throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{110,151}$/)), (text) => {
      expect(openClickToken(KEYS, text)).toEqual({ outcome: "forged" });
    }),
  );
});
