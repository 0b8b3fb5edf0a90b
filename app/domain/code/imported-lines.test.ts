import { expect, test } from "vitest";
import { IMPORT_LINES_MAX, readImportedLines } from "./imported-lines.ts";

test("readImportedLines reads codes with their customers, whatever parts them, and numbers the lines as the file does", () => {
  const text = 'code,customer\r\ndan-10, Dan+box@Example.com\n\n"MARA24";"gid://shopify/Customer/7001"\nold1\t7002';
  expect(readImportedLines(text)).toEqual([
    {
      line: 2,
      text: "dan-10, Dan+box@Example.com",
      outcome: "readable",
      code: "DAN-10",
      owner: { kind: "email", value: "dan@example.com" },
    },
    expect.objectContaining({ line: 4, code: "MARA24", owner: { kind: "customer", value: "7001" } }),
    expect.objectContaining({ line: 5, code: "OLD1", owner: { kind: "customer", value: "7002" } }),
  ]);
});

test.each([
  ["DAN10", "not_two_fields"],
  ["DAN10,a@b.example,x", "not_two_fields"],
  ["D 10,dan@example.com", "not_a_name"],
  ["join,dan@example.com", "not_a_name"],
  ["DAN10,Dan", "not_a_customer"],
])("readImportedLines says of %j: %s", (line, reason) => {
  expect(readImportedLines(line)).toMatchObject([{ line: 1, outcome: "unreadable", reason }]);
});

test("readImportedLines takes so many lines and no more, and shows little of a long one", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, n) => `CODE${n},${n}`).join("\n");
  expect(readImportedLines(lines(IMPORT_LINES_MAX))).toHaveLength(IMPORT_LINES_MAX);
  expect(readImportedLines(lines(IMPORT_LINES_MAX + 1))).toBeNull();
  expect(readImportedLines("x".repeat(10_000))?.[0]?.text).toHaveLength(80);
});
