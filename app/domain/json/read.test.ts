import fc from "fast-check";
import { expect, test } from "vitest";
import { listOf, nullable, objectOf, oneOf, recordOf, textLike, textUpTo, truth, wholeNumber } from "./read.ts";

const readPair = objectOf({ name: textUpTo(3), count: nullable(wholeNumber(0, 9)) });

test("objectOf reads its fields and leaves others behind", () => {
  expect(readPair({ name: "abc", count: 1, other: true })).toEqual({ value: { name: "abc", count: 1 } });
});

test("objectOf takes an absent field that may be null as null", () => {
  expect(readPair({ name: "abc" })).toEqual({ value: { name: "abc", count: null } });
});

test("objectOf reads own fields only", () => {
  expect(objectOf({ toString: nullable(textUpTo(9)) })({})).toEqual({ value: { toString: null } });
});

test.each([
  [null],
  [[]],
  ["text"],
  [{ name: "abcd" }],
  [{ name: "a", count: 10 }],
  [{ name: "a", count: 1.5 }],
  [{ name: "a", count: "1" }],
])("objectOf refuses %j", (input) => {
  expect(readPair(input)).toBeNull();
});

test("readers of single values take what fits and refuse the rest", () => {
  expect(textLike(/^a$/)("a")).toEqual({ value: "a" });
  expect(textLike(/^a$/)("b")).toBeNull();
  expect(textLike(/^1$/)(1)).toBeNull();
  expect(oneOf(["x", "y"])("y")).toEqual({ value: "y" });
  expect(oneOf(["x", "y"])("z")).toBeNull();
  expect(truth(false)).toEqual({ value: false });
  expect(truth(0)).toBeNull();
});

test("listOf refuses a list that is too long, no list, or holds one wrong value", () => {
  const read = listOf(truth, 2);
  expect(read([true, false])).toEqual({ value: [true, false] });
  for (const input of [[true, true, true], "no", [true, 1]]) expect(read(input)).toBeNull();
});

test("recordOf refuses too many names, wrong values and names of an object's internals", () => {
  const read = recordOf(truth, 2);
  expect(read({ a: true })).toEqual({ value: { a: true } });
  for (const input of [{ a: true, b: true, c: true }, { a: 1 }, [], null]) expect(read(input)).toBeNull();
  expect(read(JSON.parse('{"__proto__":true}'))).toBeNull();
});

test("readers never throw, whatever they are given", () => {
  const read = objectOf({ list: listOf(recordOf(oneOf(["a"]), 3), 3), text: nullable(textLike(/^a*$/)) });
  fc.assert(fc.property(fc.anything(), (input) => void read(input)));
});
