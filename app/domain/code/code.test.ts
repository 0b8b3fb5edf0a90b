import fc from "fast-check";
import { expect, test } from "vitest";
import { isAliasShape, normaliseCode } from "./alias.ts";
import { CODE_ALPHABET, codeFromBytes, codeLengthFor, isCodeShape } from "./code.ts";
import { isProfane } from "./profanity.ts";

test("the alphabet has thirty characters and none that is misread", () => {
  expect(new Set(CODE_ALPHABET).size).toBe(30);
  expect(CODE_ALPHABET).not.toMatch(/[ILOU01]/);
});

test("codeFromBytes gives a code of the shape and length asked for, or null when bytes ran out", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), fc.constantFrom(5, 6), (random, length) => {
      const usable = random.filter((byte) => byte < 240).length;
      const code = codeFromBytes(random, length);
      if (usable < length) expect(code).toBeNull();
      else expect(code !== null && code.length === length && isCodeShape(code)).toBe(true);
    }),
  );
});

test("codeFromBytes makes every character of exactly eight byte values", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    const code = codeFromBytes(Uint8Array.of(byte), 1);
    if (code !== null) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual(Array.from({ length: 30 }, () => 8));
});

test("codeLengthFor grows after eight clashes", () => {
  expect(codeLengthFor(0)).toBe(5);
  expect(codeLengthFor(7)).toBe(5);
  expect(codeLengthFor(8)).toBe(6);
});

test("normaliseCode trims and capitalises codes and aliases", () => {
  expect(normaliseCode(" dan42 ")).toBe("DAN42");
  expect(normaliseCode("dan-and-mara")).toBe("DAN-AND-MARA");
});

test.each([
  "",
  "ab",
  "a b c",
  "ABC/DEF",
  "../..",
  "a".repeat(33),
  "ı2345",
  "ſ2345",
  "code\u0000",
  "api",
  "Join",
  "STATUS",
  "qr%",
])("normaliseCode refuses %j", (text) => {
  expect(normaliseCode(text)).toBeNull();
});

test("normaliseCode changes nothing the second time, and reads every minted code in either case", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...CODE_ALPHABET.split("")), minLength: 5, maxLength: 6 }),
      (code) => {
        expect(normaliseCode(code)).toBe(code);
        expect(normaliseCode(code.toLowerCase())).toBe(code);
        expect(isAliasShape(code)).toBe(true);
      },
    ),
  );
});

test("isProfane sees words in codes, also spelled with digits", () => {
  for (const code of ["SHT22", "2WANK", "5HT99", "4RSEX"]) expect(isProfane(code)).toBe(true);
  for (const code of ["DAN42", "MARKT", "BREAD"]) expect(isProfane(code)).toBe(false);
});
