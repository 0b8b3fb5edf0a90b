import { expect, test } from "vitest";
import { searchFilter } from "./search.ts";

const FIELDS = {
  title: (item: typeof ITEM) => item.title,
  uses: (item: typeof ITEM) => item.uses,
  created_at: (item: typeof ITEM) => item.createdAt,
  test: (item: typeof ITEM) => item.test,
  email: (item: typeof ITEM) => item.email,
};
const ITEM = {
  title: "Ten off",
  uses: 3,
  createdAt: new Date("2026-11-20T10:00:00Z"),
  test: false,
  email: null as string | null,
};

test.each([
  ["", true],
  ["title:'ten off'", true],
  ['title:"Ten off"', true],
  ["title:Ten*", true],
  ["title:Eleven", false],
  ["uses:3", true],
  ["uses:>3", false],
  ["created_at:>='2026-11-20T10:00:00Z'", true],
  ["created_at:<'2026-11-20T10:00:00Z'", false],
  ["created_at:>2026-11-01 AND uses:<=3", true],
  ["uses:>9 OR test:false", true],
  ["-test:false", false],
  ["NOT test:true", true],
  ["email:a@example.com", false],
])("searchFilter answers %j as Shopify's search would", (query, expected) => {
  expect(searchFilter(query, FIELDS)(ITEM)).toBe(expected);
});

test.each(["colour:red", "ten off"])("searchFilter refuses %j, which it does not understand", (query) => {
  expect(() => searchFilter(query, FIELDS)).toThrow("The simulator cannot search");
});
