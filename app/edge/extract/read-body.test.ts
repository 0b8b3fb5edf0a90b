import fc from "fast-check";
import { expect, test } from "vitest";
import { readBody } from "./read-body.ts";

test("readBody reads what JSON can say", () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      fc.pre(!text.includes("\\u0000") && !/\d{16}/.test(text));
      const read = readBody(Buffer.from(text));
      expect(read).toEqual({ outcome: "json", json: JSON.parse(text) });
    }),
  );
});

test("readBody keeps the digits of an id above 2^53", () => {
  const read = readBody(
    Buffer.from('{"id":820982911946154508,"deep":[{"id":-9007199254740993}],"small":9007199254740991,"price":10.5}'),
  );
  expect(read).toEqual({
    outcome: "json",
    json: { id: "820982911946154508", deep: [{ id: "-9007199254740993" }], small: 9007199254740991, price: 10.5 },
  });
});

test("readBody keeps the digits of a long number wherever it stands", () => {
  const digits = fc.integer({ min: 1, max: 24 }).map((count) => "9".repeat(count));
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii", maxLength: 40 }), digits, digits, (note, first, second) => {
      const read = readBody(Buffer.from(`{"note":${JSON.stringify(note)},"first":${first},"second":[-${second}]}`));
      const exact = (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
      expect(read).toEqual({ outcome: "json", json: { note, first: exact(first), second: [exact(`-${second}`)] } });
    }),
  );
});

test("readBody leaves __proto__ a field like any other", () => {
  const read = readBody(Buffer.from('{"__proto__":{"admin":true},"id":820982911946154508}'));
  expect(read.outcome).toBe("json");
  expect(Reflect.get({}, "admin")).toBeUndefined();
  expect(read.outcome === "json" && Object.hasOwn(Object(read.json), "__proto__")).toBe(true);
});

test.each([
  ["JSON that ends early", '{"id":1', "not_json"],
  ["no JSON at all", "hello", "not_json"],
  ["nothing", "", "not_json"],
  ["two values", "{}{}", "not_json"],
  ["a raw NUL", '{"name":"a\0b"}', "nul"],
  ["an escaped NUL", '{"name":"a\\u0000b"}', "nul"],
  ["an escaped NUL behind an escaped backslash", '{"name":"a\\\\\\u0000b"}', "nul"],
  ["deep nesting with long numbers", `${"[".repeat(100)}1234567890123456789${"]".repeat(100)}`, "too_deep"],
])("readBody refuses %s", (_what, text, reason) => {
  expect(readBody(Buffer.from(text))).toMatchObject({ outcome: "unreadable", reason });
});

test("readBody takes the text backslash-u-0000 for what it is", () => {
  expect(readBody(Buffer.from('{"name":"\\\\u0000"}'))).toEqual({ outcome: "json", json: { name: "\\u0000" } });
});

test("readBody says where bytes stop being UTF-8", () => {
  const body = Buffer.concat([Buffer.from('{"name":"é'), Buffer.of(0xc3, 0x28), Buffer.from('"}')]);
  expect(readBody(body)).toEqual({ outcome: "unreadable", reason: "not_utf8", errorOffset: 11 });
});

test("readBody counts brackets outside of strings only", () => {
  const text = JSON.stringify({ id: 1, note: `${"[{".repeat(100)}"\\`, digits: "1234567890123456789" });
  expect(readBody(Buffer.from(text)).outcome).toBe("json");
});

test("readBody never throws, whatever the bytes are", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      readBody(Buffer.from(bytes));
    }),
  );
});
