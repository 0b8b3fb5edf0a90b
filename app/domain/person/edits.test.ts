import fc from "fast-check";
import { expect, test } from "vitest";
import { editsBetween } from "./edits.ts";
import { emailEdits, isNumbered } from "./email-edits.ts";

test.each<[string, string, number | null]>([
  ["anna", "anna", 0],
  ["anna", "anne", 1],
  ["anna", "ana", 1],
  ["anna", "annna", 1],
  ["anna", "nana", 1],
  ["anna", "otto", null],
  ["anna", "annabella", null],
  ["", "abc", 3],
])("editsBetween counts the letters from %s to %s: %s", (left, right, edits) => {
  expect(editsBetween(left, right, 3)).toBe(edits);
});

test("editsBetween is the same both ways round and never more than was asked", () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.nat(4), (left, right, most) => {
      const edits = editsBetween(left, right, most);
      expect(editsBetween(right, left, most)).toBe(edits);
      expect(edits === null || (edits <= most && (edits === 0) === (left === right))).toBe(true);
    }),
  );
});

test.each<[string, string, number | null]>([
  ["mara.k@shop.example", "mara.l@shop.example", 1],
  ["mara@shop.example", "Mara+2@shop.example", 0],
  ["mara@gmail.com", "m.ara@googlemail.com", 0],
  ["mara@shop.example", "mara@other.example", null],
  ["mara@shop.example", "otto@shop.example", null],
  ["mara@shop.example", "nobody", null],
  ["nobody", "mara@shop.example", null],
])("emailEdits from %s to %s is %s", (left, right, edits) => {
  expect(emailEdits(left, right)).toBe(edits);
});

test.each([
  ["jan.novak@gmail.com", "jannovak2@googlemail.com", true],
  ["priya17@mail.example", "priya@mail.example", true],
  ["priya@mail.example", "priya123@mail.example", false],
  ["priya@mail.example", "priyas@mail.example", false],
  ["priya@mail.example", "priya@mail.example", false],
  ["priya1@mail.example", "priya2@mail.example", false],
  ["priya@mail.example", "priya1@other.example", false],
  ["kim@mail.example", "kim1@mail.example", false],
  ["priya@mail.example", "nobody", false],
])("isNumbered of %s and %s is %s, both ways round", (left, right, is) => {
  expect([isNumbered(left, right), isNumbered(right, left)]).toEqual([is, is]);
});
